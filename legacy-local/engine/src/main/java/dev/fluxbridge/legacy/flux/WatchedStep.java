package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.array.Floats;
import java.util.Map;
import java.util.TreeMap;

/** One step as a watcher sees it: tensors are copied out of native memory only if somebody asks. */
final class WatchedStep implements StepWatcher.Step {
  static final String LATENTS = "latents";
  static final String CONTROL_IMAGE = "control_image";
  static final String MASK = "mask";
  static final String MASKED_IMAGE_LATENTS = "masked_image_latents";
  static final String PROMPT_EMBEDS = "prompt_embeds";

  private final Parts parts;
  private final int index;
  private final Plan plan;
  private final Map<String, NDArray> tensors;
  private boolean expired;

  WatchedStep(Parts parts, int index, Plan plan, NDArray latents, NDArray promptEmbeds) {
    this.parts = parts;
    this.index = index;
    this.plan = plan;
    tensors = new TreeMap<>();
    plan.tensors().forEach((name, shown) -> tensors.put(name, shown.now()));
    tensors.put(LATENTS, latents);
    tensors.put(PROMPT_EMBEDS, promptEmbeds);
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public int count() {
    return plan.schedule().steps();
  }

  @Override
  public float timestep() {
    return plan.schedule().timestep(index);
  }

  @Override
  public Floats tensor(String name) {
    if (expired) {
      throw new IllegalStateException("the tensors of a step are there only while it is watched");
    }
    NDArray tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "this pipeline shows %s, not %s".formatted(tensors.keySet(), name));
    }
    return parts.floats(tensor);
  }

  /** What a watcher gave back, if it has the shape of what it was shown. */
  Floats replacement(Map<String, Floats> replaced, String name) {
    Floats other = replaced.get(name);
    NDArray shown = tensors.get(name);
    if (other == null || shown == null) {
      throw new IllegalArgumentException("nothing was given back as " + name);
    }
    CallCheck.refuseOtherShape(
        "the " + name + " that the watcher returned", other, shown.getShape());
    return other;
  }

  void expire() {
    expired = true;
  }
}
