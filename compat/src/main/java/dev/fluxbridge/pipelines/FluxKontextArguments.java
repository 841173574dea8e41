package dev.fluxbridge.pipelines;

import dev.fluxbridge.pipelines.arguments.TakesImage;
import dev.fluxbridge.pipelines.arguments.TakesIpAdapter;
import dev.fluxbridge.pipelines.arguments.TakesMaxArea;
import dev.fluxbridge.pipelines.arguments.TakesNegativePrompt;
import dev.fluxbridge.pipelines.arguments.TakesSigmas;
import dev.fluxbridge.pipelines.arguments.TakesTrueCfg;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@link FluxKontextPipeline}, with the old names in camel case, in the old order,
 * with the old defaults.
 *
 * <p>Immutable: each method gives a copy with one argument changed. {@code null} is Python's {@code
 * None}. It checks nothing; the call does, in the old order and with the old texts.
 *
 * <p>Source: diffusers at 58eb52c0803e, {@code __call__}.
 */
public final class FluxKontextArguments extends PipelineArguments<FluxKontextArguments>
    implements TakesSigmas<FluxKontextArguments>,
        TakesNegativePrompt<FluxKontextArguments>,
        TakesTrueCfg<FluxKontextArguments>,
        TakesIpAdapter<FluxKontextArguments>,
        TakesImage<FluxKontextArguments>,
        TakesMaxArea<FluxKontextArguments> {

  /** Every argument at its default. */
  public FluxKontextArguments() {
    super(Signature.of(Pipeline.KONTEXT));
  }

  private FluxKontextArguments(Map<String, @Nullable Object> values) {
    super(Signature.of(Pipeline.KONTEXT), values);
  }

  /**
   * Arguments from the old keywords as they are.
   *
   * @param keywords by their old names, in snake case
   * @throws IllegalArgumentException for a keyword that the old call did not know, with Python's
   *     text
   */
  public static FluxKontextArguments of(Map<String, ?> keywords) {
    return new FluxKontextArguments().withAll(keywords);
  }

  @Override
  FluxKontextArguments copy(Map<String, @Nullable Object> values) {
    return new FluxKontextArguments(values);
  }
}
