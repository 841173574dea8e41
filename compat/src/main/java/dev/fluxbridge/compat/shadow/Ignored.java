package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.compat.shadow.Difference.Kind;
import dev.fluxbridge.providers.BackendException.Reason;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A known difference, as somebody wrote it: {@code size}, {@code failure:UNSUPPORTED}, {@code
 * distance<0.35}. Immutable.
 *
 * @param detail of failures the one reason; empty for all of them
 * @param below of distances what is closer than this
 */
record Ignored(Kind kind, Optional<String> detail, double below) {
  static final String RIGHT =
      "one or more, with commas between, of %s; of a failure also the reason, such as failure:UNSUPPORTED, and of a distance a limit, such as distance<0.35"
          .formatted(Stream.of(Kind.values()).map(Kind::label).collect(Collectors.joining(", ")));

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none, with what is right
   */
  static Ignored of(String text) {
    String[] limit = text.split("<", 2);
    String[] named = limit[0].split(":", 2);
    Kind kind =
        Stream.of(Kind.values())
            .filter(one -> one.label().equals(named[0].strip()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(RIGHT));
    boolean failure = kind == Kind.FAILURE || kind == Kind.SERVED_FAILURE;
    if ((named.length == 2 && !failure) || (limit.length == 2 && kind != Kind.DISTANCE)) {
      throw new IllegalArgumentException(RIGHT);
    }
    return new Ignored(
        kind,
        named.length == 2 ? Optional.of(reason(named[1].strip())) : Optional.empty(),
        limit.length == 2 ? number(limit[1].strip()) : Double.POSITIVE_INFINITY);
  }

  private static String reason(String text) {
    String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
    if (Stream.of(Reason.values()).noneMatch(reason -> reason.name().equals(name))) {
      throw new IllegalArgumentException(RIGHT);
    }
    return name;
  }

  static double number(String text) {
    if (!text.matches("[01](\\.\\d{1,6})?") || Double.parseDouble(text) > 1) {
      throw new IllegalArgumentException(RIGHT);
    }
    return Double.parseDouble(text);
  }

  boolean covers(Difference difference) {
    return kind == difference.kind()
        && detail.map(difference.detail()::equals).orElse(true)
        && difference.value() < below;
  }
}
