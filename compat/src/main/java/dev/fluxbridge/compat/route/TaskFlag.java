package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Task;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The flag of one task, read once for each of its values: reading is slow, and is done again only
 * when somebody sets another.
 */
final class TaskFlag {
  /** A source that chooses by routing key has a few values; more than these are a mistake. */
  private static final int REMEMBERED = 64;

  private final Task task;
  private final List<String> installed;
  private final Rule unset;
  private final Consumer<String> alarm;
  private final Map<Flag, Read> read = new ConcurrentHashMap<>();
  private volatile @Nullable Read last;
  private volatile @Nullable Flag senseless;

  TaskFlag(Task task, List<String> installed, @Nullable Decision unset, Consumer<String> alarm) {
    this.task = task;
    this.installed = installed;
    this.unset = new Rule.Unset(unset);
    this.alarm = alarm;
  }

  /**
   * What the flag says.
   *
   * @param flag null if nobody set one
   * @throws BackendException {@link Reason#INVALID} if it makes no sense and none before did
   */
  Rule rule(@Nullable Flag flag) {
    Read known = last;
    return known != null && Objects.equals(flag, known.flag) ? known.rule : read(flag, known);
  }

  private Rule read(@Nullable Flag flag, @Nullable Read known) {
    Read now;
    try {
      now = flag == null ? new Read(null, unset) : parsed(flag);
    } catch (IllegalArgumentException e) {
      if (known == null) {
        throw new BackendException(Reason.INVALID, String.valueOf(e.getMessage()), e);
      }
      if (!Objects.equals(flag, senseless)) {
        senseless = flag;
        alarm.accept(e.getMessage() + ". What it said before goes on");
      }
      return known.rule;
    }
    senseless = null;
    last = now;
    return now.rule;
  }

  private Read parsed(Flag flag) {
    Read known = read.get(flag);
    if (known == null) {
      known = new Read(flag, Rule.of(task, flag, installed));
      if (read.size() >= REMEMBERED) {
        read.clear();
      }
      read.put(flag, known);
    }
    return known;
  }

  private record Read(@Nullable Flag flag, Rule rule) {}
}
