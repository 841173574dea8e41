package dev.fluxbridge.pipelines;

import dev.fluxbridge.pipelines.arguments.TakesImage;
import dev.fluxbridge.pipelines.arguments.TakesIpAdapter;
import dev.fluxbridge.pipelines.arguments.TakesMask;
import dev.fluxbridge.pipelines.arguments.TakesMaskCrop;
import dev.fluxbridge.pipelines.arguments.TakesMaxArea;
import dev.fluxbridge.pipelines.arguments.TakesNegativePrompt;
import dev.fluxbridge.pipelines.arguments.TakesSigmas;
import dev.fluxbridge.pipelines.arguments.TakesStrength;
import dev.fluxbridge.pipelines.arguments.TakesTrueCfg;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@link FluxKontextInpaintPipeline}, with the old names in camel case, in the old
 * order, with the old defaults.
 *
 * <p>Immutable: each method gives a copy with one argument changed. {@code null} is Python's {@code
 * None}. It checks nothing; the call does, in the old order and with the old texts.
 *
 * <p>Source: diffusers at 58eb52c0803e, {@code __call__}.
 */
public final class FluxKontextInpaintArguments
    extends PipelineArguments<FluxKontextInpaintArguments>
    implements TakesSigmas<FluxKontextInpaintArguments>,
        TakesNegativePrompt<FluxKontextInpaintArguments>,
        TakesTrueCfg<FluxKontextInpaintArguments>,
        TakesIpAdapter<FluxKontextInpaintArguments>,
        TakesImage<FluxKontextInpaintArguments>,
        TakesStrength<FluxKontextInpaintArguments>,
        TakesMask<FluxKontextInpaintArguments>,
        TakesMaskCrop<FluxKontextInpaintArguments>,
        TakesMaxArea<FluxKontextInpaintArguments> {

  /** Every argument at its default. */
  public FluxKontextInpaintArguments() {
    super(Signature.of(Pipeline.KONTEXT_INPAINT));
  }

  private FluxKontextInpaintArguments(Map<String, @Nullable Object> values) {
    super(Signature.of(Pipeline.KONTEXT_INPAINT), values);
  }

  /**
   * Arguments from the old keywords as they are.
   *
   * @param keywords by their old names, in snake case
   * @throws IllegalArgumentException for a keyword that the old call did not know, with Python's
   *     text
   */
  public static FluxKontextInpaintArguments of(Map<String, ?> keywords) {
    return new FluxKontextInpaintArguments().withAll(keywords);
  }

  /** The picture whose tokens are seen; none: the picture that is edited. */
  public FluxKontextInpaintArguments imageReference(@Nullable BufferedImage imageReference) {
    return with("image_reference", imageReference);
  }

  /** One for each prompt. */
  public FluxKontextInpaintArguments imageReference(List<BufferedImage> imageReferences) {
    return with("image_reference", imageReferences);
  }

  /** Numbers from 0 to 1, shape (B, C, H, W), or (B, H, W, C) as numpy had it. */
  public FluxKontextInpaintArguments imageReference(Tensor imageReference) {
    return with("image_reference", imageReference);
  }

  @Override
  FluxKontextInpaintArguments copy(Map<String, @Nullable Object> values) {
    return new FluxKontextInpaintArguments(values);
  }
}
