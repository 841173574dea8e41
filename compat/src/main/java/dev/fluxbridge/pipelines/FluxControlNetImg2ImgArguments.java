package dev.fluxbridge.pipelines;

import dev.fluxbridge.pipelines.arguments.TakesControlImage;
import dev.fluxbridge.pipelines.arguments.TakesControlNet;
import dev.fluxbridge.pipelines.arguments.TakesImage;
import dev.fluxbridge.pipelines.arguments.TakesSigmas;
import dev.fluxbridge.pipelines.arguments.TakesStrength;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@link FluxControlNetImg2ImgPipeline}, with the old names in camel case, in the
 * old order, with the old defaults.
 *
 * <p>Immutable: each method gives a copy with one argument changed. {@code null} is Python's {@code
 * None}. It checks nothing; the call does, in the old order and with the old texts.
 *
 * <p>Source: diffusers 0.33.0, {@code __call__}.
 */
public final class FluxControlNetImg2ImgArguments
    extends PipelineArguments<FluxControlNetImg2ImgArguments>
    implements TakesSigmas<FluxControlNetImg2ImgArguments>,
        TakesControlImage<FluxControlNetImg2ImgArguments>,
        TakesControlNet<FluxControlNetImg2ImgArguments>,
        TakesImage<FluxControlNetImg2ImgArguments>,
        TakesStrength<FluxControlNetImg2ImgArguments> {

  /** Every argument at its default. */
  public FluxControlNetImg2ImgArguments() {
    super(Signature.of(Pipeline.CONTROLNET_IMG2IMG));
  }

  private FluxControlNetImg2ImgArguments(Map<String, @Nullable Object> values) {
    super(Signature.of(Pipeline.CONTROLNET_IMG2IMG), values);
  }

  /**
   * Arguments from the old keywords as they are.
   *
   * @param keywords by their old names, in snake case
   * @throws IllegalArgumentException for a keyword that the old call did not know, with Python's
   *     text
   */
  public static FluxControlNetImg2ImgArguments of(Map<String, ?> keywords) {
    return new FluxControlNetImg2ImgArguments().withAll(keywords);
  }

  @Override
  FluxControlNetImg2ImgArguments copy(Map<String, @Nullable Object> values) {
    return new FluxControlNetImg2ImgArguments(values);
  }
}
