package dev.fluxbridge.compat;

import dev.fluxbridge.compat.route.FlagSource;
import dev.fluxbridge.compat.route.Route;
import dev.fluxbridge.compat.route.Router;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.RefusedArgumentException;
import java.util.List;
import java.util.function.Consumer;
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
  private final FlagSource flags;
  private final InstalledBackends backends;
  private final Progress watcher;
  private final Consumer<ImageResult> listener;

  private Fluxbridge(Settings settings, Progress watcher, Consumer<ImageResult> listener) {
    this.settings = settings;
    this.flags = settings;
    this.backends = InstalledBackends.find(settings);
    this.watcher = watcher;
    this.listener = listener;
  }

  /** With this process's settings, watched by nobody. */
  public static Fluxbridge ofProcess() {
    return of(Settings.ofProcess());
  }

  /** With the given settings, watched by nobody. */
  public static Fluxbridge of(Settings settings) {
    return new Fluxbridge(settings, Progress.NONE, result -> {});
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
    return new Fluxbridge(settings, watcher, listener);
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
   * Puts a call on its road.
   *
   * @param request what to draw
   * @param progress the caller's own watcher; its answers count
   * @throws dev.fluxbridge.providers.BackendException as {@link ImageBackend#generate(ImageRequest,
   *     Progress)} does, and where the flag names no installed backend
   */
  public ImageResult generate(ImageRequest request, Progress progress) {
    Route route = Router.choose(request.task(), flags.flag(request.task()), backends.names());
    ProtectedPixels masks = ProtectedPixels.of(settings);
    ImageResult drawn = generate(route.backend(), request, new BothWatch(watcher, progress));
    ImageResult result = masks.examine(request, drawn).withBecause(route.because());
    try {
      listener.accept(result);
    } catch (RuntimeException e) {
      // The pictures are drawn, and perhaps paid for: nobody's looking on may lose them.
      log.warn("The listener failed; the result is handed over all the same", e);
    }
    return result;
  }

  private ImageResult generate(String backend, ImageRequest request, Progress progress) {
    try {
      return backends.get(backend).generate(request, progress);
    } catch (RefusedArgumentException refusal) {
      throw refusal.naming(backends.taking(request.pipeline(), refusal.row()));
    }
  }

  /** What becomes of old arguments here: the rows about every road, then those of the backends. */
  public List<LedgerRow> ledger() {
    return Stream.concat(Stream.of(ProtectedPixels.NOT_RESTORED), backends.ledger().stream())
        .toList();
  }

  /** Whether every note is to be an error. */
  public boolean strict() {
    return settings.isOn(Settings.STRICT);
  }

  @Override
  public void close() {
    backends.close();
  }
}
