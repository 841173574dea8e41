package dev.fluxbridge.compat.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.ImageBackendContract;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Prompt;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LocalBackendTest extends ImageBackendContract {
  private static final LocalBackend BACKEND =
      new LocalBackend(
          Settings.of(Map.of(Settings.LOCAL_CHECKPOINT, "embedded"), Map.of(), Map.of()));

  @Override
  protected ImageBackend backend() {
    return BACKEND;
  }

  @Test
  void whatAStopQuestionThrowsArrivesAsItIs() {
    IllegalArgumentException own = new IllegalArgumentException("mine");
    Progress broken =
        new Progress() {
          @Override
          public boolean stopEarly() {
            throw own;
          }
        };
    assertThatThrownBy(() -> BACKEND.generate(request(Prompt.of("a red circle")), broken))
        .isSameAs(own);
  }

  @AfterAll
  static void free() {
    BACKEND.close();
  }
}
