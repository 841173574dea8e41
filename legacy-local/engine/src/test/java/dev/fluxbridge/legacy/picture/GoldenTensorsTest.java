package dev.fluxbridge.legacy.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.array.Floats;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** float32 that diffusers and torch made (tools/reference/pictures.py): all bits, if not said. */
class GoldenTensorsTest {
  /** torch adds the four products of a bilinear pixel in another order. */
  private static final float LAST_BITS = 2.4e-7f;

  static Stream<JsonNode> preprocessed() {
    return Bitmaps.goldens("preprocessed").stream();
  }

  @ParameterizedTest
  @MethodSource("preprocessed")
  void preparesBitmapsAsDiffusersDoes(JsonNode golden) {
    Size from = Bitmaps.size(golden.path("from"));
    Size to = Bitmaps.size(golden.path("to"));
    int channels = golden.path("in_channels").asInt();
    JsonNode crop = golden.path("crop");
    Images images =
        Images.of(Bitmaps.picture(from.width(), from.height(), channels, crop.isArray() ? 9 : 7));
    ImageProcessor processor = processor(golden);
    same(
        crop.isArray()
            ? processor.preprocess(images, to.height(), to.width(), Bitmaps.region(crop))
            : processor.preprocess(images, to.height(), to.width()),
        golden);
  }

  static Stream<JsonNode> tensors() {
    return Bitmaps.goldens("tensors").stream();
  }

  @ParameterizedTest
  @MethodSource("tensors")
  void preparesTensorsAsDiffusersDoes(JsonNode golden) {
    Size to = Bitmaps.size(golden.path("to"));
    Floats tensor =
        Bitmaps.tensor(golden.path("low").asDouble(), Bitmaps.ints(golden.path("from")));
    same(processor(golden).preprocess(Images.of(tensor), to.height(), to.width()), golden);
  }

  static Stream<JsonNode> planes() {
    return Bitmaps.goldens("planes").stream();
  }

  @ParameterizedTest
  @MethodSource("planes")
  void interpolatesAsTorchDoes(JsonNode golden) {
    Floats planes = Bitmaps.tensor(-0.2, Bitmaps.ints(golden.path("from")));
    int[] shape = Bitmaps.ints(golden.path("nearest").path("shape"));
    same(Planes.nearest(planes, shape[2], shape[3]), golden.path("nearest"));
    Floats bilinear = Planes.bilinear(planes, shape[2], shape[3]);
    JsonNode values = golden.path("bilinear").path("values");
    for (int i = 0; i < values.size(); i++) {
      assertThat(bilinear.values()[i])
          .as("value %d", i)
          .isCloseTo(values.get(i).floatValue(), within(LAST_BITS));
    }
  }

  @Test
  void choosesTheSizesOfKontextAsDiffusersDoes() {
    JsonNode golden = Golden.json("pictures.json").path("kontext");
    for (JsonNode drawn : golden.path("drawn")) {
      assertThat(KontextSizes.drawn(Bitmaps.size(drawn.path("asked")), drawn.path("area").asInt()))
          .isEqualTo(Bitmaps.size(drawn.path("drawn")));
    }
    assertThat(golden.path("reference")).hasSizeGreaterThan(200);
    for (JsonNode reference : golden.path("reference")) {
      int[] sides = Bitmaps.ints(reference);
      assertThat(KontextSizes.reference(new Size(sides[0], sides[1])))
          .as("for %dx%d", sides[0], sides[1])
          .isEqualTo(new Size(sides[2], sides[3]));
    }
  }

  private static ImageProcessor processor(JsonNode golden) {
    return golden.path("kind").asText().equals("masks")
        ? ImageProcessor.forMasks(16, 16)
        : ImageProcessor.forImages(16, 16);
  }

  private static void same(Floats made, JsonNode golden) {
    assertThat(made.shape())
        .containsExactlyElementsOf(
            Arrays.stream(Bitmaps.ints(golden.path("shape"))).boxed().toList());
    for (int i = 0; i < golden.path("first").size(); i++) {
      assertThat(made.values()[i]).isEqualTo(golden.path("first").get(i).floatValue());
    }
    assertThat(Bitmaps.hash(made)).isEqualTo(golden.path("sha256").asText());
  }
}
