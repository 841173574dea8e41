package dev.fluxbridge.compat.local;

import dev.fluxbridge.compat.ImageBackendContract;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.ImageBackend;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class LocalBackendTest extends ImageBackendContract {
  private static final LocalBackend BACKEND =
      new LocalBackend(
          Settings.of(Map.of(Settings.LOCAL_CHECKPOINT, "embedded"), Map.of(), Map.of()));

  @Override
  protected ImageBackend backend() {
    return BACKEND;
  }

  @AfterAll
  static void free() {
    BACKEND.close();
  }
}
