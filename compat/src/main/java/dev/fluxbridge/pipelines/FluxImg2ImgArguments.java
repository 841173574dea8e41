package dev.fluxbridge.pipelines;

import dev.fluxbridge.pipelines.arguments.TakesImage;
import dev.fluxbridge.pipelines.arguments.TakesIpAdapter;
import dev.fluxbridge.pipelines.arguments.TakesNegativePrompt;
import dev.fluxbridge.pipelines.arguments.TakesSigmas;
import dev.fluxbridge.pipelines.arguments.TakesStrength;
import dev.fluxbridge.pipelines.arguments.TakesTrueCfg;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@link FluxImg2ImgPipeline}, with the old names in camel case, in the old order,
 * with the old defaults.
 *
 * <p>Immutable: each method gives a copy with one argument changed. {@code null} is Python's {@code
 * None}. It checks nothing; the call does, in the old order and with the old texts.
 *
 * <p>Source: diffusers 0.33.0, {@code __call__}.
 */
public final class FluxImg2ImgArguments extends PipelineArguments<FluxImg2ImgArguments>
    implements TakesSigmas<FluxImg2ImgArguments>,
        TakesNegativePrompt<FluxImg2ImgArguments>,
        TakesTrueCfg<FluxImg2ImgArguments>,
        TakesIpAdapter<FluxImg2ImgArguments>,
        TakesImage<FluxImg2ImgArguments>,
        TakesStrength<FluxImg2ImgArguments> {

  /** Every argument at its default. */
  public FluxImg2ImgArguments() {
    super(Signature.of(Pipeline.IMG2IMG));
  }

  private FluxImg2ImgArguments(Map<String, @Nullable Object> values) {
    super(Signature.of(Pipeline.IMG2IMG), values);
  }

  /**
   * Arguments from the old keywords as they are.
   *
   * @param keywords by their old names, in snake case
   * @throws IllegalArgumentException for a keyword that the old call did not know, with Python's
   *     text
   */
  public static FluxImg2ImgArguments of(Map<String, ?> keywords) {
    return new FluxImg2ImgArguments().withAll(keywords);
  }

  @Override
  FluxImg2ImgArguments copy(Map<String, @Nullable Object> values) {
    return new FluxImg2ImgArguments(values);
  }
}
