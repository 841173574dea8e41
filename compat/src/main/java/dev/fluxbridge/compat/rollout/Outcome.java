package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.MaskHonesty;
import dev.fluxbridge.providers.Task;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How one call ended on one road. A call that a fallback took over is two of them. Immutable.
 *
 * @param task of which task
 * @param backend on which road
 * @param shadow whether nobody waited for it: it counts for the rules as any other, but no caller
 *     was affected
 * @param failure why it failed; empty if it was drawn
 * @param took from the call to its end
 * @param money what it cost, in the currency of the rules; empty where nobody said, which is not 0
 * @param maskChanged of an edit with a mask, the share of the protected pixels that changed, 0 to 1
 */
public record Outcome(
    Task task,
    String backend,
    boolean shadow,
    Optional<Reason> failure,
    Duration took,
    Optional<BigDecimal> money,
    OptionalDouble maskChanged) {

  /** A call that was served. */
  public static Outcome drawn(Task task, String backend, Duration took) {
    return new Outcome(
        task, backend, false, Optional.empty(), took, Optional.empty(), OptionalDouble.empty());
  }

  /**
   * A call that was drawn, with what its result says of the mask.
   *
   * @param cost what it cost; empty where nobody said
   */
  public static Outcome of(
      Task task, String backend, ImageResult drawn, Optional<BigDecimal> cost, Duration took) {
    OptionalDouble changed =
        drawn.maskHonesty().stream().mapToDouble(MaskHonesty::shareChanged).average();
    return new Outcome(task, backend, false, Optional.empty(), took, cost, changed);
  }

  /** A call that failed. */
  public static Outcome failed(Task task, String backend, Reason reason, Duration took) {
    return new Outcome(
        task, backend, false, Optional.of(reason), took, Optional.empty(), OptionalDouble.empty());
  }

  /** The same, of a shadow. */
  public Outcome asShadow() {
    return new Outcome(task, backend, true, failure, took, money, maskChanged);
  }

  /** The same, with what it cost. */
  public Outcome costing(BigDecimal amount) {
    return new Outcome(task, backend, shadow, failure, took, Optional.of(amount), maskChanged);
  }

  /** The same, with the share of the protected pixels that changed, 0 to 1. */
  public Outcome withMaskChanged(double share) {
    return new Outcome(task, backend, shadow, failure, took, money, OptionalDouble.of(share));
  }
}
