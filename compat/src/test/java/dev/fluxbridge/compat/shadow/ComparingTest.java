package dev.fluxbridge.compat.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.shadow.Difference.Kind;
import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.MaskHonesty;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Provenance;
import dev.fluxbridge.providers.Task;
import dev.fluxbridge.providers.Tensor;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ComparingTest {
  private static final OptionalDouble NO_LIMIT = OptionalDouble.empty();

  private static Picture grey(int side, int level) {
    byte[] pixels = new byte[3 * side * side];
    Arrays.fill(pixels, (byte) level);
    return new Picture.Encoded(Bitmaps.png(new Bitmap(side, side, 3, pixels)), "image/png");
  }

  private static ImageResult result(Picture... pictures) {
    return new ImageResult(
        List.of(pictures),
        List.of(),
        List.of(),
        List.of(),
        new Cost.Unknown(),
        new Provenance("x", "m", List.of(), Duration.ZERO));
  }

  private static Ended drawn(String backend, ImageResult result) {
    return new Ended(backend, result, null, Duration.ofSeconds(1), Optional.empty());
  }

  private static Ended failed(String backend, Reason reason) {
    return new Ended(
        backend, null, new BackendException(reason, "no"), Duration.ZERO, Optional.empty());
  }

  private static Comparison compare(Ended served, Ended shadow, OptionalDouble limit) {
    return Comparing.of(Task.TEXT_TO_IMAGE, served, shadow, limit);
  }

  private static Comparison compare(ImageResult served, ImageResult shadow) {
    return compare(drawn("local", served), drawn("fal", shadow), NO_LIMIT);
  }

  private static Stream<Kind> kinds(Comparison comparison) {
    return comparison.differences().stream().map(Difference::kind);
  }

  @Test
  void theSamePictureIsNoDistanceApart() {
    Comparison same = compare(result(grey(64, 90)), result(grey(64, 90)));
    assertThat(same.differences()).isEmpty();
    assertThat(same.distance()).hasValue(0);
    assertThat(same.pictures().get(0).values().get(Metric.SSIM)).isEqualTo(1);
  }

  @Test
  void aDistanceIsADifferenceOnlyAboveALimit() {
    Ended one = drawn("local", result(grey(64, 0)));
    Ended other = drawn("fal", result(grey(64, 255)));
    assertThat(kinds(compare(one, other, NO_LIMIT))).isEmpty();
    assertThat(kinds(compare(one, other, OptionalDouble.of(0.5)))).containsExactly(Kind.DISTANCE);
    assertThat(kinds(compare(one, one, OptionalDouble.of(0.5)))).isEmpty();
  }

  @Test
  void picturesOfAnotherSizeAreComparedAllTheSame() {
    Comparison sizes = compare(result(grey(64, 90)), result(grey(48, 90)));
    assertThat(kinds(sizes)).containsExactly(Kind.SIZE);
    assertThat(sizes.distance().orElseThrow()).isLessThan(0.001);
  }

  @Test
  void picturesOfFloatsAreComparedWithFiles() {
    float[] values = new float[3 * 32 * 32];
    Arrays.fill(values, 90 / 255f);
    Picture pixels = new Picture.Pixels(Tensor.of(values, 3, 32, 32));
    assertThat(compare(result(pixels), result(grey(32, 90))).distance()).hasValue(0);
  }

  @Test
  void tooFewPicturesAndBrokenOnesAreSeen() {
    Picture broken = new Picture.Encoded(new byte[] {1, 2, 3}, "image/png");
    assertThat(kinds(compare(result(grey(16, 1), grey(16, 1)), result(grey(16, 1)))))
        .containsExactly(Kind.COUNT);
    Comparison unread = compare(result(grey(16, 1)), result(broken));
    assertThat(kinds(unread)).containsExactly(Kind.DECODES);
    assertThat(unread.distance()).isEmpty();
  }

  @Test
  void aFailureOnOneSideIsADifferenceAndOnBothSidesNone() {
    Ended drawn = drawn("local", result(grey(16, 1)));
    Ended failed = failed("fal", Reason.UNSUPPORTED);
    assertThat(compare(drawn, failed, NO_LIMIT).differences())
        .singleElement()
        .satisfies(
            difference -> {
              assertThat(difference.kind()).isEqualTo(Kind.FAILURE);
              assertThat(difference.detail()).isEqualTo("UNSUPPORTED");
            });
    assertThat(kinds(compare(failed, drawn, NO_LIMIT))).containsExactly(Kind.SERVED_FAILURE);
    assertThat(kinds(compare(failed, failed, NO_LIMIT))).isEmpty();
  }

  @Test
  void flagsOfTheSafetyCheckAreCompared() {
    ImageResult plain = result(grey(16, 1));
    ImageResult flagged =
        new ImageResult(
            plain.images(), List.of(), List.of(true), List.of(), plain.cost(), plain.provenance());
    assertThat(kinds(compare(plain, flagged))).containsExactly(Kind.FLAGGED);
    assertThat(kinds(compare(flagged, flagged))).isEmpty();
  }

  @Test
  void aShadowThatChangesWhatAMaskProtectsIsSeen() {
    ImageResult honest = masked(0.002);
    assertThat(kinds(compare(honest, masked(0.2)))).containsExactly(Kind.MASK);
    assertThat(kinds(compare(honest, masked(0.005)))).isEmpty();
    assertThat(kinds(compare(masked(0.2), honest))).isEmpty();
  }

  private static ImageResult masked(double changed) {
    ImageResult plain = result(grey(16, 1));
    return plain.withMaskHonesty(
        plain.images(), List.of(new MaskHonesty(100, 1, changed, false, Optional.empty())));
  }

  @Test
  void aShadowThatCostsMoreIsSeenWhereBothAreBilled() {
    ImageResult picture = result(grey(16, 1));
    assertThat(kinds(compare(priced(picture, "0.02"), priced(picture, "0.05"), NO_LIMIT)))
        .containsExactly(Kind.COST);
    assertThat(kinds(compare(priced(picture, "0"), priced(picture, "0.05"), NO_LIMIT))).isEmpty();
    assertThat(kinds(compare(drawn("fal", picture), priced(picture, "0.05"), NO_LIMIT))).isEmpty();
  }

  private static Ended priced(ImageResult result, String cost) {
    return new Ended("fal", result, null, Duration.ZERO, Optional.of(new BigDecimal(cost)));
  }
}
