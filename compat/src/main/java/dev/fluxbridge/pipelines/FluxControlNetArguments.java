package dev.fluxbridge.pipelines;

import dev.fluxbridge.pipelines.arguments.TakesControlImage;
import dev.fluxbridge.pipelines.arguments.TakesControlNet;
import dev.fluxbridge.pipelines.arguments.TakesIpAdapter;
import dev.fluxbridge.pipelines.arguments.TakesNegativePrompt;
import dev.fluxbridge.pipelines.arguments.TakesSigmas;
import dev.fluxbridge.pipelines.arguments.TakesTrueCfg;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@link FluxControlNetPipeline}, with the old names in camel case, in the old
 * order, with the old defaults.
 *
 * <p>Immutable: each method gives a copy with one argument changed. {@code null} is Python's {@code
 * None}. It checks nothing; the call does, in the old order and with the old texts.
 *
 * <p>Source: diffusers 0.33.0, {@code __call__}.
 */
public final class FluxControlNetArguments extends PipelineArguments<FluxControlNetArguments>
    implements TakesSigmas<FluxControlNetArguments>,
        TakesNegativePrompt<FluxControlNetArguments>,
        TakesTrueCfg<FluxControlNetArguments>,
        TakesIpAdapter<FluxControlNetArguments>,
        TakesControlImage<FluxControlNetArguments>,
        TakesControlNet<FluxControlNetArguments> {

  /** Every argument at its default. */
  public FluxControlNetArguments() {
    super(Signature.of(Pipeline.CONTROLNET));
  }

  private FluxControlNetArguments(Map<String, @Nullable Object> values) {
    super(Signature.of(Pipeline.CONTROLNET), values);
  }

  /**
   * Arguments from the old keywords as they are.
   *
   * @param keywords by their old names, in snake case
   * @throws IllegalArgumentException for a keyword that the old call did not know, with Python's
   *     text
   */
  public static FluxControlNetArguments of(Map<String, ?> keywords) {
    return new FluxControlNetArguments().withAll(keywords);
  }

  @Override
  FluxControlNetArguments copy(Map<String, @Nullable Object> values) {
    return new FluxControlNetArguments(values);
  }
}
