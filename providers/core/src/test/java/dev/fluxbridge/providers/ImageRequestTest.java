package dev.fluxbridge.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRequestTest {
  private static ImageRequest request(
      int width, int steps, int images, List<Seed> seeds, int length) {
    return ImageRequest.builder(Pipeline.FLUX, Weights.of("m"))
        .prompts(Prompt.of("a secret wish"))
        .size(width, 64)
        .steps(steps)
        .imagesPerPrompt(images)
        .seeds(seeds)
        .maxSequenceLength(length)
        .build();
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

  @Test
  void isAboutWhatItBringsAlong() {
    Images picture = Images.of(new Bitmap(1, 1, 3, new byte[3]));
    assertThat(about(Edit.NONE)).isEqualTo(Task.TEXT_TO_IMAGE);
    assertThat(about(Edit.of(picture, 0.6))).isEqualTo(Task.IMAGE_TO_IMAGE);
    assertThat(about(Edit.of(picture, 0.6), Control.of(picture))).isEqualTo(Task.CONTROL);
    assertThat(about(Edit.of(picture, picture, 1), Control.of(picture))).isEqualTo(Task.INPAINT);
  }

  private static Task about(Edit edit, Control... controls) {
    return ImageRequest.builder(Pipeline.FLEX, Weights.of("m"))
        .prompts(Prompt.of("a"))
        .edit(edit)
        .controls(List.of(controls))
        .build()
        .task();
  }

  @Test
  void leavesTheSizeToAPipelineThatChoosesItself() {
    assertThat(
            ImageRequest.builder(Pipeline.KONTEXT, Weights.of("m"))
                .prompts(Prompt.of("a"))
                .size(1000, 700)
                .build()
                .width())
        .isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
  void refusesAStrengthThatIsNoShare(double strength) {
    Images picture = Images.of(new Bitmap(1, 1, 3, new byte[3]));
    assertThatThrownBy(() -> Edit.of(picture, strength))
        .hasMessage("The value of strength should in [0.0, 1.0] but is " + strength);
  }

  @Test
  void refusesPicturesThatAreNotWhatTheySay() {
    assertThatThrownBy(() -> new Bitmap(2, 2, 3, new byte[11]))
        .hasMessage("a picture of 2x2 pixels with 3 channels takes 12 bytes but has 11");
    assertThatThrownBy(() -> new Bitmap(2, 2, 2, new byte[8])).hasMessageContaining("channel");
    assertThatThrownBy(() -> new Bitmap(0, 2, 1, new byte[0])).hasMessageContaining("0x2");
    assertThatThrownBy(() -> new Images.Bitmaps(List.of())).hasMessageContaining("empty");
    assertThatThrownBy(() -> Images.of(Tensor.of(new float[2], 2)))
        .hasMessageContaining("(B, C, H, W)");
  }
}
