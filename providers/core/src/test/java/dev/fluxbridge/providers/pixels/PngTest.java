package dev.fluxbridge.providers.pixels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.Bitmap;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PngTest {

  @Property(tries = 60)
  void aDecoderGetsThePixelsBack(
      @ForAll @IntRange(min = 1, max = 90) int width,
      @ForAll @IntRange(min = 1, max = 90) int height,
      @ForAll @IntRange(min = 0, max = 2) int kind)
      throws IOException {
    int channels = new int[] {1, 3, 4}[kind];
    Bitmap picture = LanczosTest.ramp(width, height, channels);

    BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.encode(picture)));

    assertThat(read.getRaster().getNumBands()).isEqualTo(channels);
    byte[] pixels = new byte[picture.pixels().length];
    for (int i = 0; i < pixels.length; i++) {
      int pixel = i / channels;
      pixels[i] = (byte) read.getRaster().getSample(pixel % width, pixel / width, i % channels);
    }
    assertThat(new Bitmap(read.getWidth(), read.getHeight(), channels, pixels)).isEqualTo(picture);
  }
}
