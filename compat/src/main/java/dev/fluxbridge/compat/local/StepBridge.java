package dev.fluxbridge.compat.local;

import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.flux.StepWatcher;
import dev.fluxbridge.providers.Progress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows the engine's steps to the caller's watcher, and remembers what that one threw: it is the
 * caller's own and stays as it is.
 */
final class StepBridge implements StepWatcher {
  private final Progress progress;
  private @Nullable RuntimeException thrown;

  StepBridge(Progress progress) {
    this.progress = progress;
  }

  /** Whether the caller's watcher threw this. */
  boolean threw(RuntimeException e) {
    return e == thrown;
  }

  @Override
  public Map<String, Floats> stepped(Step step) {
    return remembering(
        () -> {
          Map<String, Floats> replaced = new HashMap<>();
          progress
              .stepped(
                  new Progress.Step(
                      step.index(),
                      step.count(),
                      step.timestep(),
                      name -> EngineCall.tensor(step.tensor(name))))
              .forEach((name, tensor) -> replaced.put(name, EngineCall.floats(tensor)));
          return replaced;
        });
  }

  @Override
  public boolean interrupted() {
    return remembering(progress::stopEarly);
  }

  private <T> T remembering(Supplier<T> answer) {
    try {
      return answer.get();
    } catch (RuntimeException e) {
      thrown = e;
      throw e;
    }
  }
}
