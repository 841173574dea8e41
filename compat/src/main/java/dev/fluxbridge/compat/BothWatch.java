package dev.fluxbridge.compat;

import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Tensor;
import java.util.Map;

/** Two watchers of one call: the first only looks on, the second (the caller's) also steers. */
record BothWatch(Progress onlooker, Progress caller) implements Progress {
  @Override
  public void accepted(String backend, String requestId) {
    onlooker.accepted(backend, requestId);
    caller.accepted(backend, requestId);
  }

  @Override
  public void queued(int ahead) {
    onlooker.queued(ahead);
    caller.queued(ahead);
  }

  @Override
  public void started() {
    onlooker.started();
    caller.started();
  }

  @Override
  public Map<String, Tensor> stepped(Step step) {
    onlooker.stepped(step);
    return caller.stepped(step);
  }

  @Override
  public boolean stopEarly() {
    return caller.stopEarly();
  }
}
