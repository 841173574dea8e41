package dev.fluxbridge.compat;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rules that are read anew each second, as long as they make sense; else the last good ones go on,
 * and somebody is told once. Cheap to ask: callers' threads do. Safe for use by several threads.
 */
final class LastGood<T> implements Supplier<T> {
  private static final long STALE = Duration.ofSeconds(1).toNanos();

  private final Supplier<T> reader;
  private final LongSupplier nanos;
  private final Consumer<String> alarm;
  private volatile Read<T> last;
  private volatile @Nullable String complaint;

  /**
   * Reads the rules.
   *
   * @param reader throws for rules that make no sense, and then so does this
   * @param alarm told of rules that made sense no more
   */
  LastGood(Supplier<T> reader, LongSupplier nanos, Consumer<String> alarm) {
    this.reader = reader;
    this.nanos = nanos;
    this.alarm = alarm;
    this.last = new Read<>(reader.get(), nanos.getAsLong());
  }

  @Override
  public T get() {
    Read<T> known = last;
    long now = nanos.getAsLong();
    if (now - known.at < STALE) {
      return known.rules;
    }
    return reread(known, now);
  }

  private synchronized T reread(Read<T> known, long now) {
    if (last.at != known.at) {
      return last.rules;
    }
    T rules = known.rules;
    try {
      rules = reader.get();
      complaint = null;
    } catch (RuntimeException e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(complaint)) {
        complaint = why;
        alarm.accept(why + ". What was said before goes on");
      }
    }
    last = new Read<>(rules, now);
    return rules;
  }

  private record Read<T>(T rules, long at) {}
}
