package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * By what a rollout is steered, as somebody wrote it. Immutable.
 *
 * @param store where the state is kept
 * @param ramps of which tasks there are steps
 * @param guards of which tasks there are limits
 * @param budgets what may be spent, by the name of the budget
 */
public record RolloutRules(
    Store store, Map<Task, Ramp> ramps, Map<Task, Guard> guards, Map<String, Allowance> budgets) {

  /** The budget of shadows. */
  public static final String SHADOW = "shadow";

  /** The budgets that have keys. */
  static final List<String> BUDGETS = List.of(SHADOW);

  public RolloutRules {
    ramps = Map.copyOf(ramps);
    guards = Map.copyOf(guards);
    budgets = Map.copyOf(budgets);
  }

  /**
   * Reads them.
   *
   * @param find a key's value and where it was set
   * @throws IllegalStateException if a value makes no sense, naming the value, where it was set,
   *     and what is right
   */
  public static RolloutRules of(Function<String, Optional<Flag>> find) {
    return new RuleReader(find).rules();
  }

  /** Every key that {@link #of} reads, with what it does. */
  public static Map<String, String> keys() {
    return RuleKeys.all();
  }

  /** Of a task's ramp; the usual steps where none are written. */
  public Ramp ramp(Task task) {
    return ramps.getOrDefault(task, Ramp.USUAL);
  }

  /** Of a task's guard; one without limits where none are written. */
  public Guard guard(Task task) {
    return guards.getOrDefault(task, Guard.NONE);
  }

  /** Of all guards. */
  Duration longestWindow() {
    return guards.values().stream()
        .map(Guard::window)
        .reduce(Guard.NONE.window(), (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  /** Whether these rules need a store for the roads that are under watch. */
  boolean needStore(List<Lane> lanes) {
    return store.named()
        || !budgets.isEmpty()
        || lanes.stream().anyMatch(lane -> lane.ramp() || guards.containsKey(lane.task()));
  }

  /**
   * Where the state is kept. Its text shows no password.
   *
   * @param url a JDBC address
   * @param user for PostgreSQL, unless the address names one
   * @param password of that user
   * @param named whether somebody set the address or has shadows, which need one: else it is the
   *     default, and used only where a rule needs it
   * @param origin where the address was set
   */
  public record Store(
      String url, Optional<String> user, Optional<String> password, boolean named, String origin) {
    /** The file of a store that is one, whether it is there or not. */
    public Optional<Path> file() {
      return Dialect.of(url).file(url);
    }

    @Override
    public String toString() {
      int query = url.indexOf('?');
      return query < 0 ? url : url.substring(0, query);
    }
  }

  /**
   * The steps of a ramp.
   *
   * @param steps shares in the unit of {@link dev.fluxbridge.compat.route.Shares}, rising
   * @param every after how long it climbs a step by itself; empty: a person climbs
   */
  public record Ramp(List<Long> steps, Optional<Duration> every) {
    static final Ramp USUAL =
        new Ramp(List.of(1_000_000L, 5_000_000L, 25_000_000L, 50_000_000L, 100_000_000L));

    Ramp(List<Long> steps) {
      this(steps, Optional.empty());
    }

    public Ramp {
      steps = List.copyOf(steps);
    }

    /** The next step above a share; the share itself at the top. */
    long above(long share) {
      return steps.stream().filter(step -> step > share).findFirst().orElse(share);
    }

    /** The next step below a share; 0 below the first. */
    long below(long share) {
      return steps.stream().filter(step -> step < share).reduce((a, b) -> b).orElse(0L);
    }
  }

  /**
   * The limits of a task's new roads.
   *
   * @param window over how long they are judged
   * @param minSamples from how many samples in the window on a value is judged at all
   * @param minCompared the same for what is seldom measured: distances and masks
   * @param limits by what is measured
   * @param backByStep whether a breach takes a ramp back by one step; else to nothing
   * @param coolDown after how long it may rise again by itself; empty: a person lets it
   * @param clear below which share of its limit every value must be before it rises again, 0 to 1
   * @param excused failures that do not count
   */
  public record Guard(
      Duration window,
      int minSamples,
      int minCompared,
      Map<Metric, Limit> limits,
      boolean backByStep,
      Optional<Duration> coolDown,
      double clear,
      Set<Reason> excused) {
    /** What is the caller's own doing on every road. */
    static final Set<Reason> CALLERS_OWN = Set.of(Reason.INVALID, Reason.CANCELLED);

    static final Guard NONE =
        new Guard(
            Duration.ofMinutes(10), 20, 20, Map.of(), false, Optional.empty(), 0.8, CALLERS_OWN);

    public Guard {
      limits = Map.copyOf(limits);
      excused = Set.copyOf(excused);
    }

    long needed(Metric metric) {
      return metric == Metric.DISTANCE || metric == Metric.MASK_CHANGED ? minCompared : minSamples;
    }
  }

  /**
   * What may be spent.
   *
   * @param hour in any sixty minutes
   * @param day in any twenty-four hours
   */
  public record Allowance(Optional<BigDecimal> hour, Optional<BigDecimal> day) {}
}
