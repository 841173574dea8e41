package dev.fluxbridge.golden.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.golden.PictureMeasure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTextScoreTest {
  private static final Path CLIP = References.file("clip");

  @Test
  void scoresAreThoseOfTransformers() throws IOException {
    JsonNode texts = new ObjectMapper().readTree(References.file("prompts.json").toFile());
    double largest = 0;
    int above0 = 0;
    try (ImageTextScore score = ImageTextScore.open(CLIP)) {
      for (String[] line : References.table("scores.csv")) {
        String text = texts.path(Integer.parseInt(line[1])).asText();
        double expected = Math.max(0, Double.parseDouble(line[2]));
        double actual = score.of(References.picture(line[0]), text);
        largest = Math.max(largest, Math.abs(actual - expected));
        above0 += expected > 0 ? 1 : 0;
      }
    }
    System.out.println("largest difference from transformers' score: " + largest);

    assertThat(above0).isBetween(20, 49);
    // A hundred thousandth of the cosine, in 32-bit floats.
    assertThat(largest).isLessThan(1e-3);
  }

  @Test
  void itsMeasureNamesItsWeightsAndNotItsText(@TempDir Path folder) throws IOException {
    copy(folder);
    try (ImageTextScore score = ImageTextScore.open(CLIP)) {
      PictureMeasure circle = score.ofText("a red circle");

      assertThat(circle.name()).matches("IMAGE_TEXT_SCORE:sha256-.{64}-.{64}");
      assertThat(circle.name()).isNotEqualTo(score.ofText("a blue circle").name());
      assertThat(circle.toString()).doesNotContain("red");
      assertThat(nameIn(folder)).isEqualTo(circle.name());

      Path config = folder.resolve("preprocessor_config.json");
      Files.writeString(config, Files.readString(config).replace("0.48145466", "0.5"));
      assertThat(nameIn(folder)).isNotEqualTo(circle.name());
    }
  }

  private static String nameIn(Path folder) {
    try (ImageTextScore copy = ImageTextScore.open(folder)) {
      return copy.ofText("a red circle").name();
    }
  }

  @Test
  void aFolderThatIsNotWholeIsRefused(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> ImageTextScore.open(folder))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("there is no file " + folder.resolve("model.onnx"));

    copy(folder);
    Files.delete(folder.resolve("preprocessor_config.json"));
    assertThatThrownBy(() -> ImageTextScore.open(folder))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("has no preprocessor_config.json");

    copy(folder);
    Files.delete(folder.resolve("tokenizer.json"));
    Files.delete(folder.resolve("merges.txt"));
    assertThatThrownBy(() -> ImageTextScore.open(folder))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("neither tokenizer.json nor vocab.json with merges.txt");
  }

  @Test
  void aNetworkThatIsNotClipIsRefusedWithWhatItHas(@TempDir Path folder) throws IOException {
    Files.copy(References.file("lpips.onnx"), folder.resolve("model.onnx"));

    assertThatThrownBy(() -> ImageTextScore.open(folder))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("is not CLIP as optimum exports it")
        .hasMessageContaining("it takes in0 ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT");
  }

  @Test
  void aSizeThatTheNetworkDoesNotTakeIsTold(@TempDir Path folder) throws IOException {
    copy(folder);
    Path config = folder.resolve("preprocessor_config.json");
    Files.writeString(config, Files.readString(config).replace(": 32", ": 48"));

    try (ImageTextScore score = ImageTextScore.open(folder)) {
      assertThatThrownBy(() -> score.of(References.picture("large"), "a red circle"))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining("could not be run on a picture of 128x96 and 5 tokens");
    }
  }

  private static void copy(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(CLIP)) {
      for (Path file : files.toList()) {
        Path to = folder.resolve(file.getFileName().toString());
        if (!Files.exists(to)) {
          Files.copy(file, to);
        }
      }
    }
  }
}
