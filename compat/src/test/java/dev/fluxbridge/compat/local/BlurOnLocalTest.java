package dev.fluxbridge.compat.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.legacy.picture.Bitmap;
import dev.fluxbridge.legacy.picture.ImageProcessor;
import dev.fluxbridge.pipelines.FluxFillPipeline;
import java.awt.image.BufferedImage;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The facade blurs masks as the engine does, which is held to Pillow's own pixels. */
class BlurOnLocalTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 33, 200})
  void blursBitForBit(int radius) {
    int width = 37;
    int height = 23;
    byte[] pixels = new byte[3 * width * height];
    new Random(radius).nextBytes(pixels);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] samples = new int[pixels.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = pixels[i] & 0xff;
    }
    image.getRaster().setPixels(0, 0, width, height, samples);
    Bitmap expected =
        ImageProcessor.forMasks(16, 16).blur(new Bitmap(width, height, 3, pixels), radius);
    BufferedImage blurred =
        FluxFillPipeline.fromPretrained("m").maskProcessor().blur(image, radius);
    int[] found = blurred.getRaster().getPixels(0, 0, width, height, (int[]) null);
    for (int i = 0; i < found.length; i++) {
      assertThat((byte) found[i]).isEqualTo(expected.pixels()[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_INT_ARGB})
  void keepsTheKindOfThePicture(int type) {
    BufferedImage blurred =
        FluxFillPipeline.fromPretrained("m").maskProcessor().blur(new BufferedImage(8, 8, type));
    assertThat(blurred.getColorModel().hasAlpha()).isEqualTo(type == BufferedImage.TYPE_INT_ARGB);
    assertThat(blurred.getRaster().getNumBands())
        .isEqualTo(type == BufferedImage.TYPE_BYTE_GRAY ? 1 : 4);
  }
}
