package dev.fluxbridge.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class OpenAiPicturesTest {
  private static BufferedImage read(byte[] png) {
    try {
      return ImageIO.read(new ByteArrayInputStream(png));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OpenAiPictures of(Images image, Images mask) {
    return OpenAiPictures.of(image, Optional.of(mask), Optional.empty(), Optional.empty());
  }

  @Test
  void everyWhitePixelOfAMaskBecomesTransparentAndEveryBlackOneOpaque() {
    byte[] grey = new byte[256];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) i;
    }
    Images picture = Images.of(Requests.picture(16, 16));
    BufferedImage mask =
        read(of(picture, Images.of(new Bitmap(16, 16, 1, grey))).mask(0).orElseThrow());

    assertThat(mask.getWidth() + "x" + mask.getHeight()).isEqualTo("16x16");
    for (int i = 0; i < 256; i++) {
      assertThat(mask.getRGB(i % 16, i / 16))
          .as("a grey of %d", i)
          .isEqualTo(i >= 128 ? 0 : 0xff000000);
    }
  }

  @Test
  void aMaskOfColoursIsReadAsItsGrey() {
    byte[] colours = {(byte) 255, 0, 0, 0, (byte) 255, 0}; // the grey of red is 76, of green 150
    Images picture = Images.of(Requests.picture(2, 1));
    BufferedImage mask =
        read(of(picture, Images.of(new Bitmap(2, 1, 3, colours))).mask(0).orElseThrow());
    assertThat(mask.getRGB(0, 0)).isEqualTo(0xff000000);
    assertThat(mask.getRGB(1, 0)).isZero();
  }

  @Test
  void aMaskIsBroughtToTheSizeOfItsPictureWithoutHalfTones() {
    Images picture = Images.of(Requests.picture(96, 64));
    BufferedImage mask =
        read(of(picture, Images.of(Requests.leftHalf(12, 8))).mask(0).orElseThrow());

    assertThat(mask.getWidth() + "x" + mask.getHeight()).isEqualTo("96x64");
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 96; x++) {
        assertThat(mask.getRGB(x, y)).isEqualTo(x < 48 ? 0 : 0xff000000);
      }
    }
  }

  @Test
  void aMaskOfNumbersMayHaveTwoThreeOrFourSides() {
    Images picture = Images.of(Requests.picture(2, 1));
    for (Tensor tensor :
        new Tensor[] {
          Tensor.of(new float[] {1, 0}, 1, 2),
          Tensor.of(new float[] {1, 0}, 1, 1, 2),
          Tensor.of(new float[] {1, 0}, 1, 1, 1, 2)
        }) {
      OpenAiPictures pictures = of(picture, Images.of(tensor));
      BufferedImage mask = read(pictures.mask(0).orElseThrow());
      assertThat(mask.getRGB(0, 0)).isZero();
      assertThat(mask.getRGB(1, 0)).isEqualTo(0xff000000);
    }
  }

  @Test
  void threeSidesOfAMaskAreThreeMasksAndNoColours() {
    Images picture = Images.of(Requests.picture(1, 1));
    OpenAiPictures pictures = of(picture, Images.of(Tensor.of(new float[] {1, 0, 1}, 3, 1, 1)));
    assertThat(pictures.count()).isEqualTo(3);
    assertThat(read(pictures.mask(0).orElseThrow()).getRGB(0, 0)).isZero();
    assertThat(read(pictures.mask(1).orElseThrow()).getRGB(0, 0)).isEqualTo(0xff000000);
  }

  @Test
  void aPictureKeepsItsPixelsAndLosesItsTransparency() {
    byte[] pixels = {1, 2, 3, 0, 4, 5, 6, (byte) 255};
    OpenAiPictures pictures =
        OpenAiPictures.of(
            Images.of(new Bitmap(2, 1, 4, pixels)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    BufferedImage image = read(pictures.images(0).get(0));
    assertThat(image.getColorModel().hasAlpha()).isFalse();
    assertThat(image.getRGB(0, 0)).isEqualTo(0xff010203);
    assertThat(image.getRGB(1, 0)).isEqualTo(0xff040506);
    assertThat(pictures.mask(0)).isEmpty();
  }

  @Test
  void latentsAreNoPicture() {
    Images latents = Images.of(Tensor.of(new float[16], 1, 16, 1, 1));
    assertThatThrownBy(
            () -> OpenAiPictures.of(latents, Optional.empty(), Optional.empty(), Optional.empty()))
        .hasMessageContaining("openai.image.latents");
  }
}
