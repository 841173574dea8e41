package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a flag says, read and checked: one road, or how to split calls among several. Immutable and
 * pure.
 */
sealed interface Rule permits Rule.Unset, Rule.Plain, Split {

  /** The roads that guards watch. */
  List<Lane> lanes();

  /**
   * Reads a flag.
   *
   * @param installed the backends that may take part in a split
   * @throws IllegalArgumentException if the value makes no sense, saying where it was set
   */
  static Rule of(Task task, Flag flag, List<String> installed) {
    String value = flag.value().strip();
    try {
      if (value.contains("->")) {
        String[] ends = value.split("->", -1);
        if (ends.length != 2) {
          throw new IllegalArgumentException(
              "'%s', but a ramp is one road, an arrow and another, for example local->fal"
                  .formatted(value));
        }
        String from = inSplit(ends[0].strip(), installed);
        String to = inSplit(ends[1].strip(), installed);
        if (from.equals(to)) {
          throw new IllegalArgumentException("'%s', which leads nowhere".formatted(value));
        }
        return new Split(task, flag, from, Map.of(to, Shares.WHOLE), true);
      }
      if (value.contains("=")) {
        return split(task, flag, value, installed);
      }
      return new Plain(new Decision(task, known(value), Cause.FLAG, flag.origin() + " says so"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The %s is the flag for %s and says %s"
              .formatted(flag.origin(), task.label(), e.getMessage()),
          e);
    }
  }

  private static Split split(Task task, Flag flag, String value, List<String> installed) {
    Map<String, Long> shares = new LinkedHashMap<>();
    long sum = 0;
    for (String part : value.split(",", -1)) {
      int sign = part.indexOf('=');
      if (sign < 0) {
        throw new IllegalArgumentException(
            "'%s', but a split gives every road a share, for example local=75,fal=25"
                .formatted(value));
      }
      String backend = inSplit(part.substring(0, sign).strip(), installed);
      long share = Shares.parse(part.substring(sign + 1));
      if (shares.put(backend, share) != null) {
        throw new IllegalArgumentException("'%s', which names %s twice".formatted(value, backend));
      }
      sum += share;
    }
    if (sum != Shares.WHOLE) {
      throw new IllegalArgumentException(
          "'%s', which adds up to %s and not to 100 %%".formatted(value, Shares.percent(sum)));
    }
    String first = shares.keySet().iterator().next();
    shares.remove(first);
    return new Split(task, flag, first, shares, false);
  }

  private static String known(String backend) {
    if (!Router.KNOWN.contains(backend)) {
      throw new IllegalArgumentException(
          "'%s', which is not a backend. Known are: %s"
              .formatted(backend, String.join(", ", Router.KNOWN)));
    }
    return backend;
  }

  private static String inSplit(String backend, List<String> installed) {
    if (!installed.contains(known(backend))) {
      throw new IllegalArgumentException(
          "'%s', which is not installed. Installed are: %s"
              .formatted(backend, String.join(", ", installed)));
    }
    return backend;
  }

  /**
   * No flag is set.
   *
   * @param decision the ordinary road; null if none is installed
   */
  record Unset(@Nullable Decision decision) implements Rule {
    @Override
    public List<Lane> lanes() {
      return List.of();
    }
  }

  /**
   * One road for all calls.
   *
   * @param decision the same for every call
   */
  record Plain(Decision decision) implements Rule {
    @Override
    public List<Lane> lanes() {
      return List.of();
    }
  }
}
