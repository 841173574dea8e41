package dev.fluxbridge.golden.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.Bitmap;
import org.junit.jupiter.api.Test;

class PairTest {
  private static final Bitmap ROSE = plain(12, 12, 200, 100, 110);

  @Test
  void picturesOfTwoSizesAreRefusedWithTheWayOut() {
    assertThatThrownBy(() -> Pair.of(ROSE, plain(12, 13, 0, 0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "only pictures of one size can be compared, but one is 12x12 and the other 12x13: resize one first (Resampling.resize)");
  }

  @Test
  void greyIsNotComparedWithColour() {
    assertThatThrownBy(() -> Pair.of(ROSE, new Bitmap(12, 12, 1, new byte[144])))
        .hasMessageContaining("one has 3 and the other 1")
        .hasMessageContaining("Colours.rgb");
  }

  @Test
  void aPictureWithAlphaIsRefusedRatherThanJudgedByHalf() {
    Bitmap withAlpha = new Bitmap(1, 1, 4, new byte[4]);

    assertThatThrownBy(() -> Pair.of(withAlpha, withAlpha)).hasMessageContaining("background");
  }

  @Test
  void aValueThatIsNoNumberIsFoundWithItsPlace() {
    float[] values = new float[2 * 2 * 3];
    values[10] = Float.NaN;

    assertThatThrownBy(() -> new FloatPicture(2, 2, 3, values))
        .hasMessage(
            "a picture has values from 0 to 1 but at row 1, column 1, channel 1 this one has NaN");
  }

  @Test
  void aPictureSmallerThanTheWindowIsRefusedByTheMetricsThatHaveOne() {
    Pair pair = Pair.of(plain(10, 40, 1, 2, 3), plain(10, 40, 1, 2, 3));

    assertThatThrownBy(() -> pair.compare(Metric.MAE, Metric.SSIM))
        .hasMessage("SSIM needs pictures of at least 11x11 pixels but these are 10x40");
    assertThat(pair.compare(Metric.MAE).of(Metric.MAE)).isZero();
  }

  @Test
  void whatAMaskProtectsNeedsAMaskOfTheSameSize() {
    Pair pair = Pair.of(ROSE, ROSE);

    assertThatThrownBy(() -> pair.compare(Metric.PROTECTED_MAE))
        .hasMessage("MAE of protected pixels needs the mask of the edit: Pair.masked");
    assertThatThrownBy(() -> pair.masked(plain(12, 6, 0, 0, 0)))
        .hasMessage(
            "a mask has the size of its pictures, but it is 12x6 and they are 12x12: resize it first (Resampling.nearest)");
  }

  @Test
  void blackProtectsAndWhiteIsRepainted() {
    Pair pair = Pair.of(plain(12, 12, 10, 10, 10), plain(12, 12, 20, 10, 10));

    Scores kept =
        pair.masked(plain(12, 12, 127, 127, 127))
            .compare(Metric.MAE, Metric.PROTECTED_MAE, Metric.PROTECTED_CHANGED);
    Scores repainted =
        pair.masked(plain(12, 12, 128, 128, 128))
            .compare(Metric.MAE, Metric.PROTECTED_MAE, Metric.PROTECTED_CHANGED);

    assertThat(kept.of(Metric.PROTECTED_CHANGED)).isEqualTo(1);
    assertThat(kept.of(Metric.PROTECTED_MAE)).isEqualTo(kept.of(Metric.MAE));
    assertThat(repainted.of(Metric.PROTECTED_CHANGED)).isZero();
    assertThat(repainted.of(Metric.PROTECTED_MAE)).isZero();
  }

  @Test
  void theOneNumberForRulesTakesAnySize() {
    Pair pair = Pair.of(plain(1, 3, 0, 0, 0), plain(1, 3, 255, 255, 255));

    assertThat(pair.compare(Metric.PERCEPTUAL_DISTANCE).of(Metric.PERCEPTUAL_DISTANCE))
        .isBetween(0.99, 1.0);
  }

  @Test
  void aMetricThatWasNotAskedForHasNoValue() {
    Scores scores = Pair.of(ROSE, ROSE).compare(Metric.SSIM);

    assertThat(scores.values()).containsOnlyKeys(Metric.SSIM);
    assertThatThrownBy(() -> scores.of(Metric.MAE)).hasMessageContaining("MAE was not compared");
  }

  @Test
  void withinALimitMeansAsNearOrNearer() {
    assertThat(Metric.SSIM.within(0.91, 0.9)).isTrue();
    assertThat(Metric.SSIM.within(0.89, 0.9)).isFalse();
    assertThat(Metric.MAE.within(0.01, 0.02)).isTrue();
    assertThat(Metric.MAE.within(0.03, 0.02)).isFalse();
    assertThat(Metric.MAE.within(Double.NaN, 0.02)).isFalse();
  }

  private static Bitmap plain(int width, int height, int red, int green, int blue) {
    byte[] pixels = new byte[width * height * 3];
    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = (byte) red;
      pixels[i + 1] = (byte) green;
      pixels[i + 2] = (byte) blue;
    }
    return new Bitmap(width, height, 3, pixels);
  }
}
