package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hands the backend's steps to the old callback, and says so if there were none to hand over. */
final class StepRelay implements Progress {
  private final DiffusionPipeline<?> pipe;
  private final @Nullable StepCallback callback;
  private final List<String> wanted;
  private boolean stepped;

  StepRelay(DiffusionPipeline<?> pipe, PipelineArguments<?> arguments) {
    this.pipe = pipe;
    Object given = arguments.get("callback_on_step_end");
    if (given != null && !(given instanceof StepCallback)) {
      throw new IllegalArgumentException("`callback_on_step_end` must be a StepCallback");
    }
    this.callback = (StepCallback) given;
    this.wanted =
        arguments.get("callback_on_step_end_tensor_inputs") instanceof List<?> names
            ? names.stream().map(String::valueOf).toList()
            : List.of();
  }

  @Override
  public Map<String, Tensor> stepped(Step step) {
    stepped = true;
    if (callback == null) {
      return Map.of();
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    wanted.forEach(name -> tensors.put(name, step.tensor(name)));
    @Nullable Map<String, Tensor> answer =
        callback.onStepEnd(pipe, step.index(), step.timestep(), tensors);
    if (answer == null) {
      throw new IllegalStateException(
          "the callback gave back null: give back a map, an empty one to change nothing");
    }
    return answer;
  }

  @Override
  public boolean stopEarly() {
    return pipe.isInterrupted();
  }

  List<Note> notes() {
    return callback == null || stepped
        ? List.of()
        : List.of(
            FacadeLedger.CALLBACK_UNSEEN.note(
                "this road does not show its steps, so the callback was never called"));
  }
}
