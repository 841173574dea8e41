package dev.fluxbridge.compat;

import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.LedgerRow;
import java.util.List;

/**
 * Makes one backend out of the settings. Found with {@link java.util.ServiceLoader}, so that a road
 * can be taken away by taking its artifact off the class path.
 *
 * <p>The constructor of an implementation touches what the backend needs: if that is missing, the
 * backend counts as not installed.
 */
public interface BackendFactory {

  /** The name that a flag uses for the backend. */
  String name();

  /** What the backend makes of old arguments: its rows of the fidelity ledger. */
  List<LedgerRow> ledger();

  /**
   * Makes the backend. Called at most once, at the first call that takes this road; must not load
   * anything large yet.
   */
  ImageBackend create(Settings settings);
}
