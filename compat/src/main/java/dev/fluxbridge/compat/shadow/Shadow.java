package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.compat.rollout.Floor;
import dev.fluxbridge.compat.rollout.Mismatch;
import dev.fluxbridge.compat.rollout.Outcome;
import dev.fluxbridge.compat.rollout.Prices;
import dev.fluxbridge.compat.rollout.Reservation;
import dev.fluxbridge.compat.rollout.Rollout;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.compat.rollout.RolloutEvent.RecordsLost;
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
import dev.fluxbridge.providers.MaskHonesty;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Task;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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

  /** The old road, which noise is learned of. It costs nothing. */
  private static final String OLD = "local";

  /** So many repeated runs say how far the old road is from itself. */
  private static final int ENOUGH = 20;

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Supplier<ShadowRules> rules;
  private final Supplier<Prices> prices;
  private final Roads roads;
  private final Rollout rollout;
  private final KnownDifference known;
  private final Consumer<RolloutEvent> events;
  private final ShadowThreads threads = new ShadowThreads();
  private final MismatchRecords records = new MismatchRecords();
  private final AtomicBoolean recordsLost = new AtomicBoolean();
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
    this.prices = prices;
    this.roads = roads;
    this.rollout = rollout;
    this.known = known;
    this.events = events;
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
    result
        .provenance()
        .decision()
        .filter(decision -> decision.shadow().isPresent())
        .ifPresent(
            decision -> begin(request, decision, ended(decision.backend(), request, result, took)));
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

  private Ended ended(String backend, ImageRequest request, ImageResult result, Duration took) {
    Optional<BigDecimal> cost = prices.get().of(backend, result.cost(), request.imageCount());
    return new Ended(backend, result, null, took, cost);
  }

  private void begin(ImageRequest request, Decision decision, Ended served) {
    String backend = decision.shadow().orElseThrow();
    ShadowRules now = rules.get();
    if (roads.killed()) {
      skip(request.task(), backend, Skip.KILL_SWITCH);
    } else if (threads.manyStuck()) {
      skip(request.task(), backend, Skip.STUCK);
    } else if (!threads.begin(
        now.inFlight(),
        now.deadline(),
        () -> guarded(() -> run(now, request, decision, served, backend)))) {
      skip(request.task(), backend, Skip.IN_FLIGHT);
    }
  }

  private void skip(Task task, String backend, Skip why) {
    events.accept(new ShadowSkipped(Instant.now(), task, backend, why));
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

  /** On a thread of its own. */
  private void run(
      ShadowRules now, ImageRequest request, Decision decision, Ended served, String backend) {
    Optional<Reservation> money = Optional.empty();
    if (Prices.bills(backend)) {
      money =
          prices
              .get()
              .estimate(backend, request.imageCount())
              .flatMap(amount -> rollout.reserve(RolloutRules.SHADOW, amount));
      if (money.isEmpty()) {
        skip(request.task(), backend, Skip.BUDGET);
        return;
      }
    }
    Ended shadow = draw(backend, request, money);
    if (threads.closed()) {
      return;
    }
    rollout.record(outcome(request.task(), shadow));
    compare(now, request, decision, served, shadow);
    learn(now, request, served, shadow);
  }

  /** What is not known to be free stays charged. */
  private Ended draw(String backend, ImageRequest request, Optional<Reservation> money) {
    Accepted accepted = new Accepted();
    long start = System.nanoTime();
    try {
      ImageResult result = roads.draw(backend, request, accepted);
      Ended ended = ended(backend, request, result, since(start));
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

  private static Outcome outcome(Task task, Ended ended) {
    ImageResult result = ended.result();
    Outcome outcome =
        result == null
            ? Outcome.failed(
                task, ended.backend(), ended.reason().orElse(Reason.UNAVAILABLE), ended.took())
            : Outcome.drawn(task, ended.backend(), ended.took());
    if (ended.cost().isPresent()) {
      outcome = outcome.costing(ended.cost().get());
    }
    if (result != null && !result.maskHonesty().isEmpty()) {
      outcome =
          outcome.withMaskChanged(
              result.maskHonesty().stream()
                  .mapToDouble(MaskHonesty::shareChanged)
                  .average()
                  .orElseThrow());
    }
    return outcome.asShadow();
  }

  private void compare(
      ShadowRules now, ImageRequest request, Decision decision, Ended served, Ended shadow) {
    Task task = request.task();
    Comparison comparison = Comparing.of(task, served, shadow, limit(now, task));
    List<Difference> unknown =
        comparison.differences().stream()
            .filter(difference -> now.ignored().stream().noneMatch(rule -> rule.covers(difference)))
            .filter(difference -> !known.covers(request, comparison, difference))
            .toList();
    String newRoad = shadow.backend().equals(OLD) ? served.backend() : shadow.backend();
    comparison.distance().ifPresent(distance -> rollout.distance(task, newRoad, distance));
    Instant at = Instant.now();
    if (!unknown.isEmpty() && now.records().isPresent()) {
      byte[] text =
          MismatchText.of(
              at, request, now.recordPrompts(), decision, served, shadow, comparison, unknown);
      record(now, at, request, comparison, unknown, served, shadow, text);
    }
    events.accept(
        new ShadowCompared(
            at,
            task,
            shadow.backend(),
            served.backend(),
            comparison.distance(),
            !unknown.isEmpty(),
            text(unknown.isEmpty() ? comparison.differences() : unknown)));
  }

  private static String text(List<Difference> differences) {
    return differences.stream().map(Difference::text).collect(Collectors.joining("; "));
  }

  private OptionalDouble limit(ShadowRules now, Task task) {
    Sampled sampled = now.tasks().get(task);
    if (sampled != null && sampled.distance().isPresent()) {
      return sampled.distance();
    }
    Floor floor = rollout.floor(task, OLD);
    return floor.count() >= ENOUGH ? OptionalDouble.of(floor.p95()) : OptionalDouble.empty();
  }

  private void record(
      ShadowRules now,
      Instant at,
      ImageRequest request,
      Comparison comparison,
      List<Difference> unknown,
      Ended served,
      Ended shadow,
      byte[] text) {
    String id =
        "%s-%s-%s"
            .formatted(
                NAME.format(at),
                request.task().label(),
                UUID.randomUUID().toString().substring(0, 8));
    try {
      String place =
          records
              .write(
                  now.records().orElseThrow(),
                  now.recordBytes(),
                  id,
                  MismatchFiles.of(request, served, shadow, text))
              .toString();
      recordsLost.set(false);
      rollout.mismatch(
          new Mismatch(
              id,
              at,
              request.task(),
              served.backend(),
              shadow.backend(),
              comparison.distance(),
              text(unknown),
              place));
    } catch (IOException | RuntimeException e) {
      if (recordsLost.compareAndSet(false, true)) {
        RecordsLost lost = new RecordsLost(at, e.toString());
        log.warn("{}. Shadows go on; this is not said again", lost.text());
        events.accept(lost);
      }
    }
  }

  /** Asks the old road once more, with another seed, to learn how far it is from itself. */
  private void learn(ShadowRules now, ImageRequest request, Ended served, Ended shadow) {
    Ended old = served.backend().equals(OLD) ? served : shadow;
    Sampled sampled = now.tasks().get(request.task());
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
    Comparing.distance(request.task(), old, again)
        .ifPresent(distance -> rollout.noise(request.task(), OLD, distance));
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

  @Override
  public void close() {
    threads.close();
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
