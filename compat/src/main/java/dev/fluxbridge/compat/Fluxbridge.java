package dev.fluxbridge.compat;

import dev.fluxbridge.compat.rollout.Prices;
import dev.fluxbridge.compat.rollout.Rollout;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.compat.rollout.RolloutRules;
import dev.fluxbridge.compat.rollout.SteadyClock;
import dev.fluxbridge.compat.rollout.Steering;
import dev.fluxbridge.compat.route.Ceilings;
import dev.fluxbridge.compat.route.Fallback;
import dev.fluxbridge.compat.route.Router;
import dev.fluxbridge.compat.route.RoutingKey;
import dev.fluxbridge.compat.shadow.Shadow;
import dev.fluxbridge.compat.shadow.ShadowRules;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both roads and the flag between them. The facades of old callers use {@link #standard()};
 * programs that want to watch, to test or to keep several configurations apart make their own.
 *
 * <p>It decides nothing about pictures: it reads the flag, chooses the backend, calls it, and says
 * in the result why. Safe for use by several threads. Closing it frees loaded checkpoints and
 * connections.
 */
public final class Fluxbridge implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Fluxbridge.class);
  private static @Nullable Fluxbridge standard;

  private final Settings settings;
  private final InstalledBackends backends;
  private final int phase;
  private final Router router;
  private final Rollout rollout;
  private final DeprecatedCalls deprecated = new DeprecatedCalls();
  private final Roads roads;
  private final Shadow shadow;
  private final Consumer<ImageResult> listener;
  private final CallObserver observer;
  private final AtomicBoolean observerFailed = new AtomicBoolean();
  private final List<SettingsWatch> watches;

  Fluxbridge(FluxbridgeBuilder builder) {
    this.settings = builder.settings;
    this.listener = builder.listener;
    this.observer = builder.observer;
    this.backends = InstalledBackends.find(settings);
    check(settings, backends.names());
    this.phase = settings.phase();
    LastGood<RolloutRules> rules = lastGood(() -> RolloutRules.of(settings::find));
    LastGood<Map<Task, Fallback>> fallbacks = lastGood(() -> Fallback.all(settings::find));
    this.router = new Router(builder.flags, backends.names(), phase > 1, this::ceilings, log::warn);
    check(router);
    this.rollout = Rollout.start(rules, router::lanes, this::tell, SteadyClock.system());
    LastGood<Prices> prices = lastGood(() -> Prices.of(settings::find));
    this.roads =
        new Roads(
            settings, backends, router, rollout, fallbacks, prices, builder.watcher, this::tell);
    LastGood<ShadowRules> shadows =
        lastGood(() -> ShadowRules.of(settings::find, backends.names()));
    this.shadow = new Shadow(shadows, prices, roads, rollout, builder.known, this::tell);
    this.watches =
        settings.path().stream()
            .map(path -> new SettingsWatch(settings, path, this::checkAnew, this::tell).start())
            .toList();
  }

  private static <T> LastGood<T> lastGood(Supplier<T> reader) {
    return new LastGood<>(reader, System::nanoTime, log::warn);
  }

  private void checkAnew(Settings candidate) {
    check(candidate, backends.names());
  }

  /**
   * Whether settings make sense as a whole: asked at the start, and before a new file counts. It
   * opens no road, so commands and tests of a deployment ask it too.
   *
   * @param installed the backends that there are, where the settings count
   * @throws BackendException {@link Reason#INVALID} if a flag makes no sense
   * @throws IllegalStateException if another setting makes no sense, naming where it was set
   */
  public static void check(Settings settings, List<String> installed) {
    check(new Router(settings, installed, settings.phase() > 1, () -> Ceilings.NONE, log::warn));
    try {
      ProtectedPixels.of(settings);
      RolloutRules.of(settings::find);
      Fallback.all(settings::find);
      Prices.of(settings::find);
      ShadowRules.of(settings::find, installed);
    } catch (IllegalArgumentException e) {
      throw new BackendException(Reason.INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  private static void check(Router flags) {
    try {
      flags.check();
    } catch (IllegalArgumentException e) {
      throw new BackendException(Reason.INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  private Ceilings ceilings() {
    return rollout.ceilings();
  }

  private void tell(RolloutEvent event) {
    observing(() -> observer.happened(event));
  }

  private void tell(SettingsWatch.Told told) {
    if (told.taken()) {
      log.info("{}", told.text());
    } else {
      log.warn("{}", told.text());
    }
  }

  /** With this process's settings, watched by nobody. */
  public static Fluxbridge ofProcess() {
    return of(Settings.ofProcess());
  }

  /** With the given settings, watched by nobody. */
  public static Fluxbridge of(Settings settings) {
    return builder(settings).build();
  }

  /** With more than settings. */
  public static FluxbridgeBuilder builder(Settings settings) {
    return new FluxbridgeBuilder(settings);
  }

  /**
   * The same settings, watched.
   *
   * @param settings what is set
   * @param watcher sees the progress of every call
   * @param listener sees every result, on the caller's thread, before the caller does; what it
   *     throws is logged
   */
  public static Fluxbridge watched(
      Settings settings, Progress watcher, Consumer<ImageResult> listener) {
    return builder(settings).watcher(watcher).listener(listener).build();
  }

  /** The one that facades use unless they are given another. Made at first use. */
  public static synchronized Fluxbridge standard() {
    if (standard == null) {
      standard = ofProcess();
    }
    return standard;
  }

  /** Makes {@code fluxbridge} the standard one. The former standard one is not closed. */
  public static synchronized void useAsStandard(Fluxbridge fluxbridge) {
    standard = fluxbridge;
  }

  /**
   * Puts another one in the place of the standard one, for tests that put it back.
   *
   * @param fluxbridge null to make one anew at next use
   * @return the former one, which is not closed; null if none was made yet
   */
  public static synchronized @Nullable Fluxbridge replaceStandard(@Nullable Fluxbridge fluxbridge) {
    Fluxbridge former = standard;
    standard = fluxbridge;
    return former;
  }

  /**
   * The road that a call would take now, for programs that go it by themselves, and for whoever
   * wants to know where a key belongs.
   *
   * @param routingKey whose call it is; null if nobody said
   * @throws BackendException as {@link Router#decide} does
   */
  public Decision decide(Task task, @Nullable String routingKey) {
    return router.decide(task, routingKey);
  }

  /** Puts a call on its road, with the routing key that is bound to this thread, if one is. */
  public ImageResult generate(ImageRequest request, Progress progress) {
    return generate(request, progress, null);
  }

  /**
   * Puts a call on its road.
   *
   * @param request what to draw
   * @param progress the caller's own watcher; its answers count
   * @param routingKey whose call it is; null for the key that is bound to this thread, if one is
   * @throws BackendException as {@link ImageBackend#generate(ImageRequest, Progress)} does, and as
   *     {@link Router#decide} does
   */
  public ImageResult generate(
      ImageRequest request, Progress progress, @Nullable String routingKey) {
    String key = routingKey == null ? RoutingKey.current() : routingKey;
    Decision decision = shadow.sampled(request, decided(request.task(), key));
    if (phase == 2 && decision.backend().equals("local")) {
      deprecated.warn(decision.because());
    }
    CallObserver.Call observed =
        observing(() -> observer.begins(decision, phase), CallObserver.Call.NONE);
    long start = System.nanoTime();
    ImageResult result;
    try {
      result = new ServedCall(roads, request, progress).on(decision);
    } catch (RuntimeException | Error e) {
      observing(() -> observed.failed(e));
      if (e instanceof BackendException failure) {
        shadow.failed(request, decision, failure, since(start));
      }
      throw e;
    }
    Duration took = since(start);
    observing(() -> observed.ended(result));
    try {
      listener.accept(result);
    } catch (RuntimeException e) {
      // The pictures are drawn, and perhaps paid for: nobody's looking on may lose them.
      log.warn("The listener failed; the result is handed over all the same", e);
    }
    shadow.served(request, result, took);
    return result;
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Decision decided(Task task, @Nullable String routingKey) {
    try {
      return router.decide(task, routingKey);
    } catch (RuntimeException e) {
      observing(() -> observer.refused(task, phase, e));
      throw e;
    }
  }

  private void observing(Runnable look) {
    observing(
        () -> {
          look.run();
          return observerFailed;
        },
        observerFailed);
  }

  private <T> T observing(Supplier<T> look, T otherwise) {
    try {
      return look.get();
    } catch (RuntimeException e) {
      if (observerFailed.compareAndSet(false, true)) {
        log.warn("The observer of calls failed; calls go on, and this is not said again", e);
      }
      return otherwise;
    }
  }

  /** What a person may do to the rollout, and how it stands. Waits for its store. */
  public Steering steering() {
    return rollout.steering();
  }

  /** What becomes of old arguments here: the rows about every road, then those of the backends. */
  public List<LedgerRow> ledger() {
    return Stream.concat(Stream.of(ProtectedPixels.NOT_RESTORED), backends.ledger().stream())
        .toList();
  }

  /** The places in callers' code that still drew on the local road in phase 2. */
  public Set<String> deprecatedPlaces() {
    return deprecated.places();
  }

  /** Whether every note is to be an error. */
  public boolean strict() {
    return settings.isOn(Settings.STRICT);
  }

  @Override
  public void close() {
    watches.forEach(SettingsWatch::close);
    shadow.close();
    rollout.close();
    backends.close();
  }
}
