package dev.fluxbridge.compat;

import dev.fluxbridge.compat.route.Fallback;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Progress;

/**
 * One call on the road that was chosen for it, and on others where a rule sends it there. For one
 * thread, and one call.
 */
final class ServedCall {
  private final Roads roads;
  private final ImageRequest request;
  private final Progress progress;

  ServedCall(Roads roads, ImageRequest request, Progress progress) {
    this.roads = roads;
    this.request = request;
    this.progress = progress;
  }

  /** The pictures, with the decision that brought them. */
  ImageResult on(Decision decision) {
    Watch watch = new Watch();
    try {
      return attempt(roads.road(decision.backend()), decision, watch);
    } catch (BackendException failure) {
      return instead(decision, failure, watch);
    }
  }

  private ImageResult attempt(ImageBackend road, Decision decision, Watch watch) {
    return roads.draw(road, request, new BothWatch(watch, progress)).withDecision(decision);
  }

  /**
   * Tries the targets of the rule, if there is one. Where none of them can help, the caller gets
   * the first failure; but where one may be billed or was cancelled, that is what he must know.
   */
  private ImageResult instead(Decision first, BackendException failure, Watch watch) {
    Fallback rule = roads.fallback(request.task()).orElse(null);
    if (rule == null) {
      throw failure;
    }
    for (String target : rule.targets()) {
      if (!rule.leadsTo(target, first, failure, watch.accepted)) {
        continue;
      }
      ImageBackend road;
      try {
        road = roads.road(target);
      } catch (RuntimeException missing) {
        failure.addSuppressed(missing);
        continue;
      }
      Decision next = rule.decision(target, first, failure.reason());
      roads.fellBack(first, next, failure);
      Watch second = new Watch();
      try {
        return attempt(road, next, second);
      } catch (BackendException other) {
        if (other.reason() == Reason.CANCELLED
            || Fallback.mayBeBilled(target, other, second.accepted)) {
          other.addSuppressed(failure);
          throw other;
        }
        failure.addSuppressed(other);
      }
    }
    throw failure;
  }

  /** Sees whether a provider took the call. */
  private static final class Watch implements Progress {
    private boolean accepted;

    @Override
    public void accepted(String backend, String requestId) {
      accepted = true;
    }
  }
}
