package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Note;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all old pipelines have in common: the call itself, LoRA weights (from {@link
 * FluxLoraLoaderMixin}), and ways to save memory.
 *
 * <p>It draws nothing and chooses no road. Nothing is loaded before the first local call. {@code
 * fromPretrained} takes the old keywords: {@code transformer} as a model id or a folder names what
 * draws instead of the pipeline's own, {@code controlnet} is a {@link FluxControlNetModel} or a
 * list of them, and those that said how to load ({@code torch_dtype}, {@code quantization_config},
 * {@code local_files_only} and so on) have no effect.
 *
 * <p>Safe for use by several threads, but {@link #interrupt()} then stops whichever calls are
 * running.
 *
 * @param <A> the arguments of its call
 */
public abstract sealed class DiffusionPipeline<A extends PipelineArguments<A>>
    extends FluxLoraLoaderMixin
    permits Flex2Pipeline,
        FlexPipeline,
        FluxControlImg2ImgPipeline,
        FluxControlInpaintPipeline,
        FluxControlNetImg2ImgPipeline,
        FluxControlNetInpaintPipeline,
        FluxControlNetPipeline,
        FluxControlPipeline,
        FluxDeDistilledPipeline,
        FluxFillPipeline,
        FluxImg2ImgPipeline,
        FluxInpaintPipeline,
        FluxKontextInpaintPipeline,
        FluxKontextPipeline,
        FluxPipeline {
  private static final Logger log = LoggerFactory.getLogger(DiffusionPipeline.class);

  private final Loaded loaded;
  private final A defaults;
  private volatile boolean offload;
  private volatile boolean sequential;
  private volatile boolean interrupted;

  DiffusionPipeline(Loaded loaded, A defaults) {
    this.loaded = loaded;
    this.defaults = defaults;
  }

  /**
   * The pipeline that a model is made for, by its name: Kontext, Fill, Flex.2, else {@link
   * FluxPipeline}. A class of its own says it better.
   */
  public static DiffusionPipeline<?> fromPretrained(String pretrainedModelNameOrPath) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of());
  }

  /** The same, with the old keywords. */
  public static DiffusionPipeline<?> fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    String name = pretrainedModelNameOrPath.toLowerCase(Locale.ROOT);
    if (name.contains("kontext")) {
      return FluxKontextPipeline.fromPretrained(pretrainedModelNameOrPath, keywords);
    }
    if (name.contains("-fill")) {
      return FluxFillPipeline.fromPretrained(pretrainedModelNameOrPath, keywords);
    }
    return name.contains("flex.2")
        ? FlexPipeline.fromPretrained(pretrainedModelNameOrPath, keywords)
        : FluxPipeline.fromPretrained(pretrainedModelNameOrPath, keywords);
  }

  /** Draws a prompt with every other argument at its default. */
  public final FluxPipelineOutput call(String prompt) {
    return call(defaults.prompt(prompt));
  }

  /**
   * Draws, with the old keywords as they are.
   *
   * @param keywords by their old names, in snake case
   * @throws IllegalArgumentException for a keyword that the old call did not know, and as {@link
   *     #call(PipelineArguments)}
   */
  public final FluxPipelineOutput call(Map<String, ?> keywords) {
    return call(defaults.withAll(keywords));
  }

  /**
   * Draws.
   *
   * @throws IllegalArgumentException where the old code raised {@code ValueError}, with its text
   * @throws BackendException where the road could not draw it; its reason says what to do
   */
  public final FluxPipelineOutput call(A arguments) {
    PipelineChecks.check(arguments);
    StepRelay steps = new StepRelay(this, arguments);
    PipelineCall call = new PipelineCall(arguments);
    try {
      ImageResult result = draw(call, steps, arguments.routingKey());
      return new FluxPipelineOutput(
          call.outputType(), result.withNotes(call.notes()).withNotes(steps.notes()));
    } catch (RuntimeException e) {
      call.giveBack();
      throw e;
    }
  }

  private ImageResult draw(PipelineCall call, StepRelay steps, @Nullable String routingKey) {
    ImageRequest request = call.request(loaded, memory());
    List<Note> notes = call.notes();
    if (loaded.fluxbridge().strict() && !notes.isEmpty()) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "strict is on, and " + notes.get(0).text() + " (" + notes.get(0).code() + ")");
    }
    notes.forEach(note -> log.warn("{}: {}", note.code(), note.text()));
    interrupted = false;
    return loaded.fluxbridge().generate(request, steps, routingKey);
  }

  final MemorySaving memory() {
    return new MemorySaving(offload, loaded.vae().slicing(), loaded.vae().tiling());
  }

  /**
   * Skips the remaining steps of the running call; what is drawn so far is decoded. Python's {@code
   * pipe._interrupt = True}.
   */
  public final void interrupt() {
    interrupted = true;
  }

  final boolean isInterrupted() {
    return interrupted;
  }

  /**
   * Keeps on the GPU only what draws at the moment. Only the local road looks at it; its pictures
   * are the same.
   */
  public final void enableModelCpuOffload() {
    offload = true;
    sequential = false;
  }

  /** The same; which GPU is a setting of the local road. */
  public final void enableModelCpuOffload(int gpuId) {
    enableModelCpuOffload();
  }

  /** As {@link #enableModelCpuOffload()}: the local road moves one model at a time, not layers. */
  public final void enableSequentialCpuOffload() {
    offload = true;
    sequential = true;
  }

  /** The same; which GPU is a setting of the local road. */
  public final void enableSequentialCpuOffload(int gpuId) {
    enableSequentialCpuOffload();
  }

  /** See {@link AutoencoderKL#enableSlicing()}. */
  public final void enableVaeSlicing() {
    loaded.vae().enableSlicing();
  }

  /** See {@link AutoencoderKL#disableSlicing()}. */
  public final void disableVaeSlicing() {
    loaded.vae().disableSlicing();
  }

  /** See {@link AutoencoderKL#enableTiling()}. */
  public final void enableVaeTiling() {
    loaded.vae().enableTiling();
  }

  /** See {@link AutoencoderKL#disableTiling()}. */
  public final void disableVaeTiling() {
    loaded.vae().disableTiling();
  }

  /** The autoencoder, which has the same switches. */
  public final AutoencoderKL vae() {
    return loaded.vae();
  }

  /** What softens the edges of masks; of use to the pipelines that take one. */
  public final VaeImageProcessor maskProcessor() {
    return new VaeImageProcessor();
  }

  /**
   * Changes nothing: the device is a setting of the local road.
   *
   * @param device for example {@code cuda}
   * @return this pipeline, as in Python
   * @throws IllegalArgumentException for a GPU after {@link #enableSequentialCpuOffload()}, with
   *     the old text
   */
  public abstract DiffusionPipeline<A> to(String device);

  final void move(String device) {
    if (sequential && (device.startsWith("cuda") || device.startsWith("xpu"))) {
      throw new IllegalArgumentException(
          "It seems like you have activated sequential model offloading by calling `enable_sequential_cpu_offload`, but are now attempting to move the pipeline to GPU. This is not compatible with offloading. Please, move your pipeline `.to('cpu')` or consider removing the move altogether if you use sequential offloading.");
    }
    log.info("to({}) has no effect: the local road's device is a setting", device);
  }

  @Override
  final Adapters adapters() {
    return loaded.adapters();
  }

  final Loaded loaded() {
    return loaded;
  }

  /** The model as it was named. */
  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + loaded.model() + "]";
  }
}
