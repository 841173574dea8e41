package dev.fluxbridge.providers.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Tensor;
import org.junit.jupiter.api.Test;

class BitmapsTest {

  private static Images numbers(int[] shape, float... values) {
    return Images.of(Tensor.of(values, shape));
  }

  private static int[] levels(Bitmap bitmap) {
    int[] levels = new int[bitmap.pixels().length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = bitmap.pixels()[i] & 0xff;
    }
    return levels;
  }

  @Test
  void roundsNumbersToEightBitsChannelsLast() {
    Images images = numbers(new int[] {1, 3, 1, 2}, 0, 1, 0.25f, 0.5f, 0.75f, 2);

    Bitmap bitmap = Bitmaps.of(images).get(0);

    assertThat(bitmap.width()).isEqualTo(2);
    assertThat(levels(bitmap)).containsExactly(0, 64, 191, 255, 128, 255);
  }

  @Test
  void takesNumbersBelowZeroForOnesFromMinusOneToOne() {
    Images images = numbers(new int[] {1, 1, 3}, -1, 0, 1);

    assertThat(levels(Bitmaps.of(images).get(0))).containsExactly(0, 128, 255);
  }

  @Test
  void readsThreeSidesOfAMaskAsABatch() {
    Images masks = numbers(new int[] {2, 1, 1}, 0, 1);

    assertThat(Bitmaps.ofMask(masks)).hasSize(2);
    assertThatThrownBy(() -> Bitmaps.of(masks))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, 1, 1]");
  }

  @Test
  void refusesWhatIsNoNumber() {
    assertThatThrownBy(() -> Bitmaps.of(numbers(new int[] {1, 1, 1}, Float.NaN)))
        .hasMessageContaining("NaN");
  }

  @Test
  void turnsColoursGreyAndLeavesTransparencyOut() {
    Bitmap red = new Bitmap(1, 1, 4, new byte[] {(byte) 255, 0, 0, 0});

    assertThat(levels(Bitmaps.grey(red))).containsExactly(76);
    assertThat(levels(Bitmaps.rgb(red))).containsExactly(255, 0, 0);
    assertThat(levels(Bitmaps.rgb(new Bitmap(1, 1, 1, new byte[] {7})))).containsExactly(7, 7, 7);
  }

  @Test
  void isWhiteFromTheMiddleOn() {
    Bitmap grey = new Bitmap(3, 1, 1, new byte[] {127, (byte) 128, (byte) 255});

    assertThat(levels(Bitmaps.blackAndWhite(grey))).containsExactly(0, 255, 255);
    assertThat(levels(grey)).as("the caller's own picture").containsExactly(127, 128, 255);
  }

  @Test
  void takesTheNearestPixels() {
    Bitmap two = new Bitmap(2, 1, 1, new byte[] {10, 20});

    assertThat(levels(Bitmaps.nearest(two, 3, 2))).containsExactly(10, 10, 20, 10, 10, 20);
  }
}
