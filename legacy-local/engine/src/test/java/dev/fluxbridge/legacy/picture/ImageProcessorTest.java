package dev.fluxbridge.legacy.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.legacy.array.Floats;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ImageProcessorTest {
  private static final ImageProcessor IMAGES = ImageProcessor.forImages(16, 16);
  private static final ImageProcessor MASKS = ImageProcessor.forMasks(16, 16);

  @Test
  void leavesAPictureOfTheRightSizeAsItIs() {
    Bitmap picture = Bitmaps.picture(48, 32, 3, 1);
    float[] values = IMAGES.preprocess(Images.of(picture), 32, 48).values();
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] * 0.5f + 0.5f;
    }
    assertThat(ImageProcessor.postprocess(Floats.of(values, 3, 32, 48))).isEqualTo(picture);
  }

  @Test
  void keepsAPictureOfOneColourInOneColour() {
    for (int level : new int[] {0, 1, 127, 254, 255}) {
      Bitmap even = even(37, 23, 3, level);
      for (Size size : new Size[] {new Size(5, 90), new Size(80, 7), new Size(1, 1)}) {
        for (Filter filter : Filter.values()) {
          assertThat(Resize.whole(even, size, filter))
              .isEqualTo(even(size.width(), size.height(), 3, level));
        }
      }
      assertThat(Fit.filled(even, new Size(64, 64))).isEqualTo(even(64, 64, 3, level));
    }
  }

  @Test
  void bringsPicturesOfDifferentSizesToOne() {
    Floats batch =
        IMAGES.preprocess(
            Images.of(Bitmaps.picture(20, 30, 3, 1), Bitmaps.picture(50, 40, 3, 2)), 32, 48);
    assertThat(batch.shape()).containsExactly(2, 3, 32, 48);
    Floats second = IMAGES.preprocess(Images.of(Bitmaps.picture(50, 40, 3, 2)), 32, 48);
    assertThat(Arrays.copyOfRange(batch.values(), 3 * 32 * 48, 2 * 3 * 32 * 48))
        .isEqualTo(second.values());
  }

  @Test
  void fitsAMaskOfAnotherSizeToThePicture() {
    Bitmap mask = Bitmaps.block(new Size(200, 100), new CropRegion(0, 0, 100, 100));
    Floats prepared = MASKS.preprocess(Images.of(mask), 64, 64);
    assertThat(prepared.shape()).containsExactly(1, 1, 64, 64);
    for (int i = 0; i < 64 * 64; i++) {
      assertThat(prepared.values()[i]).as("pixel %d", i).isEqualTo(i % 64 < 32 ? 1f : 0f);
    }
  }

  @Test
  void takesTheFirstPicturesSizeCutDownToMultiples() {
    Images bitmaps = Images.of(Bitmaps.picture(47, 33, 1, 1), Bitmaps.picture(99, 99, 1, 1));
    assertThat(IMAGES.defaultSize(bitmaps)).isEqualTo(new Size(32, 32));
    Images values = Images.of(Bitmaps.tensor(0, 1, 3, 40, 90));
    assertThat(IMAGES.defaultSize(values)).isEqualTo(new Size(80, 32));
  }

  @Test
  void changesNothingThatItIsGiven() {
    Bitmap mask = Bitmaps.block(new Size(64, 48), new CropRegion(10, 10, 30, 30));
    Bitmap before = Bitmaps.picture(64, 48, 4, 2);
    Bitmap drawn = Bitmaps.picture(64, 64, 3, 3);
    Floats values = Bitmaps.tensor(0, 1, 3, 16, 16);
    MASKS.preprocess(Images.of(values), 16, 16);
    IMAGES.applyOverlay(IMAGES.blur(mask, 2), before, drawn, Optional.empty());
    IMAGES.applyOverlay(mask, before, drawn, Optional.of(new CropRegion(5, 5, 40, 40)));
    assertThat(mask).isEqualTo(Bitmaps.block(new Size(64, 48), new CropRegion(10, 10, 30, 30)));
    assertThat(before).isEqualTo(Bitmaps.picture(64, 48, 4, 2));
    assertThat(drawn).isEqualTo(Bitmaps.picture(64, 64, 3, 3));
    assertThat(values.values()).isEqualTo(Bitmaps.tensor(0, 1, 3, 16, 16).values());
  }

  @Test
  void keepsEveryPixelThatABlackMaskProtects() {
    Bitmap before = Bitmaps.picture(64, 48, 3, 2);
    Bitmap mask = Bitmap.black(before.size(), 1);
    Bitmap drawn = Bitmaps.picture(64, 48, 3, 9);
    assertThat(IMAGES.applyOverlay(mask, before, drawn, Optional.empty())).isEqualTo(before);
    assertThat(IMAGES.applyOverlay(even(64, 48, 1, 255), before, drawn, Optional.empty()))
        .isEqualTo(drawn);
  }

  @Test
  void joinsTensorsToOneBatch() {
    Floats one = Bitmaps.tensor(0, 3, 4, 5);
    Floats two = Bitmaps.tensor(0.1, 2, 3, 4, 5);
    Images joined = Images.ofAll(List.of(one, two));
    assertThat(joined.count()).isEqualTo(3);
    Floats tensor = ((Images.Values) joined).tensor();
    assertThat(tensor.shape()).containsExactly(3, 3, 4, 5);
    assertThat(Arrays.copyOf(tensor.values(), 60)).isEqualTo(one.values());
    assertThat(Arrays.copyOfRange(tensor.values(), 60, 180)).isEqualTo(two.values());
  }

  @Test
  void refusesBitmapsThatAreNone() {
    refused(() -> new Bitmap(2, 2, 3, new byte[11]), "2x2", "12 bytes", "11");
    refused(() -> new Bitmap(2, 2, 2, new byte[8]), "1 channel", "has 2");
    refused(() -> new Bitmap(0, 2, 3, new byte[0]), "at least 1x1", "0x2");
    refused(() -> new Bitmap(70000, 70000, 3, new byte[0]), "14700000000 bytes");
    refused(() -> new CropRegion(4, 4, 4, 9), "empty");
  }

  @Test
  void refusesImagesThatAreNone() {
    refused(() -> Images.of(), "at least one picture");
    refused(() -> Images.of(Bitmaps.tensor(0, 5)), "(B, C, H, W)", "[5]");
    refused(() -> Images.of(Floats.of(new float[0], 1, 3, 0, 4)), "[1, 3, 0, 4]");
    refused(() -> Images.ofAll(List.of()), "at least one picture");
    refused(
        () -> Images.ofAll(List.of(Bitmaps.tensor(0, 3, 4, 5), Bitmaps.tensor(0, 3, 5, 5))),
        "[1, 3, 4, 5]",
        "[1, 3, 5, 5]");
  }

  @Test
  void refusesWhatItCannotPrepare() {
    Bitmap colour = Bitmaps.picture(32, 32, 3, 1);
    Bitmap grey = Bitmaps.picture(32, 32, 1, 1);
    Images values = Images.of(Bitmaps.tensor(0, 3, 32, 32));
    refused(() -> IMAGES.preprocess(Images.of(colour, grey), 32, 32), "same channels", "3 and 1");
    refused(() -> IMAGES.preprocess(values, 15, 32), "32x15", "16");
    refused(() -> IMAGES.defaultSize(Images.of(Bitmaps.picture(9, 90, 1, 1))), "9x90", "16x16");
    refused(() -> IMAGES.preprocess(values, 32, 32, new CropRegion(0, 0, 9, 9)), "only bitmaps");
    refused(() -> IMAGES.preprocess(Images.of(Bitmaps.tensor(0, 32, 32)), 32, 32), "[32, 32]");
    refused(() -> IMAGES.preprocess(values, 1 << 20, 1 << 20), "1048576x1048576", "too many");
    refused(() -> IMAGES.preprocess(Images.of(colour), 1 << 20, 1 << 20), "too many");
    refused(() -> ImageProcessor.forImages(0, 16), "at least 1");
    refused(() -> ImageProcessor.postprocess(Bitmaps.tensor(0, 16, 4, 4)), "has 16");
    refused(() -> ImageProcessor.postprocess(Bitmaps.tensor(0, 1, 3, 4, 4)), "[1, 3, 4, 4]");
  }

  @Test
  void refusesMasksThatHelpNothing() {
    Bitmap picture = Bitmaps.picture(32, 32, 3, 1);
    Bitmap black = Bitmap.black(new Size(32, 16), 1);
    refused(() -> ImageProcessor.cropRegion(black, 32, 32, 5), "black everywhere", "white");
    refused(() -> ImageProcessor.cropRegion(picture, 32, 32, -1), "-1");
    refused(() -> IMAGES.applyOverlay(black, picture, picture, Optional.empty()), "32x16", "32x32");
    refused(() -> IMAGES.blur(picture, -1), "-1");
    refused(() -> IMAGES.blur(picture, Float.NaN), "NaN");
    refused(() -> KontextSizes.drawn(new Size(64, 64), 100), "10x10", "16x16");
  }

  @Test
  void showsNoPixels() {
    assertThat(Images.of(Bitmaps.picture(3, 2, 3, 1)))
        .hasToString("Bitmaps[bitmaps=[Bitmap[3x2, 3 channels]]]");
  }

  private static Bitmap even(int width, int height, int channels, int level) {
    Bitmap even = Bitmap.black(new Size(width, height), channels);
    Arrays.fill(even.pixels(), (byte) level);
    return even;
  }

  private static void refused(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words);
  }
}
