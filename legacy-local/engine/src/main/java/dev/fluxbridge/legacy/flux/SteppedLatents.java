package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler.Schedule;
import org.jspecify.annotations.Nullable;

/** A step's latents, copied out of native memory only if somebody asks. */
final class SteppedLatents implements StepWatcher.Step {
  private final int index;
  private final Schedule schedule;
  private @Nullable NDArray latents;

  SteppedLatents(int index, Schedule schedule, NDArray latents) {
    this.index = index;
    this.schedule = schedule;
    this.latents = latents;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public int count() {
    return schedule.steps();
  }

  @Override
  public float timestep() {
    return schedule.timestep(index);
  }

  @Override
  public Floats latents() {
    if (latents == null) {
      throw new IllegalStateException("the latents of a step are there only while it is watched");
    }
    return Floats.of(
        latents.toFloatArray(),
        (int) latents.getShape().get(0),
        (int) latents.getShape().get(1),
        (int) latents.getShape().get(2));
  }

  void expire() {
    latents = null;
  }
}
