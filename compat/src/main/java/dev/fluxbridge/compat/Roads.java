package dev.fluxbridge.compat;

import dev.fluxbridge.compat.rollout.Outcome;
import dev.fluxbridge.compat.rollout.Prices;
import dev.fluxbridge.compat.rollout.Rollout;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.compat.rollout.RolloutEvent.FellBack;
import dev.fluxbridge.compat.route.Fallback;
import dev.fluxbridge.compat.route.Router;
import dev.fluxbridge.compat.shadow.Shadow;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.RefusedArgumentException;
import dev.fluxbridge.providers.Task;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roads as one call finds them: draws on one, and counts how that ended. Which one is not for
 * it to choose. Safe for use by several threads.
 */
final class Roads implements Shadow.Roads {
  private static final Logger log = LoggerFactory.getLogger(Roads.class);

  private final Settings settings;
  private final InstalledBackends backends;
  private final Router router;
  private final Rollout rollout;
  private final Supplier<Map<Task, Fallback>> fallbacks;
  private final Supplier<Prices> prices;
  private final Progress watcher;
  private final Consumer<RolloutEvent> events;
  private final Seldom told = new Seldom(System::nanoTime, Duration.ofMinutes(1));

  Roads(
      Settings settings,
      InstalledBackends backends,
      Router router,
      Rollout rollout,
      Supplier<Map<Task, Fallback>> fallbacks,
      Supplier<Prices> prices,
      Progress watcher,
      Consumer<RolloutEvent> events) {
    this.settings = settings;
    this.backends = backends;
    this.router = router;
    this.rollout = rollout;
    this.fallbacks = fallbacks;
    this.prices = prices;
    this.watcher = watcher;
    this.events = events;
  }

  /**
   * The backend of that name.
   *
   * @throws RuntimeException if it is not installed, or set up wrongly
   */
  ImageBackend road(String backend) {
    return backends.get(backend);
  }

  /** Draws on one road and looks at what came. */
  ImageResult draw(ImageBackend road, ImageRequest request, Progress progress) {
    ProtectedPixels masks = ProtectedPixels.of(settings);
    long start = System.nanoTime();
    try {
      ImageResult drawn = road.generate(request, new BothWatch(watcher, progress));
      Duration took = since(start);
      ImageResult seen = masks.examine(request, drawn);
      Optional<BigDecimal> cost = prices.get().of(road.name(), seen.cost(), request.imageCount());
      rollout.record(Outcome.of(request.task(), road.name(), seen, cost, took));
      return seen;
    } catch (BackendException failure) {
      rollout.record(Outcome.failed(request.task(), road.name(), failure.reason(), since(start)));
      if (failure instanceof RefusedArgumentException refusal) {
        throw refusal.naming(backends.taking(request.pipeline(), refusal.row()));
      }
      throw failure;
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Draws on one road for nobody to see: nothing is counted, and no watcher is told. */
  @Override
  public ImageResult draw(String backend, ImageRequest request, Progress progress) {
    return ProtectedPixels.of(settings)
        .examine(request, backends.get(backend).generate(request, progress));
  }

  @Override
  public boolean killed() {
    return router.killed();
  }

  /** Where a call of this task may go whose road failed. */
  Optional<Fallback> fallback(Task task) {
    return killed() ? Optional.empty() : Optional.ofNullable(fallbacks.get().get(task));
  }

  /** Tells that a call leaves its road for another, before that one draws. */
  void fellBack(Decision first, Decision next, BackendException why) {
    if (told.isTime(List.of(next.task(), first.backend(), why.reason()))) {
      log.warn("{}: {}", next.because(), why.getMessage());
    }
    events.accept(
        new FellBack(Instant.now(), next.task(), next.backend(), first.backend(), why.reason()));
  }
}
