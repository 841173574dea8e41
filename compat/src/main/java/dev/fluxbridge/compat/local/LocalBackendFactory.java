package dev.fluxbridge.compat.local;

import dev.fluxbridge.compat.BackendFactory;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.legacy.flux.StepWatcher;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.LedgerRow;
import java.util.List;
import java.util.Objects;

/** Makes the local road. Public, with a public constructor, because services must be. */
public final class LocalBackendFactory implements BackendFactory {

  /**
   * Touches the engine, so that a class path without it is found out here and not at the first
   * call.
   */
  public LocalBackendFactory() {
    Objects.requireNonNull(StepWatcher.NONE);
  }

  @Override
  public String name() {
    return LocalBackend.NAME;
  }

  @Override
  public List<LedgerRow> ledger() {
    return LocalLedger.rows();
  }

  @Override
  public ImageBackend create(Settings settings) {
    return new LocalBackend(settings);
  }
}
