package dev.fluxbridge.legacy.flux;

import static dev.fluxbridge.legacy.flux.EmbeddedEngine.ENGINE;
import static dev.fluxbridge.legacy.flux.SmallCalls.CIRCLE;
import static dev.fluxbridge.legacy.flux.SmallCalls.CROSS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.flux.Sampling.Embeddings;
import dev.fluxbridge.legacy.flux.Sampling.Prompt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadCallTest {

  @ParameterizedTest
  @CsvSource({
    "0, 32, width must be at least 16 pixels but is 0",
    "-64, 32, width must be at least 16 pixels but is -64",
    "15, 32, width must be at least 16",
    "32, 0, height must be at least 16",
    "2147483647, 2147483647, more than a Java array holds",
    "100000, 100000, more than a Java array holds",
    "26752, 26752, MiB to decode"
  })
  void refusesASizeThatCannotBeDrawn(int width, int height, String named) {
    refuses(sized(width, height, 1, 16), named);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 100_001, Integer.MAX_VALUE})
  void refusesAnImpossibleCountOfSteps(int steps) {
    refuses(SmallCalls.of(steps), "steps must be 1 to 100000 but is " + steps);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void refusesATextLengthThatT5DoesNotRead(int length) {
    refuses(sized(32, 32, 1, length), "maxSequenceLength must be 1 to 512 but is " + length);
  }

  @Test
  void refusesATextLengthThatIsTooLongWithTheOldText() {
    refuses(sized(32, 32, 1, 513), "`max_sequence_length` cannot be greater than 512 but is 513");
  }

  @Test
  void refusesACallWithoutAPrompt() {
    refuses(
        SmallCalls.of(List.of(), 1, List.of(), true),
        "Cannot leave both `prompt` and `prompt_embeds` undefined.");
  }

  @Test
  void refusesNoiseThatIsNotOneForEachPicture() {
    refuses(
        SmallCalls.of(List.of(CROSS, CIRCLE, CROSS), 1, List.of(Noise.of(1), Noise.of(2)), true),
        "You have passed a list of generators of length 2, but requested an effective batch size of 3.");
  }

  @Test
  void refusesLatentsOfAnotherShape() {
    refuses(
        SmallCalls.of(
            List.of(CROSS),
            32,
            32,
            1,
            List.of(),
            Optional.of(Floats.of(new float[64 * 5], 1, 5, 64)),
            16,
            true),
        "latents must have the shape (1, 4, 64) but have [1, 5, 64]");
  }

  @Test
  void refusesEmbeddingsOfAnotherShape() {
    Floats prompt = Floats.of(new float[32], 1, 1, 32);
    Floats pooled = Floats.of(new float[64], 1, 64);
    refuses(
        call(
            List.of(),
            List.of(),
            Optional.of(new Embeddings(prompt, pooled, none(), none())),
            3.5,
            1),
        "prompt embeddings must have the shape (1, 1, 64)");
  }

  @Test
  void refusesPromptsBesideEmbeddings() {
    Floats prompt = Floats.of(new float[64], 1, 1, 64);
    Floats pooled = Floats.of(new float[64], 1, 64);
    refuses(
        call(
            List.of(CROSS),
            List.of(),
            Optional.of(new Embeddings(prompt, pooled, none(), none())),
            3.5,
            1),
        "Please make sure to only forward one of the two.");
  }

  @Test
  void refusesNegativePromptsThatAreNotAsManyAsPrompts() {
    refuses(
        call(List.of(CROSS), List.of(CIRCLE, CIRCLE), Optional.empty(), 3.5, 1),
        "as many as prompts");
  }

  @Test
  void refusesNumbersThatAreNone() {
    refuses(call(List.of(CROSS), List.of(), Optional.empty(), Double.NaN, 1), "guidanceScale");
    refuses(call(List.of(CROSS), List.of(), Optional.empty(), 3.5, 0), "imagesPerPrompt");
  }

  @Test
  void refusesLatentsOfAnotherShapeFromAWatcherAndDrawsOn() {
    StepWatcher watcher =
        new StepWatcher() {
          @Override
          public Map<String, Floats> stepped(Step step) {
            return Map.of("latents", Floats.of(new float[3], 3));
          }
        };
    assertThatThrownBy(() -> ENGINE.draw(SmallCalls.of(2), watcher))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the watcher returned");
    assertThat(ENGINE.draw(SmallCalls.of(1), StepWatcher.NONE).pictures()).hasSize(1);
  }

  @Test
  void refusesNoiseThatWasDrawnANegativeNumberOfTimes() {
    assertThatThrownBy(() -> new Noise(1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  private static Optional<Floats> none() {
    return Optional.empty();
  }

  private static void refuses(TextToImage call, String named) {
    assertThatThrownBy(() -> ENGINE.draw(call, StepWatcher.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  private static TextToImage sized(int width, int height, int steps, int length) {
    return SmallCalls.of(
        List.of(CROSS), width, height, steps, List.of(), Optional.empty(), length, true);
  }

  private static TextToImage call(
      List<Prompt> prompts,
      List<Prompt> negative,
      Optional<Embeddings> embeddings,
      double guidance,
      int images) {
    return new TextToImage(
        new Sampling(
            prompts,
            negative,
            embeddings,
            32,
            32,
            1,
            List.of(),
            guidance,
            1,
            images,
            List.of(),
            Optional.empty(),
            16,
            1,
            true));
  }
}
