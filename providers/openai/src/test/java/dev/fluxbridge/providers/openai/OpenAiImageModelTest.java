package dev.fluxbridge.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.images.ImageModel;
import dev.fluxbridge.providers.openai.OpenAiImageModel.Size;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiImageModelTest {
  private static final OpenAiImageModel FREE = OpenAiImageModel.of("gpt-image-2").orElseThrow();
  private static final OpenAiImageModel FIXED = OpenAiImageModel.of("gpt-image-1.5").orElseThrow();

  @ParameterizedTest
  @CsvSource({
    "1024, 1024, 1024x1024",
    "1360, 768, 1360x768",
    "3840, 2160, 3840x2160",
    "816, 816, 816x816",
    "512, 512, 816x816",
    "64, 64, 816x816",
    "512, 768, 672x1008",
    "4096, 4096, 2880x2880",
    "2048, 256, 1440x480",
    "16, 1600, 480x1440"
  })
  void aFreeSizeIsKeptOrMovedToTheNearest(int width, int height, String sent) {
    assertThat(FREE.nearest(new Size(width, height))).hasToString(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "1024, 1024, 1024x1024",
    "512, 512, 1024x1024",
    "1360, 768, 1536x1024",
    "768, 1360, 1024x1536",
    "1104, 1024, 1024x1024"
  })
  void aModelOfThreeSizesTakesTheOneWithTheNearestProportions(int width, int height, String sent) {
    assertThat(FIXED.nearest(new Size(width, height))).hasToString(sent);
  }

  @Property(tries = 200)
  void everyFreeSizeKeepsToTheLimits(
      @ForAll @IntRange(min = 1, max = 900) int columns,
      @ForAll @IntRange(min = 1, max = 900) int rows) {
    Size asked = new Size(columns * 16, rows * 16);
    Size sent = FREE.nearest(asked);

    assertThat(sent.width() % 16 + sent.height() % 16).isZero();
    assertThat(Math.max(sent.width(), sent.height())).isLessThanOrEqualTo(3840);
    assertThat(sent.width() * sent.height()).isBetween(655_360, 8_294_400);
    assertThat(Math.max(sent.width(), sent.height()))
        .isLessThanOrEqualTo(3 * Math.min(sent.width(), sent.height()));
    double ratio = (double) asked.width() / asked.height();
    if (ratio < 3 && ratio > 1 / 3.0) {
      assertThat((double) sent.width() / sent.height() / ratio).isBetween(0.96, 1.04);
    }
  }

  @Test
  void everyModelThatOpenAiJavaNamesIsKnownOrKnownToBeGone() throws IllegalAccessException {
    List<String> named = new ArrayList<>();
    for (Field field : ImageModel.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == ImageModel.class) {
        named.add(((ImageModel) field.get(null)).asString());
      }
    }
    List<String> gone =
        named.stream().filter(name -> OpenAiImageModel.successor(name).isPresent()).toList();
    assertThat(gone).containsExactlyInAnyOrder("gpt-image-1", "dall-e-2", "dall-e-3");
    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(gone.stream(), OpenAiImageModel.ALL.stream().map(OpenAiImageModel::name))
                .toList());
  }
}
