package dev.fluxbridge.compat.openai;

import dev.fluxbridge.OpenAiOnLoopback;
import dev.fluxbridge.compat.ImageBackendContract;
import dev.fluxbridge.providers.ImageBackend;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class OpenAiBackendTest extends ImageBackendContract {
  private static final OpenAiOnLoopback OPENAI = new OpenAiOnLoopback();
  private static final ImageBackend BACKEND =
      new OpenAiBackendFactory().create(OPENAI.settings(Map.of()));

  @Override
  protected ImageBackend backend() {
    return BACKEND;
  }

  @Override
  protected boolean tellsSeeds() {
    return false;
  }

  @AfterAll
  static void free() throws Exception {
    ((AutoCloseable) BACKEND).close();
    OPENAI.close();
  }
}
