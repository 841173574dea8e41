package dev.fluxbridge.pipelines;

import dev.fluxbridge.pipelines.arguments.TakesNegativePrompt;
import dev.fluxbridge.providers.Pipeline;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@link FluxDeDistilledPipeline}, with the old names in camel case, in the old
 * order, with the old defaults.
 *
 * <p>Immutable: each method gives a copy with one argument changed. {@code null} is Python's {@code
 * None}. It checks nothing; the call does, in the old order and with the old texts.
 *
 * <p>Source: Pallaidium 141a55fb, pipelines/pipeline_flux_de_distill.py, {@code __call__}.
 */
public final class FluxDeDistilledArguments extends PipelineArguments<FluxDeDistilledArguments>
    implements TakesNegativePrompt<FluxDeDistilledArguments> {

  /** Every argument at its default. */
  public FluxDeDistilledArguments() {
    super(Signature.of(Pipeline.DE_DISTILLED));
  }

  private FluxDeDistilledArguments(Map<String, @Nullable Object> values) {
    super(Signature.of(Pipeline.DE_DISTILLED), values);
  }

  /**
   * Arguments from the old keywords as they are.
   *
   * @param keywords by their old names, in snake case
   * @throws IllegalArgumentException for a keyword that the old call did not know, with Python's
   *     text
   */
  public static FluxDeDistilledArguments of(Map<String, ?> keywords) {
    return new FluxDeDistilledArguments().withAll(keywords);
  }

  /** The old call never took any: given, it fails as ever. */
  public FluxDeDistilledArguments timesteps(@Nullable List<Integer> timesteps) {
    return with("timesteps", timesteps);
  }

  @Override
  FluxDeDistilledArguments copy(Map<String, @Nullable Object> values) {
    return new FluxDeDistilledArguments(values);
  }
}
