package dev.fluxbridge.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every backend promises, whatever it draws with. Each backend has a test that is one of
 * these.
 */
public abstract class ImageBackendContract {

  /** The backend, ready to draw. */
  protected abstract ImageBackend backend();

  /** Whether the backend says which seeds drew its pictures. */
  protected boolean tellsSeeds() {
    return true;
  }

  /** A small call. */
  protected static ImageRequest request(Prompt... prompts) {
    return ImageRequest.builder(Pipeline.FLUX, Weights.of("black-forest-labs/FLUX.1-dev"))
        .prompts(prompts)
        .size(64, 64)
        .steps(2)
        .seeds(List.of(Seed.of(7)))
        .build();
  }

  @Test
  void givesAPictureForEachPrompt() {
    ImageResult result =
        backend().generate(request(Prompt.of("a red circle"), Prompt.of("a blue square")));
    assertThat(result.images()).hasSize(2);
  }

  @Test
  void saysWhereTheResultComesFrom() {
    ImageResult result = backend().generate(request(Prompt.of("a red circle")));
    assertThat(result.provenance().backend()).isEqualTo(backend().name());
    assertThat(result.provenance().model()).isNotEmpty();
    assertThat(result.provenance().took()).isPositive();
    assertThat(result.seeds()).hasSize(tellsSeeds() ? 1 : 0);
  }

  @Test
  void givesEveryNoteACodeOfItsOwnName() {
    assertThat(backend().generate(request(Prompt.of("a red circle"))).notes())
        .allSatisfy(note -> assertThat(note.code()).startsWith(backend().name() + "."));
  }

  @Test
  void anInterruptedThreadCancelsTheCallAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> backend().generate(request(Prompt.of("a red circle"))))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CANCELLED));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatAWatcherThrowsArrivesAsItIs() {
    IllegalArgumentException own = new IllegalArgumentException("mine");
    Progress broken =
        new Progress() {
          @Override
          public void accepted(String backend, String requestId) {
            throw own;
          }

          @Override
          public Map<String, Tensor> stepped(Step step) {
            throw own;
          }
        };
    assertThatThrownBy(() -> backend().generate(request(Prompt.of("a red circle")), broken))
        .isSameAs(own);
  }

  @Test
  void neverShowsAPrompt() {
    ImageResult result = backend().generate(request(Prompt.of("a secret wish")));
    assertThat(result.toString() + backend()).doesNotContain("secret");
  }
}
