package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Note;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * FLUX text-to-image: the old {@code FluxPipeline}.
 *
 * <p>The call is the old one; the flag {@code fluxbridge.route.text-to-image} decides, call by
 * call, whether the local engine or a hosted provider draws it. Loads nothing until the first local
 * call. It does not draw by itself and does not choose the road.
 *
 * <p>Safe for use by several threads, but {@link #interrupt()} then stops whichever calls are
 * running.
 *
 * <pre>{@code
 * FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev");
 * BufferedImage picture =
 *     pipe.call(new FluxArguments().prompt("a red circle").generator(new Generator().manualSeed(7))).images().get(0);
 * }</pre>
 */
public final class FluxPipeline {
  private static final Logger log = LoggerFactory.getLogger(FluxPipeline.class);

  private final String model;
  private final Fluxbridge fluxbridge;
  private volatile boolean interrupted;

  private FluxPipeline(String model, Fluxbridge fluxbridge) {
    this.model = model;
    this.fluxbridge = fluxbridge;
  }

  /**
   * A pipeline for an old model id or a checkpoint folder, on the roads that this process is set up
   * with.
   *
   * @param pretrainedModelNameOrPath for example {@code black-forest-labs/FLUX.1-dev}
   */
  public static FluxPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return fromPretrained(pretrainedModelNameOrPath, Fluxbridge.standard());
  }

  /** The same, on roads of your own. */
  public static FluxPipeline fromPretrained(
      String pretrainedModelNameOrPath, Fluxbridge fluxbridge) {
    return new FluxPipeline(pretrainedModelNameOrPath, fluxbridge);
  }

  /** Draws a prompt with every other argument at its default. */
  public FluxPipelineOutput call(String prompt) {
    return call(new FluxArguments().prompt(prompt));
  }

  /**
   * Draws, with the old keywords as they are.
   *
   * @param keywords by their old names, in snake case
   * @throws IllegalArgumentException for a keyword that the old call did not know, and as {@link
   *     #call(FluxArguments)}
   */
  public FluxPipelineOutput call(Map<String, ?> keywords) {
    return call(FluxArguments.of(keywords));
  }

  /**
   * Draws.
   *
   * @throws IllegalArgumentException where the old code raised {@code ValueError}, with its text
   * @throws BackendException where the road could not draw it; its reason says what to do
   */
  public FluxPipelineOutput call(FluxArguments arguments) {
    FluxChecks.check(arguments);
    StepRelay steps = new StepRelay(this, arguments);
    FluxCall call = new FluxCall(arguments);
    try {
      ImageResult result = draw(call, steps);
      return new FluxPipelineOutput(
          call.outputType(), result.withNotes(call.notes()).withNotes(steps.notes()));
    } catch (RuntimeException e) {
      call.giveBack();
      throw e;
    }
  }

  private ImageResult draw(FluxCall call, StepRelay steps) {
    ImageRequest request = call.request(model);
    List<Note> notes = call.notes();
    if (fluxbridge.strict() && !notes.isEmpty()) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "strict is on, and " + notes.get(0).text() + " (" + notes.get(0).code() + ")");
    }
    notes.forEach(note -> log.warn("{}: {}", note.code(), note.text()));
    interrupted = false;
    return fluxbridge.generate(request, steps);
  }

  /**
   * Skips the remaining steps of the running call; what is drawn so far is decoded. Python's {@code
   * pipe._interrupt = True}.
   */
  public void interrupt() {
    interrupted = true;
  }

  boolean isInterrupted() {
    return interrupted;
  }

  /** The model as it was named. */
  @Override
  public String toString() {
    return "FluxPipeline[" + model + "]";
  }
}
