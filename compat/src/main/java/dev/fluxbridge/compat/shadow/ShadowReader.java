package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.compat.rollout.Prices;
import dev.fluxbridge.compat.rollout.RolloutRules;
import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.Router;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.compat.shadow.ShadowRules.Sampled;
import dev.fluxbridge.providers.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads the rules of shadows, strictly. */
final class ShadowReader {
  private static final String IN_FLIGHT = "fluxbridge.shadow.in-flight";
  private static final String DEADLINE = "fluxbridge.shadow.deadline";
  private static final String RECORDS = "fluxbridge.shadow.records";
  private static final String RECORDS_MB = "fluxbridge.shadow.records-mb";
  private static final String RECORDS_PROMPTS = "fluxbridge.shadow.records-prompts";
  private static final String IGNORE = "fluxbridge.shadow.ignore";

  /** As many threads are no danger to a service. */
  static final int MOST_IN_FLIGHT = 32;

  private static final long MEBIBYTE = 1 << 20;
  private static final long ONE_PERCENT = Shares.WHOLE / 100;

  private final Function<String, Optional<Flag>> find;
  private final List<String> installed;

  ShadowReader(Function<String, Optional<Flag>> find, List<String> installed) {
    this.find = find;
    this.installed = installed;
  }

  static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    Stream.of(Task.values())
        .filter(Task::drawsPictures)
        .forEach(
            task -> {
              keys.put(
                  key(task, ""),
                  "the backend that draws a sample of the calls once more, as a [shadow](#shadow); unset: none");
              keys.put(
                  key(task, ".sample"),
                  "the share of the calls, with up to six decimals; `1%` unless set");
              keys.put(
                  key(task, ".distance"),
                  "from which distance on, 0 to 1, pictures are a mismatch; unless set the one that 95 % of repeated runs of `local` stay below, once there are 20");
              keys.put(
                  key(task, ".noise"),
                  "the share of the shadows in which `local` draws once more with another seed, to learn that distance; `0` unless set");
            });
    keys.put(
        IN_FLIGHT,
        "how many shadows may draw at once; what comes meanwhile has none; `2` unless set");
    keys.put(DEADLINE, "after how long a shadow is cut off, in ISO-8601; `PT10M` unless set");
    keys.put(
        IGNORE,
        "differences that are known and no mismatch, with commas between: `failure`, `served-failure` (also with a reason: `failure:UNSUPPORTED`), `count`, `size`, `decodes`, `flagged`, `mask`, `cost`, `distance` (also below a limit: `distance<0.35`)");
    keys.put(RECORDS, "the folder in which mismatches are recorded; unset: nowhere");
    keys.put(RECORDS_MB, "how many MiB these may take, the oldest go first; `256` unless set");
    keys.put(RECORDS_PROMPTS, "`false` leaves the texts out of them; `true` unless set");
    return keys;
  }

  private static String key(Task task, String what) {
    return "fluxbridge.shadow." + task.label() + what;
  }

  ShadowRules rules() {
    Map<Task, Sampled> tasks = new EnumMap<>(Task.class);
    Stream.of(Task.values())
        .filter(Task::drawsPictures)
        .forEach(task -> sampled(task).ifPresent(sampled -> tasks.put(task, sampled)));
    return new ShadowRules(
        tasks,
        read(IN_FLIGHT, text -> whole(text, MOST_IN_FLIGHT)).orElse(2),
        read(DEADLINE, ShadowReader::time).orElse(Duration.ofMinutes(10)),
        read(RECORDS, Path::of).map(Path::toAbsolutePath),
        read(RECORDS_MB, text -> whole(text, 1_000_000)).orElse(256) * MEBIBYTE,
        read(RECORDS_PROMPTS, ShadowReader::yes).orElse(true),
        read(IGNORE, ShadowReader::ignored).orElse(List.of()));
  }

  private Optional<Sampled> sampled(Task task) {
    Optional<Flag> flag = find.apply(key(task, ""));
    Optional<Long> share = read(key(task, ".sample"), ShadowReader::share);
    OptionalDouble distance =
        read(key(task, ".distance"), ShadowReader::distance)
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty());
    Optional<Long> noise = read(key(task, ".noise"), ShadowReader::share);
    if (flag.isEmpty()) {
      return Optional.empty();
    }
    String backend = flag.get().value().strip();
    if (!Router.KNOWN.contains(backend)) {
      throw wrong(flag.get(), "must be one of " + String.join(", ", Router.KNOWN));
    }
    if (!installed.contains(backend)) {
      throw wrong(
          flag.get(), "that is not installed. Installed are: " + String.join(", ", installed));
    }
    if (Prices.bills(backend)) {
      requireMoney(flag.get(), backend);
    }
    return Optional.of(new Sampled(backend, share.orElse(ONE_PERCENT), distance, noise.orElse(0L)));
  }

  private void requireMoney(Flag flag, String backend) {
    boolean budget = RolloutRules.of(find).budgets().containsKey(RolloutRules.SHADOW);
    boolean price = Prices.of(find).estimate(backend, 1).isPresent();
    if (!budget || !price) {
      throw wrong(
          flag,
          "%s bills for its pictures: set what a picture costs, about (%s), and what shadows may spend (fluxbridge.budget.shadow.hour or .day)"
              .formatted(backend, Prices.pictureKey(backend)));
    }
  }

  /** What a parser throws completes "but must be". */
  private <T> Optional<T> read(String key, Function<String, T> parse) {
    Optional<Flag> flag = find.apply(key);
    try {
      return flag.map(set -> parse.apply(set.value().strip()));
    } catch (IllegalArgumentException e) {
      throw wrong(flag.orElseThrow(), "must be " + e.getMessage());
    }
  }

  private static IllegalStateException wrong(Flag flag, String right) {
    return new IllegalStateException(
        "The %s says '%s' but %s".formatted(flag.origin(), flag.value().strip(), right));
  }

  private static long share(String text) {
    try {
      return Shares.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a percentage from 0 to 100 with up to six decimals, such as 1%", e);
    }
  }

  private static int whole(String text, int most) {
    if (!text.matches("\\d{1,7}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
      throw new IllegalArgumentException("a number from 1 to " + most);
    }
    return Integer.parseInt(text);
  }

  private static Duration time(String text) {
    String right = "a time above 0 in ISO-8601, such as PT10M";
    try {
      Duration time = Duration.parse(text);
      if (time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException(right);
      }
      return time;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(right, e);
    }
  }

  private static double distance(String text) {
    try {
      return Ignored.number(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a number from 0 to 1, such as 0.35", e);
    }
  }

  private static boolean yes(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("true or false");
    }
    return text.equals("true");
  }

  private static List<Ignored> ignored(String text) {
    return Stream.of(text.split(",", -1)).map(String::strip).map(Ignored::of).toList();
  }
}
