package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;

/** Every facade by its pipeline, for tests that go through all of them. */
public final class Facades {
  private static final String MODEL = "black-forest-labs/FLUX.1-dev";

  private Facades() {}

  /** The arguments of a pipeline, all at their defaults. */
  public static PipelineArguments<?> arguments(Pipeline pipeline) {
    return switch (pipeline) {
      case FLUX -> new FluxArguments();
      case DE_DISTILLED -> new FluxDeDistilledArguments();
      case IMG2IMG -> new FluxImg2ImgArguments();
      case INPAINT -> new FluxInpaintArguments();
      case FILL -> new FluxFillArguments();
      case CONTROL -> new FluxControlArguments();
      case CONTROL_IMG2IMG -> new FluxControlImg2ImgArguments();
      case CONTROL_INPAINT -> new FluxControlInpaintArguments();
      case CONTROLNET -> new FluxControlNetArguments();
      case CONTROLNET_IMG2IMG -> new FluxControlNetImg2ImgArguments();
      case CONTROLNET_INPAINT -> new FluxControlNetInpaintArguments();
      case KONTEXT -> new FluxKontextArguments();
      case KONTEXT_INPAINT -> new FluxKontextInpaintArguments();
      case FLEX -> new FlexArguments();
    };
  }

  /** A pipeline on roads of the test's own; those that take a ControlNet have one. */
  public static DiffusionPipeline<?> pipeline(Pipeline pipeline, Fluxbridge roads) {
    Map<String, Object> net =
        Map.of("controlnet", FluxControlNetModel.fromPretrained("InstantX/union"));
    return switch (pipeline) {
      case FLUX -> FluxPipeline.fromPretrained(MODEL, roads);
      case DE_DISTILLED -> FluxDeDistilledPipeline.fromPretrained(MODEL, roads);
      case IMG2IMG -> FluxImg2ImgPipeline.fromPretrained(MODEL, roads);
      case INPAINT -> FluxInpaintPipeline.fromPretrained(MODEL, roads);
      case FILL -> FluxFillPipeline.fromPretrained(MODEL, roads);
      case CONTROL -> FluxControlPipeline.fromPretrained(MODEL, roads);
      case CONTROL_IMG2IMG -> FluxControlImg2ImgPipeline.fromPretrained(MODEL, roads);
      case CONTROL_INPAINT -> FluxControlInpaintPipeline.fromPretrained(MODEL, roads);
      case CONTROLNET -> FluxControlNetPipeline.fromPretrained(MODEL, net, roads);
      case CONTROLNET_IMG2IMG -> FluxControlNetImg2ImgPipeline.fromPretrained(MODEL, net, roads);
      case CONTROLNET_INPAINT -> FluxControlNetInpaintPipeline.fromPretrained(MODEL, net, roads);
      case KONTEXT -> FluxKontextPipeline.fromPretrained(MODEL, roads);
      case KONTEXT_INPAINT -> FluxKontextInpaintPipeline.fromPretrained(MODEL, roads);
      case FLEX -> FlexPipeline.fromPretrained(MODEL, roads);
    };
  }

  /** What a call asks the roads for. */
  public static ImageRequest request(PipelineArguments<?> arguments) {
    return call(arguments).request(loaded(arguments.signature().pipeline()), MemorySaving.NONE);
  }

  /** A call that was checked. */
  static PipelineCall call(PipelineArguments<?> arguments) {
    PipelineChecks.check(arguments);
    return new PipelineCall(arguments);
  }

  static Loaded loaded(Pipeline pipeline) {
    return pipeline(pipeline, Fluxbridge.standard()).loaded();
  }

  /** How many numbers were drawn from a generator. */
  public static long drawn(Generator generator) {
    return generator.draw(0).drawn();
  }
}
