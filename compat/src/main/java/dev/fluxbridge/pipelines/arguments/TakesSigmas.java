package dev.fluxbridge.pipelines.arguments;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A noise schedule of the caller.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesSigmas<A> extends Takes<A> {
  /** Noise levels in place of the even ones, descending from 1. */
  default A sigmas(@Nullable List<Double> sigmas) {
    return with("sigmas", sigmas);
  }
}
