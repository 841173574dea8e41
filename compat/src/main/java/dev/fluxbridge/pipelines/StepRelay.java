package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands the backend's steps to the old callback, and says so if there were none to hand over. */
final class StepRelay implements Progress {
  private final FluxPipeline pipe;
  private final @Nullable StepCallback callback;
  private final List<?> wanted;
  private boolean stepped;

  StepRelay(FluxPipeline pipe, FluxArguments arguments) {
    this.pipe = pipe;
    Object given = arguments.get("callback_on_step_end");
    if (given != null && !(given instanceof StepCallback)) {
      throw new IllegalArgumentException("`callback_on_step_end` must be a StepCallback");
    }
    this.callback = (StepCallback) given;
    this.wanted =
        arguments.get("callback_on_step_end_tensor_inputs") instanceof List<?> names
            ? names
            : List.of();
    if (callback != null && wanted.contains("prompt_embeds")) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "`callback_on_step_end_tensor_inputs`: no road hands `prompt_embeds` to callbacks yet; ask for `latents` only");
    }
  }

  @Override
  public Optional<Tensor> stepped(Step step) {
    stepped = true;
    if (callback == null) {
      return Optional.empty();
    }
    Map<String, Tensor> tensors =
        wanted.contains("latents") ? Map.of("latents", step.latents().get()) : Map.of();
    Map<String, Tensor> answer = callback.onStepEnd(pipe, step.index(), step.timestep(), tensors);
    return Optional.ofNullable(answer.get("latents"));
  }

  @Override
  public boolean stopEarly() {
    return pipe.isInterrupted();
  }

  List<Note> notes() {
    return callback == null || stepped
        ? List.of()
        : List.of(
            FluxNotes.CALLBACK_UNSEEN.saying(
                "this road does not show its steps, so the callback was never called"));
  }
}
