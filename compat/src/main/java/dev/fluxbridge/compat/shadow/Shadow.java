package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.compat.rollout.Prices;
import dev.fluxbridge.compat.rollout.Rollout;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.compat.rollout.RolloutEvent.ShadowSkipped.Skip;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.compat.shadow.ShadowRules.Sampled;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Progress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Draws a sample of the calls once more on another road, when the caller has what he asked for, and
 * compares. It serves nobody: what it draws, and how that fails, no caller sees. Safe for use by
 * several threads; close it to end what still draws.
 *
 * <p>It keeps a request's pictures for as long as its shadow draws, and does not copy them: who
 * writes to those arrays meanwhile gets a comparison that means nothing.
 */
public final class Shadow implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Shadow.class);

  private final Supplier<ShadowRules> rules;
  private final ShadowCall.Means means;
  private final ShadowThreads threads = new ShadowThreads();
  private final AtomicBoolean failed = new AtomicBoolean();

  /** What a shadow sees of the roads. */
  public interface Roads {
    /**
     * Draws, and looks at what came, without telling anybody of it.
     *
     * @throws RuntimeException as the backend does, and if there is none of that name
     */
    ImageResult draw(String backend, ImageRequest request, Progress progress);

    /** Whether the kill switch is on. */
    boolean killed();
  }

  /**
   * @param rules asked at every call, so they answer from memory
   * @param prices likewise
   * @param rollout keeps the budget, the noise floor and what was compared
   * @param known differences that are no mismatch, besides those in the rules
   * @param events hears what shadows do; on a thread of theirs, or on a caller's if one is skipped
   */
  public Shadow(
      Supplier<ShadowRules> rules,
      Supplier<Prices> prices,
      Roads roads,
      Rollout rollout,
      KnownDifference known,
      Consumer<RolloutEvent> events) {
    this.rules = rules;
    this.means =
        new ShadowCall.Means(
            roads, prices, rollout, new MismatchRecorder(events), known, events, threads::closed);
  }

  /** The same decision, with a shadow if this call is one of the sample. */
  public Decision sampled(ImageRequest request, Decision decision) {
    Sampled sampled = rules.get().tasks().get(decision.task());
    if (sampled == null
        || sampled.backend().equals(decision.backend())
        || decision.cause() == Decision.Cause.KILL_SWITCH
        || request.output() == ImageRequest.Output.LATENTS
        || ThreadLocalRandom.current().nextLong(Shares.WHOLE) >= sampled.share()) {
      return decision;
    }
    return decision.withShadow(sampled.backend());
  }

  /** A call was served; its shadow, if it has one, begins. Does not wait. */
  public void served(ImageRequest request, ImageResult result, Duration took) {
    Decision decision = result.provenance().decision().orElse(null);
    if (decision != null && decision.shadow().isPresent()) {
      begin(request, decision, means.ended(decision.backend(), request, result, took));
    }
  }

  /**
   * A call failed; its shadow begins all the same, unless that is the caller's own doing. Does not
   * wait.
   */
  public void failed(
      ImageRequest request, Decision decision, BackendException failure, Duration took) {
    if (decision.shadow().isPresent()
        && failure.reason() != Reason.INVALID
        && failure.reason() != Reason.CANCELLED) {
      begin(
          request, decision, new Ended(decision.backend(), null, failure, took, Optional.empty()));
    }
  }

  private void begin(ImageRequest request, Decision decision, Ended served) {
    ShadowRules now = rules.get();
    ShadowCall call = new ShadowCall(means, now, request, decision, served);
    Skip why = null;
    if (means.roads().killed()) {
      why = Skip.KILL_SWITCH;
    } else if (threads.manyStuck()) {
      why = Skip.STUCK;
    } else if (!threads.begin(now.inFlight(), now.deadline(), () -> guarded(call::run))) {
      why = Skip.IN_FLIGHT;
    }
    if (why != null) {
      means.skip(request.task(), decision.shadow().orElseThrow(), why);
    }
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (failed.compareAndSet(false, true)) {
        log.warn("A shadow could not be compared; others go on, and this is not said again", e);
      }
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
