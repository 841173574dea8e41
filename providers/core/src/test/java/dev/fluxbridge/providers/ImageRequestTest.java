package dev.fluxbridge.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.ImageRequest.Output;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRequestTest {
  private static ImageRequest request(
      int width, int steps, int images, List<Seed> seeds, int length) {
    return new ImageRequest(
        Task.TEXT_TO_IMAGE,
        "m",
        List.of(Prompt.of("a secret wish")),
        width,
        64,
        steps,
        List.of(),
        3.5,
        1,
        images,
        seeds,
        Optional.empty(),
        Optional.empty(),
        length,
        Output.PIXELS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -16, 8, 100, Integer.MIN_VALUE})
  void refusesASizeThatIsNoPositiveMultipleOf16(int width) {
    assertThatThrownBy(() -> request(width, 4, 1, List.of(), 512))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("`width` must be a positive multiple of 16 pixels but is " + width);
  }

  @Test
  void refusesWhatCannotBeDrawnByName() {
    assertThatThrownBy(() -> request(64, 0, 1, List.of(), 512))
        .hasMessageContaining("`num_inference_steps`");
    assertThatThrownBy(() -> request(64, 4, 0, List.of(), 512))
        .hasMessageContaining("`num_images_per_prompt`");
    assertThatThrownBy(() -> request(64, 4, 1, List.of(), 0))
        .hasMessageContaining("`max_sequence_length`");
    assertThatThrownBy(() -> request(64, 4, 3, List.of(Seed.of(1), Seed.of(2)), 512))
        .hasMessage("there are 2 seeds for 3 pictures");
    assertThatThrownBy(() -> request(64, 4, Integer.MAX_VALUE, List.of(), 512))
        .hasMessage("2147483647 pictures are more than one call may ask for");
  }

  @Test
  void neverShowsAPrompt() {
    assertThat(request(64, 4, 2, List.of(), 512))
        .hasToString("text-to-image of 2 pictures, 64x64, 4 steps, model m");
    assertThat(Prompt.of("a secret wish").toString()).doesNotContain("secret");
  }
}
