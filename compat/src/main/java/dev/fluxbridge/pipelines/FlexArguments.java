package dev.fluxbridge.pipelines;

import dev.fluxbridge.pipelines.arguments.TakesControlImage;
import dev.fluxbridge.pipelines.arguments.TakesSigmas;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@link FlexPipeline}, with the old names in camel case, in the old order, with
 * the old defaults.
 *
 * <p>Immutable: each method gives a copy with one argument changed. {@code null} is Python's {@code
 * None}. It checks nothing; the call does, in the old order and with the old texts.
 *
 * <p>Source: Pallaidium 85336ad, pipelines/flex_pipeline.py, {@code __call__}.
 */
public final class FlexArguments extends PipelineArguments<FlexArguments>
    implements TakesSigmas<FlexArguments>, TakesControlImage<FlexArguments> {

  /** Every argument at its default. */
  public FlexArguments() {
    super(Signature.of(Pipeline.FLEX));
  }

  private FlexArguments(Map<String, @Nullable Object> values) {
    super(Signature.of(Pipeline.FLEX), values);
  }

  /**
   * Arguments from the old keywords as they are.
   *
   * @param keywords by their old names, in snake case. Those the old call did not know it
   *     swallowed; here they leave a note
   */
  public static FlexArguments of(Map<String, ?> keywords) {
    return new FlexArguments().withAll(keywords);
  }

  /** The picture to edit, together with its mask. */
  public FlexArguments inpaintImage(@Nullable BufferedImage inpaintImage) {
    return with("inpaint_image", inpaintImage);
  }

  /** One for each prompt. */
  public FlexArguments inpaintImage(List<BufferedImage> inpaintImages) {
    return with("inpaint_image", inpaintImages);
  }

  /** Numbers from -1 to 1, shape (B, C, H, W). */
  public FlexArguments inpaintImage(Tensor inpaintImage) {
    return with("inpaint_image", inpaintImage);
  }

  /** White is repainted, black stays, grey in between. */
  public FlexArguments inpaintMask(@Nullable BufferedImage inpaintMask) {
    return with("inpaint_mask", inpaintMask);
  }

  /** One for each prompt. */
  public FlexArguments inpaintMask(List<BufferedImage> inpaintMasks) {
    return with("inpaint_mask", inpaintMasks);
  }

  /** Numbers from -1 to 1, shape (B, C, H, W). */
  public FlexArguments inpaintMask(Tensor inpaintMask) {
    return with("inpaint_mask", inpaintMask);
  }

  /** Multiplies the control image. */
  public FlexArguments controlStrength(double controlStrength) {
    return with("control_strength", controlStrength);
  }

  /** Share of the steps that see the control image. */
  public FlexArguments controlStop(double controlStop) {
    return with("control_stop", controlStop);
  }

  @Override
  FlexArguments copy(Map<String, @Nullable Object> values) {
    return new FlexArguments(values);
  }
}
