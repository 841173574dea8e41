package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.MaskHonesty;
import java.awt.image.BufferedImage;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An edit on a hosted road that repaints more than its mask lets it, through the whole stack. */
class ProtectedPixelsRoadTest {
  private static final int SIDE = 64;

  private final FalOnLoopback fal = new FalOnLoopback();

  @AfterEach
  void stop() {
    fal.close();
  }

  private FluxPipelineOutput edit(Map<String, String> more) {
    BufferedImage black = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    BufferedImage mask = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < SIDE * SIDE; i++) {
      mask.getRaster().setSample(i % SIDE, i / SIDE, 0, i % SIDE < SIDE / 2 ? 0 : 255);
    }
    try (Fluxbridge roads = Fluxbridge.of(fal.settings(more))) {
      return FluxInpaintPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads)
          .call(
              new FluxInpaintArguments()
                  .prompt("a cat")
                  .image(black)
                  .maskImage(mask)
                  .height(SIDE)
                  .width(SIDE));
    }
  }

  @Test
  void tellsWhatBecameOfThePixelsThatTheMaskProtects() {
    FluxPipelineOutput output = edit(Map.of());
    MaskHonesty honesty = output.result().maskHonesty().get(0);
    assertThat(honesty.protectedPixels()).isEqualTo(SIDE * SIDE / 2);
    assertThat(honesty.meanAbsoluteDifference())
        .isCloseTo((0x33 + 0x66 + 0xcc) / 3.0, within(1e-9));
    assertThat(honesty.shareChanged()).isEqualTo(1);
    assertThat(honesty.sent()).isEmpty();
    assertThat(output.images().get(0).getRGB(0, 0) & 0xffffff).isEqualTo(FalOnLoopback.COLOUR);
  }

  @Test
  void putsThemBackWhereTheSettingsSaySoAndKeepsWhatWasSent() {
    FluxPipelineOutput output = edit(Map.of("fluxbridge.protect", "composite"));
    BufferedImage picture = output.images().get(0);
    assertThat(picture.getRGB(SIDE / 2 - 1, 9) & 0xffffff).isZero();
    assertThat(picture.getRGB(SIDE / 2, 9) & 0xffffff).isEqualTo(FalOnLoopback.COLOUR);
    MaskHonesty honesty = output.result().maskHonesty().get(0);
    assertThat(honesty.shareChanged()).isEqualTo(1);
    assertThat(honesty.sent()).isPresent();
  }
}
