package dev.fluxbridge.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.BackendException.Reason;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BitmapsTest {
  @Property(tries = 60)
  void aFlatPictureStaysFlatInEverySize(
      @ForAll @IntRange(min = 0, max = 255) int level,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height) {
    byte[] pixels = new byte[7 * 11];
    java.util.Arrays.fill(pixels, (byte) level);
    assertThat(Resampling.resize(new Bitmap(7, 11, 1, pixels), width, height).pixels())
        .containsOnly(level);
  }

  @Property(tries = 60)
  void whatIsWrittenAsPngIsReadBack(
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = 1, max = 20) int height,
      @ForAll long seed) {
    byte[] pixels = new byte[3 * width * height];
    new Random(seed).nextBytes(pixels);
    Bitmap bitmap = new Bitmap(width, height, 3, pixels);
    assertThat(Bitmaps.of(new Picture.Encoded(Bitmaps.png(bitmap), "image/png"))).isEqualTo(bitmap);
  }

  @Test
  void greysAndAlphaGoIntoPngFilesToo() {
    Bitmap grey = new Bitmap(2, 1, 1, new byte[] {7, (byte) 200});
    assertThat(Bitmaps.of(new Picture.Encoded(Bitmaps.png(grey), "image/png")).pixels())
        .containsExactly(7, 7, 7, 200, 200, 200);
    Bitmap clear = new Bitmap(1, 1, 4, new byte[] {1, 2, 3, 0});
    assertThat(Bitmaps.of(new Picture.Encoded(Bitmaps.png(clear), "image/png")).pixels())
        .containsExactly(1, 2, 3);
  }

  @Test
  void alphaIsKeptWhereItIsAskedFor() {
    Bitmap clear = new Bitmap(2, 1, 4, new byte[] {1, 2, 3, 0, 4, 5, 6, 77});
    Bitmap rgb = new Bitmap(1, 1, 3, new byte[] {7, 8, 9});
    assertThat(Bitmaps.withAlpha(new Picture.Encoded(Bitmaps.png(clear), "image/png")))
        .isEqualTo(clear);
    assertThat(Bitmaps.withAlpha(new Picture.Encoded(Bitmaps.png(rgb), "image/png")).pixels())
        .containsExactly(7, 8, 9, -1);
  }

  @Test
  void readsTensorsOfEveryShapeThatPicturesHave() {
    assertThat(Bitmaps.of(Images.of(Tensor.of(new float[] {0, 1}, 1, 2))))
        .containsExactly(new Bitmap(2, 1, 1, new byte[] {0, (byte) 255}));
    assertThat(Bitmaps.of(Images.of(Tensor.of(new float[] {0, 1, 0.5f}, 3, 1, 1))))
        .containsExactly(new Bitmap(1, 1, 3, new byte[] {0, (byte) 255, (byte) 128}));
    assertThat(Bitmaps.of(Images.of(Tensor.of(new float[6], 2, 3, 1, 1)))).hasSize(2);
    assertThat(Bitmaps.of(Images.of(Tensor.of(new float[] {0, 1}, 2, 1, 1))))
        .containsExactly(
            new Bitmap(1, 1, 1, new byte[1]), new Bitmap(1, 1, 1, new byte[] {(byte) 255}));
    assertThatThrownBy(() -> Bitmaps.of(Images.of(Tensor.of(new float[16], 1, 16, 1, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16 channels");
  }

  @Test
  void aFileThatIsNoPictureIsABadReply() {
    Picture.Encoded broken = new Picture.Encoded(new byte[] {1, 2, 3}, "image/png");
    assertThatThrownBy(() -> Bitmaps.of(broken))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_REPLY));
    byte[] half = Bitmaps.png(new Bitmap(50, 50, 3, new byte[7500]));
    Picture.Encoded cut =
        new Picture.Encoded(java.util.Arrays.copyOf(half, half.length - 30), "image/png");
    assertThatThrownBy(() -> Bitmaps.of(cut)).isInstanceOf(BackendException.class);
  }

  @Test
  void takesNumbersBelow0ForOnesFromMinus1To1() {
    Images images = Images.of(Tensor.of(new float[] {-1, 0, 1}, 1, 1, 3));

    assertThat(Bitmaps.of(images).get(0).pixels()).containsExactly(0, (byte) 128, (byte) 255);
  }
}
