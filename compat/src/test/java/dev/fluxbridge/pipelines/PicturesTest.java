package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PicturesTest {
  /** Two pixels beside each other: the planes are red, green, blue. */
  private static final Picture.Pixels TWO =
      new Picture.Pixels(Tensor.of(new float[] {1f, 0f, 0.5f, 0f, 0f, 0.25f}, 3, 1, 2));

  @Test
  void roundsHalfToEvenAsTheOldImageProcessorDid() {
    float half = 0.5f / 255;
    float oneAndAHalf = 1.5f / 255;
    BufferedImage image =
        Pictures.toBufferedImage(
            new Picture.Pixels(Tensor.of(new float[] {half, oneAndAHalf, 2f}, 3, 1, 1)));
    assertThat(image.getRGB(0, 0) & 0xffffff).isEqualTo(0x0002ff);
  }

  @Test
  void putsChannelsWhereTheyBelong() {
    BufferedImage image = Pictures.toBufferedImage(TWO);
    assertThat(image.getRGB(0, 0) & 0xffffff).isEqualTo(0xff8000);
    assertThat(image.getRGB(1, 0) & 0xffffff).isEqualTo(0x000040);
  }

  @Test
  void givesChannelsLastForNumpy() {
    Tensor last = Pictures.toChannelsLast(Pictures.toChannelsFirst(List.of(TWO, TWO)));
    assertThat(last.shape()).containsExactly(2, 1, 2, 3);
    assertThat(last.values()).startsWith(1f, 0.5f, 0f, 0f, 0f, 0.25f, 1f);
  }

  @Test
  void readsTheSamePixelsFromAFile() throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(Pictures.toBufferedImage(TWO), "png", png);
    Tensor read =
        Pictures.toChannelsFirst(List.of(new Picture.Encoded(png.toByteArray(), "image/png")));
    assertThat(read.shape()).containsExactly(1, 3, 1, 2);
    assertThat(read.values()).containsExactly(1f, 0f, 128f / 255, 0f, 0f, 64f / 255);
  }

  @Test
  void greyFilesKeepTheirNumbers() throws IOException {
    BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(0, 0, 0, 100);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(grey, "png", png);
    Picture.Encoded file = new Picture.Encoded(png.toByteArray(), "image/png");
    assertThat(Pictures.toBufferedImage(file).getRGB(0, 0) & 0xffffff).isEqualTo(0x646464);
    assertThat(Pictures.toChannelsFirst(List.of(file)).values())
        .containsExactly(100 / 255f, 100 / 255f, 100 / 255f);
  }

  @Test
  void callsAFileThatIsNoPictureABadReply() {
    Picture.Encoded text = new Picture.Encoded(new byte[] {1, 2, 3}, "image/png");
    assertThatThrownBy(() -> Pictures.toBufferedImage(text))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_REPLY));
  }

  @Test
  void callsATruncatedFileABadReply() throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", png);
    byte[] half = java.util.Arrays.copyOf(png.toByteArray(), png.size() / 2);
    assertThatThrownBy(() -> Pictures.toBufferedImage(new Picture.Encoded(half, "image/png")))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_REPLY));
  }

  @Test
  void refusesToStackPicturesOfTwoSizes() {
    Picture.Pixels one = new Picture.Pixels(Tensor.of(new float[3], 3, 1, 1));
    assertThatThrownBy(() -> Pictures.toChannelsFirst(List.of(TWO, one)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("differ in size");
  }
}
