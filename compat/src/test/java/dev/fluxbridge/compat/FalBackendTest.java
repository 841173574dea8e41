package dev.fluxbridge.compat;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.providers.ImageBackend;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class FalBackendTest extends ImageBackendContract {
  private static final FalOnLoopback FAL = new FalOnLoopback();
  private static final ImageBackend BACKEND =
      new FalBackendFactory().create(FAL.settings(Map.of()));

  @Override
  protected ImageBackend backend() {
    return BACKEND;
  }

  @AfterAll
  static void free() throws Exception {
    ((AutoCloseable) BACKEND).close();
    FAL.close();
  }
}
