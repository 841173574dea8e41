package dev.fluxbridge.legacy.picture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.array.Floats;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that Pillow and diffusers made (tools/reference/pictures.py), and no byte may differ. */
class GoldenBitmapsTest {
  private static final ImageProcessor IMAGES = ImageProcessor.forImages(16, 16);

  static Stream<JsonNode> resizes() {
    return Bitmaps.goldens("resizes").stream();
  }

  @ParameterizedTest
  @MethodSource("resizes")
  void resizesAsPillowDoes(JsonNode golden) {
    Size from = Bitmaps.size(golden.path("from"));
    Filter filter = Filter.valueOf(golden.path("filter").asText());
    Bitmap picture = picture(golden, from.width() + from.height());
    same(Resize.whole(picture, Bitmaps.size(golden.path("size")), filter), golden);
  }

  static Stream<JsonNode> blurs() {
    return Bitmaps.goldens("blurs").stream();
  }

  @ParameterizedTest
  @MethodSource("blurs")
  void blursAsPillowDoes(JsonNode golden) {
    same(IMAGES.blur(picture(golden, 3), golden.path("radius").floatValue()), golden);
  }

  static Stream<JsonNode> overlays() {
    return Bitmaps.goldens("overlays").stream();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void laysTheOldPictureOverTheDrawnOneAsDiffusersDoes(JsonNode golden) {
    Optional<CropRegion> crop =
        Optional.of(golden.path("crop")).filter(JsonNode::isArray).map(Bitmaps::region);
    Bitmap mask = Bitmaps.block(new Size(64, 48), new CropRegion(12, 8, 50, 40));
    if (golden.path("blurred").asBoolean()) {
      mask = IMAGES.blur(mask, 3);
    }
    Bitmap before = Bitmaps.picture(64, 48, golden.path("before").asInt(), 2);
    int channels = golden.path("drawn").asInt();
    Bitmap drawn = Bitmaps.picture(64, crop.isPresent() ? 64 : 48, channels, 5);
    same(IMAGES.applyOverlay(mask, before, drawn, crop), golden);
  }

  static Stream<JsonNode> regions() {
    return Bitmaps.goldens("regions").stream();
  }

  @ParameterizedTest
  @MethodSource("regions")
  void findsTheRegionOfAMaskAsDiffusersDoes(JsonNode golden) {
    Size drawn = Bitmaps.size(golden.path("drawn"));
    Bitmap mask =
        Bitmaps.block(Bitmaps.size(golden.path("mask")), Bitmaps.region(golden.path("block")));
    assertThat(
            ImageProcessor.cropRegion(
                mask, drawn.width(), drawn.height(), golden.path("pad").asInt()))
        .isEqualTo(Bitmaps.region(golden.path("region")));
  }

  @Test
  void roundsHalvesToEvenOnTheWayToBytes() {
    JsonNode golden = Golden.json("pictures.json").path("postprocessed");
    float[] ramp = new float[3 * 20 * 30];
    for (int i = 0; i < ramp.length; i++) {
      float value = (float) (i / 1799.0 * 2.2 - 1.1);
      ramp[i] = Math.max(0, Math.min(1, value * 0.5f + 0.5f));
    }
    same(ImageProcessor.postprocess(Floats.of(ramp, 3, 20, 30)), golden.path("ramp"));
    float[] halves = new float[256];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = Math.min(1, (float) ((i + 0.5) / 255));
    }
    same(ImageProcessor.postprocess(Floats.of(halves, 1, 16, 16)), golden.path("halves"));
  }

  private static Bitmap picture(JsonNode golden, int seed) {
    Size size = Bitmaps.size(golden.path("from"));
    return Bitmaps.picture(size.width(), size.height(), golden.path("in_channels").asInt(), seed);
  }

  private static void same(Bitmap made, JsonNode golden) {
    assertThat(made.size()).isEqualTo(Bitmaps.size(golden.path("size")));
    assertThat(made.channels()).isEqualTo(golden.path("channels").asInt());
    for (int i = 0; i < golden.path("first").size(); i++) {
      assertThat(made.pixels()[i] & 0xff)
          .as("byte %d", i)
          .isEqualTo(golden.path("first").get(i).asInt());
    }
    assertThat(Bitmaps.hash(made)).isEqualTo(golden.path("sha256").asText());
  }
}
