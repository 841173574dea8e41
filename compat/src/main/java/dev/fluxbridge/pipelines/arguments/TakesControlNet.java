package dev.fluxbridge.pipelines.arguments;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How ControlNets steer.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesControlNet<A> extends Takes<A> {
  /** Share of the steps that are over when the net begins, 0 to 1. */
  default A controlGuidanceStart(double controlGuidanceStart) {
    return with("control_guidance_start", controlGuidanceStart);
  }

  /** One for each net. */
  default A controlGuidanceStart(List<Double> each) {
    return with("control_guidance_start", each);
  }

  /** Share of the steps that are over when the net ends, 0 to 1. */
  default A controlGuidanceEnd(double controlGuidanceEnd) {
    return with("control_guidance_end", controlGuidanceEnd);
  }

  /** One for each net. */
  default A controlGuidanceEnd(List<Double> each) {
    return with("control_guidance_end", each);
  }

  /** How strongly the net is followed; 1 is as trained. */
  default A controlnetConditioningScale(double controlnetConditioningScale) {
    return with("controlnet_conditioning_scale", controlnetConditioningScale);
  }

  /** One for each net. */
  default A controlnetConditioningScale(List<Double> each) {
    return with("controlnet_conditioning_scale", each);
  }

  /**
   * The kind of control image, for a union net: 0 canny, 1 tile, 2 depth, 3 blur, 4 pose, 5 grey, 6
   * low quality.
   */
  default A controlMode(@Nullable Integer controlMode) {
    return with("control_mode", controlMode);
  }

  /** One for each control image. */
  default A controlMode(List<Integer> each) {
    return with("control_mode", each);
  }
}
