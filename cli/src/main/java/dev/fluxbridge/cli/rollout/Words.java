package dev.fluxbridge.cli.rollout;

import dev.fluxbridge.compat.rollout.Metric;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers and moments as people read them. Times are in UTC, as in services' logs. */
final class Words {
  static final String UNKNOWN = "-";
  private static final int DIGITS = 4;
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Words() {}

  static String moment(Instant at) {
    return MOMENT.format(at);
  }

  /** The two largest units of a time, for example {@code 3 h 20 min}. */
  static String length(Duration time) {
    record Unit(long amount, String name) {}
    List<Unit> units =
        List.of(
            new Unit(time.toDaysPart(), "d"),
            new Unit(time.toHoursPart(), "h"),
            new Unit(time.toMinutesPart(), "min"),
            new Unit(time.toSecondsPart(), "s"));
    String text =
        units.stream()
            .dropWhile(unit -> unit.amount() == 0)
            .limit(2)
            .filter(unit -> unit.amount() > 0)
            .map(unit -> unit.amount() + " " + unit.name())
            .reduce((a, b) -> a + " " + b)
            .orElse("");
    return text.isEmpty() ? time.toMillis() + " ms" : text;
  }

  static String ago(Instant then, Instant now) {
    Duration passed = Duration.between(then, now);
    return passed.toSeconds() < 1 ? "just now" : length(passed) + " ago";
  }

  static String value(Metric metric, OptionalDouble value) {
    if (value.isEmpty()) {
      return UNKNOWN;
    }
    return switch (metric) {
      case ERROR_RATE, MASK_CHANGED -> number(value.getAsDouble() * 100) + " %";
      case LATENCY_P95 -> seconds(value.getAsDouble());
      case COST_PER_CALL, DISTANCE -> number(value.getAsDouble());
    };
  }

  static String seconds(double milliseconds) {
    return number(milliseconds / 1000) + " s";
  }

  /** A number with four digits that count. */
  static String number(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(DIGITS)).stripTrailingZeros();
    return (rounded.scale() < 0 ? rounded.setScale(0) : rounded).toPlainString();
  }

  /** Text from elsewhere, so that it cannot steer a terminal. */
  static String plain(String text) {
    return text.codePoints()
        .map(
            point ->
                Character.isISOControl(point) || Character.getType(point) == Character.FORMAT
                    ? ' '
                    : point)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
