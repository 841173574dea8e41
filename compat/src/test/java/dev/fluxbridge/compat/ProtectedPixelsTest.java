package dev.fluxbridge.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequestBuilder;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.MaskHonesty;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Provenance;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProtectedPixelsTest {
  private static final ProtectedPixels COMPARE = new ProtectedPixels(false, 0);

  private static Bitmap filled(int width, int height, int channels, int level) {
    byte[] pixels = new byte[width * height * channels];
    java.util.Arrays.fill(pixels, (byte) level);
    return new Bitmap(width, height, channels, pixels);
  }

  /** White from a column on. */
  private static Bitmap mask(int width, int height, int from) {
    byte[] pixels = new byte[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % width < from ? 0 : 255);
    }
    return new Bitmap(width, height, 1, pixels);
  }

  private static ImageRequestBuilder edit(Bitmap image, Bitmap mask) {
    return ImageRequest.builder(Pipeline.INPAINT, Weights.of("m"))
        .prompts(Prompt.of("a"))
        .edit(Edit.of(Images.of(image), Images.of(mask), 1));
  }

  private static Picture.Encoded png(Bitmap bitmap) {
    return new Picture.Encoded(Bitmaps.png(bitmap), "image/png");
  }

  private static ImageResult result(Picture... pictures) {
    return new ImageResult(
        List.of(pictures),
        List.of(),
        List.of(),
        List.of(),
        new Cost.Unknown(),
        new Provenance("fal", "m", List.of(), Duration.ZERO));
  }

  private static MaskHonesty honesty(ImageRequestBuilder request, Bitmap drawn) {
    return COMPARE.examine(request.build(), result(png(drawn))).maskHonesty().get(0);
  }

  @Test
  void measuresOnlyWhatTheMaskProtects() {
    Bitmap image = filled(8, 4, 3, 100);
    byte[] drawn = image.pixels().clone();
    for (int i = 0; i < drawn.length; i++) {
      int column = i / 3 % 8;
      // Repainted: far off. Protected: three levels off, but twenty in the first column.
      drawn[i] = (byte) (column >= 4 ? 250 : column == 0 ? 120 : 103);
    }
    MaskHonesty honesty = honesty(edit(image, mask(8, 4, 4)), new Bitmap(8, 4, 3, drawn));
    assertThat(honesty.protectedPixels()).isEqualTo(16);
    assertThat(honesty.meanAbsoluteDifference()).isCloseTo((20 + 3 * 3) / 4.0, within(1e-9));
    assertThat(honesty.shareChanged()).isEqualTo(0.25);
    assertThat(honesty.resized()).isFalse();
    assertThat(honesty.sent()).isEmpty();
  }

  @Test
  void saysWhenSizesDiffered() {
    MaskHonesty honesty = honesty(edit(filled(16, 16, 3, 9), mask(8, 8, 4)), filled(8, 8, 3, 9));
    assertThat(honesty.resized()).isTrue();
    assertThat(honesty.meanAbsoluteDifference()).isZero();
    assertThat(honesty.protectedPixels()).isEqualTo(32);
  }

  @Test
  void aWhiteMaskProtectsNothing() {
    MaskHonesty honesty = honesty(edit(filled(4, 4, 3, 9), mask(4, 4, 0)), filled(4, 4, 3, 200));
    assertThat(honesty.protectedPixels()).isZero();
    assertThat(honesty.meanAbsoluteDifference()).isZero();
    assertThat(honesty.shareChanged()).isZero();
  }

  @Test
  void greyIsProtectedUpToTheMiddleButNotByFlex() {
    Bitmap image = filled(2, 1, 3, 0);
    Bitmap mask = new Bitmap(2, 1, 1, new byte[] {0, 127});
    assertThat(honesty(edit(image, mask), image).protectedPixels()).isEqualTo(2);
    ImageRequestBuilder flex =
        ImageRequest.builder(Pipeline.FLEX, Weights.of("m"))
            .prompts(Prompt.of("a"))
            .edit(Edit.of(Images.of(image), Images.of(mask), 1));
    assertThat(honesty(flex, image).protectedPixels()).isEqualTo(1);
  }

  @Property(tries = 50)
  void compositingPutsProtectedPixelsBackBitByBit(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 24) int width,
      @ForAll @IntRange(min = 1, max = 24) int height,
      @ForAll @IntRange(min = 0, max = 5) int feather) {
    Random random = new Random(seed);
    Bitmap image = noise(random, width, height, 3);
    Bitmap drawn = noise(random, width, height, 3);
    Bitmap mask = noise(random, width, height, 1);
    ImageResult restored =
        new ProtectedPixels(true, feather).examine(edit(image, mask).build(), result(png(drawn)));
    byte[] got = Bitmaps.of(restored.images().get(0)).pixels();
    for (int i = 0; i < got.length; i++) {
      boolean kept = (mask.pixels()[i / 3] & 0xff) < 128;
      if (kept) {
        assertThat(got[i]).isEqualTo(image.pixels()[i]);
      } else if (feather == 0) {
        assertThat(got[i]).isEqualTo(drawn.pixels()[i]);
      }
    }
    assertThat(restored.maskHonesty().get(0).sent()).contains(png(drawn));
  }

  private static Bitmap noise(Random random, int width, int height, int channels) {
    byte[] pixels = new byte[width * height * channels];
    random.nextBytes(pixels);
    return new Bitmap(width, height, channels, pixels);
  }

  @Test
  void aFeatherMixesFromTheEdgeOn() {
    ImageResult restored =
        new ProtectedPixels(true, 3)
            .examine(
                edit(filled(8, 1, 3, 0), mask(8, 1, 3)).build(), result(png(filled(8, 1, 3, 200))));
    byte[] pixels = Bitmaps.of(restored.images().get(0)).pixels();
    int[] levels = new int[8];
    for (int i = 0; i < 8; i++) {
      levels[i] = pixels[3 * i] & 0xff;
    }
    assertThat(levels).containsExactly(0, 0, 0, 50, 100, 150, 200, 200);
  }

  @Test
  void eachPictureOfABatchIsComparedWithItsOwnInputUnderItsOwnMask() {
    Images inputs = new Images.Bitmaps(List.of(filled(2, 2, 3, 10), filled(2, 2, 3, 20)));
    Images masks = new Images.Bitmaps(List.of(mask(2, 2, 2), mask(2, 2, 1)));
    ImageRequest request =
        ImageRequest.builder(Pipeline.INPAINT, Weights.of("m"))
            .prompts(Prompt.of("a"), Prompt.of("b"))
            .edit(Edit.of(inputs, masks, 1))
            .build();
    ImageResult result =
        COMPARE.examine(request, result(png(filled(2, 2, 3, 10)), png(filled(2, 2, 3, 20))));
    assertThat(result.maskHonesty())
        .extracting(MaskHonesty::meanAbsoluteDifference)
        .containsExactly(0.0, 0.0);
    assertThat(result.maskHonesty())
        .extracting(MaskHonesty::protectedPixels)
        .containsExactly(4L, 2L);
  }

  @Test
  void leavesAloneWhatIsNoHostedEdit() {
    ImageResult local = result(new Picture.Pixels(Tensor.of(new float[12], 3, 2, 2)));
    ImageRequest request = edit(filled(2, 2, 3, 0), mask(2, 2, 1)).build();
    assertThat(new ProtectedPixels(true, 0).examine(request, local)).isSameAs(local);
    ImageRequest unmasked =
        ImageRequest.builder(Pipeline.IMG2IMG, Weights.of("m"))
            .prompts(Prompt.of("a"))
            .edit(Edit.of(Images.of(filled(2, 2, 3, 0)), 0.5))
            .build();
    ImageResult hosted = result(png(filled(2, 2, 3, 0)));
    assertThat(COMPARE.examine(unmasked, hosted)).isSameAs(hosted);
  }

  @Test
  void aPaidPictureThatCannotBeDecodedIsStillHandedOver() {
    ImageRequest request = edit(filled(2, 2, 3, 0), mask(2, 2, 1)).build();
    ImageResult odd = result(new Picture.Encoded(new byte[] {1}, "image/webp"));
    assertThat(COMPARE.examine(request, odd)).isSameAs(odd);
    ImageResult unrestored = new ProtectedPixels(true, 0).examine(request, odd);
    assertThat(unrestored.images()).isEqualTo(odd.images());
    assertThat(unrestored.notes())
        .extracting(Note::code)
        .containsExactly("flux.mask_image.not_restored");
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    assertThatThrownBy(() -> ProtectedPixels.of(settings("fluxbridge.protect", "yes")))
        .hasMessage(
            "The system property fluxbridge.protect says 'yes' but must be compare or composite");
    assertThatThrownBy(() -> ProtectedPixels.of(settings("fluxbridge.protect.feather", "-1")))
        .hasMessageContaining("0 to 9999");
    assertThat(ProtectedPixels.of(settings("fluxbridge.protect", "composite")).restore()).isTrue();
  }

  private static Settings settings(String key, String value) {
    return Settings.of(Map.of(key, value), Map.of(), Map.of());
  }
}
