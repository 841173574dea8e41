package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.compat.rollout.Floor;
import dev.fluxbridge.compat.rollout.Outcome;
import dev.fluxbridge.compat.rollout.Prices;
import dev.fluxbridge.compat.rollout.Reservation;
import dev.fluxbridge.compat.rollout.Rollout;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.compat.rollout.RolloutEvent.ShadowCompared;
import dev.fluxbridge.compat.rollout.RolloutEvent.ShadowSkipped;
import dev.fluxbridge.compat.rollout.RolloutEvent.ShadowSkipped.Skip;
import dev.fluxbridge.compat.rollout.RolloutRules;
import dev.fluxbridge.compat.route.Fallback;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.compat.shadow.ShadowRules.Sampled;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Task;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One shadow: draws, is compared with what was served, and now and then teaches how far the old
 * road is from itself. Runs once, on a thread of its own.
 */
final class ShadowCall {
  /** The old road, which noise is learned of. It costs nothing. */
  private static final String OLD = "local";

  /** So many repeated runs say how far the old road is from itself. */
  private static final int ENOUGH = 20;

  private final Means means;
  private final ShadowRules rules;
  private final ImageRequest request;
  private final Task task;
  private final Decision decision;
  private final Ended served;

  /**
   * What every shadow works with.
   *
   * @param known differences that are no mismatch, besides those in the rules
   * @param closed whether all this ends
   */
  record Means(
      Shadow.Roads roads,
      Supplier<Prices> prices,
      Rollout rollout,
      MismatchRecorder recorder,
      KnownDifference known,
      Consumer<RolloutEvent> events,
      BooleanSupplier closed) {

    Ended ended(String backend, ImageRequest request, ImageResult result, Duration took) {
      Optional<BigDecimal> cost = prices.get().of(backend, result.cost(), request.imageCount());
      return new Ended(backend, result, null, took, cost);
    }

    void skip(Task task, String backend, Skip why) {
      events.accept(new ShadowSkipped(Instant.now(), task, backend, why));
    }
  }

  ShadowCall(
      Means means, ShadowRules rules, ImageRequest request, Decision decision, Ended served) {
    this.means = means;
    this.rules = rules;
    this.request = request;
    this.task = request.task();
    this.decision = decision;
    this.served = served;
  }

  void run() {
    String backend = decision.shadow().orElseThrow();
    Optional<Reservation> money = Optional.empty();
    if (Prices.bills(backend)) {
      money =
          means
              .prices()
              .get()
              .estimate(backend, request.imageCount())
              .flatMap(amount -> means.rollout().reserve(RolloutRules.SHADOW, amount));
      if (money.isEmpty()) {
        means.skip(task, backend, Skip.BUDGET);
        return;
      }
    }
    Ended shadow = draw(backend, request, money);
    if (means.closed().getAsBoolean()) {
      return;
    }
    means.rollout().record(outcome(shadow));
    compare(shadow);
    learn(shadow);
  }

  /** What is not known to be free stays charged. */
  private Ended draw(String backend, ImageRequest asked, Optional<Reservation> money) {
    Accepted accepted = new Accepted();
    long start = System.nanoTime();
    try {
      ImageResult result = means.roads().draw(backend, asked, accepted);
      Ended ended = means.ended(backend, asked, result, since(start));
      money.ifPresent(reserved -> ended.cost().ifPresent(reserved::settle));
      return ended;
    } catch (BackendException failure) {
      if (!Fallback.mayBeBilled(backend, failure, accepted.seen)) {
        money.ifPresent(Reservation::release);
      }
      return new Ended(backend, null, told(failure), since(start), Optional.empty());
    } catch (RuntimeException e) {
      BackendException failure =
          new BackendException(Reason.BAD_REPLY, "the shadow broke: " + e.getClass().getName(), e);
      return new Ended(backend, null, failure, since(start), Optional.empty());
    }
  }

  /** Nobody but the deadline cancels a shadow, as long as all this is open. */
  private static BackendException told(BackendException failure) {
    return failure.reason() != Reason.CANCELLED
        ? failure
        : new BackendException(
            Reason.TIMEOUT, "the shadow was cut off", failure.requestId().orElse(null), failure);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Outcome outcome(Ended ended) {
    ImageResult result = ended.result();
    Outcome outcome =
        result == null
            ? Outcome.failed(
                task, ended.backend(), ended.reason().orElse(Reason.UNAVAILABLE), ended.took())
            : Outcome.of(task, ended.backend(), result, ended.cost(), ended.took());
    return outcome.asShadow();
  }

  private void compare(Ended shadow) {
    Comparison comparison = Comparing.of(task, served, shadow, limit());
    List<Difference> unknown =
        comparison.differences().stream()
            .filter(
                difference -> rules.ignored().stream().noneMatch(rule -> rule.covers(difference)))
            .filter(difference -> !means.known().covers(request, comparison, difference))
            .toList();
    String newRoad = shadow.backend().equals(OLD) ? served.backend() : shadow.backend();
    comparison.distance().ifPresent(distance -> means.rollout().distance(task, newRoad, distance));
    if (!unknown.isEmpty()) {
      means
          .recorder()
          .record(rules, request, decision, served, shadow, comparison, unknown)
          .ifPresent(means.rollout()::mismatch);
    }
    means
        .events()
        .accept(
            new ShadowCompared(
                Instant.now(),
                task,
                shadow.backend(),
                served.backend(),
                comparison.distance(),
                !unknown.isEmpty(),
                Difference.texts(unknown.isEmpty() ? comparison.differences() : unknown)));
  }

  private OptionalDouble limit() {
    Sampled sampled = rules.tasks().get(task);
    if (sampled != null && sampled.distance().isPresent()) {
      return sampled.distance();
    }
    Floor floor = means.rollout().floor(task, OLD);
    return floor.count() >= ENOUGH ? OptionalDouble.of(floor.p95()) : OptionalDouble.empty();
  }

  /** Asks the old road once more, with another seed, to learn how far it is from itself. */
  private void learn(Ended shadow) {
    Ended old = served.backend().equals(OLD) ? served : shadow;
    Sampled sampled = rules.tasks().get(task);
    if (sampled == null
        || !old.backend().equals(OLD)
        || old.result() == null
        // Noise that is given is the same for every seed.
        || request.latents().isPresent()
        || Thread.currentThread().isInterrupted()
        || ThreadLocalRandom.current().nextLong(Shares.WHOLE) >= sampled.noise()) {
      return;
    }
    Ended again = draw(OLD, reseeded(request), Optional.empty());
    Comparing.distance(task, old, again)
        .ifPresent(distance -> means.rollout().noise(task, OLD, distance));
  }

  private static ImageRequest reseeded(ImageRequest request) {
    List<Seed> others =
        request.seeds().stream().map(seed -> Seed.of(seed.value() ^ 0x5bd1e995L)).toList();
    return new ImageRequest(
        request.pipeline(),
        request.weights(),
        request.prompts(),
        request.embeddings(),
        request.edit(),
        request.controls(),
        request.width(),
        request.height(),
        request.steps(),
        request.sigmas(),
        request.guidanceScale(),
        request.trueCfgScale(),
        request.imagesPerPrompt(),
        others,
        request.latents(),
        request.maxSequenceLength(),
        request.output(),
        request.memory());
  }

  /** Sees whether a provider took the call. */
  private static final class Accepted implements Progress {
    private boolean seen;

    @Override
    public void accepted(String backend, String requestId) {
      seen = true;
    }
  }
}
