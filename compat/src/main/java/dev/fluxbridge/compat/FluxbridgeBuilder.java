package dev.fluxbridge.compat;

import dev.fluxbridge.compat.route.FlagSource;
import dev.fluxbridge.compat.shadow.KnownDifference;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Progress;
import java.util.function.Consumer;

/** What a {@link Fluxbridge} is made of. Not safe for use by several threads. */
public final class FluxbridgeBuilder {
  final Settings settings;
  FlagSource flags;
  Progress watcher = Progress.NONE;
  Consumer<ImageResult> listener = result -> {};
  CallObserver observer = CallObserver.NONE;
  KnownDifference known = (request, comparison, difference) -> false;

  FluxbridgeBuilder(Settings settings) {
    this.settings = settings;
    this.flags = settings;
  }

  /** Flags from elsewhere; the settings' own count no more. */
  public FluxbridgeBuilder flags(FlagSource source) {
    flags = source;
    return this;
  }

  /** Sees the progress of every call. */
  public FluxbridgeBuilder watcher(Progress progress) {
    watcher = progress;
    return this;
  }

  /**
   * Sees every result, on the caller's thread, before the caller does; what it throws is logged.
   */
  public FluxbridgeBuilder listener(Consumer<ImageResult> onlooker) {
    listener = onlooker;
    return this;
  }

  /** Sees every call begin and end. */
  public FluxbridgeBuilder observer(CallObserver onlooker) {
    observer = onlooker;
    return this;
  }

  /**
   * Differences between a shadow and what was served that are no mismatch, besides the settings'.
   */
  public FluxbridgeBuilder known(KnownDifference differences) {
    known = differences;
    return this;
  }

  /**
   * Checks the settings and opens both roads.
   *
   * @throws dev.fluxbridge.providers.BackendException with reason INVALID if a flag makes no sense
   * @throws IllegalStateException if another setting makes no sense, naming where it was set
   */
  public Fluxbridge build() {
    return new Fluxbridge(this);
  }
}
