package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequest.Output;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Old arguments, already checked, read as one request: defaults filled in, texts in lists, pictures
 * converted, generators asked for their state. What the old code found out later than {@code
 * check_inputs} is found out here, with its texts.
 */
final class PipelineCall {
  private final Given given;
  private final Signature signature;
  private final OutputType outputType;
  private final List<Note> notes = new ArrayList<>();
  private final CallGenerators generators = new CallGenerators();

  PipelineCall(PipelineArguments<?> arguments) {
    this.given = new Given(arguments);
    this.signature = arguments.signature();
    this.outputType = OutputType.of(String.valueOf(arguments.get("output_type")));
  }

  OutputType outputType() {
    return outputType;
  }

  /** What the facade itself did not take as it was asked; complete after {@link #request}. */
  List<Note> notes() {
    return List.copyOf(notes);
  }

  /** See {@link CallGenerators#giveBack}. */
  void giveBack() {
    generators.giveBack();
  }

  ImageRequest request(Loaded loaded, MemorySaving memory) {
    refuseWhatNoRoadDraws();
    noteWhatWasSwallowed();
    CallTexts texts = CallTexts.of(given);
    int imagesPerPrompt = given.number("num_images_per_prompt").intValue();
    if (imagesPerPrompt < 1) {
      throw new IllegalArgumentException(
          "`num_images_per_prompt` must be at least 1 but is " + imagesPerPrompt);
    }
    // Too many are refused by the request, which says how many those are.
    int batch = (int) Math.min(Integer.MAX_VALUE, (long) texts.batch() * imagesPerPrompt);
    List<Control> controls = CallControls.of(given, loaded.severalNets());
    Edit edit = CallPictures.edit(given);
    CallSize size =
        CallSize.of(given, edit.image(), controls.stream().map(Control::image).toList(), notes);
    if (signature.pipeline() == Pipeline.CONTROL_INPAINT) {
      // The one old class that looked at its masks before anything else.
      CallPictures.refuseMasks(given, edit, batch);
    }
    refuseNoSteps(edit);
    List<Generator> sources = CallGenerators.of(given, batch);
    for (Control control : controls) {
      Images image = control.image();
      CallPictures.refuseRepeats("control_image", image, given, batch);
    }
    CallPictures.refuseBatches(given, edit, batch);
    CallPictures.refuseMasks(given, edit, batch);
    Optional<Tensor> latents = given.tensor("latents");
    Draws draws =
        Draws.of(
            signature.pipeline(),
            edit,
            controls,
            latents.isPresent(),
            batch,
            imagesPerPrompt,
            size);
    return ImageRequest.builder(signature.pipeline(), weights(loaded))
        .prompts(texts.prompts())
        .embeddings(texts.embeddings())
        .edit(edit)
        .controls(controls)
        .size(size.width(), size.height())
        .steps(given.number("num_inference_steps").intValue())
        .sigmas(given.numbers("sigmas"))
        .guidanceScale(given.number("guidance_scale").doubleValue())
        .trueCfgScale(texts.trueCfgScale())
        .imagesPerPrompt(imagesPerPrompt)
        .seeds(generators.draw(sources, draws))
        .latents(latents)
        .maxSequenceLength(given.number("max_sequence_length").intValue())
        .output(outputType == OutputType.LATENT ? Output.LATENTS : Output.PIXELS)
        .memory(memory)
        .build();
  }

  private void refuseWhatNoRoadDraws() {
    for (String name : signature.names()) {
      if (name.contains("ip_adapter") && given.has(name)) {
        throw new BackendException(
            Reason.UNSUPPORTED, "`" + name + "`: no road draws IP adapters yet; leave it out");
      }
    }
    if (given.has("timesteps")) {
      throw new IllegalArgumentException(
          "Only one of `timesteps` or `sigmas` can be passed. Please choose one to set custom values");
    }
  }

  private void noteWhatWasSwallowed() {
    Set<String> names = given.arguments().swallowed();
    if (!names.isEmpty()) {
      notes.add(
          FacadeLedger.SWALLOWED.note(
              "%s: the old call took them and did not look at them, and so does this one"
                  .formatted(Python.list(names))));
    }
  }

  private Weights weights(Loaded loaded) {
    Adapters.Acting loras = loaded.adapters().acting();
    List<String> nets =
        Loaded.takesControlNets(signature.pipeline())
            ? loaded.controlNets().stream().map(FluxControlNetModel::source).toList()
            : List.of();
    return loras.weights(loaded.model(), loraScale(loras), nets);
  }

  private double loraScale(Adapters.Acting loras) {
    if (!(given.value("joint_attention_kwargs") instanceof Map<?, ?> kwargs) || kwargs.isEmpty()) {
      return 1;
    }
    if (!kwargs.keySet().equals(Set.of("scale"))
        || !(kwargs.get("scale") instanceof Number scale)) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "`joint_attention_kwargs`: only 'scale' is known, a number, not " + kwargs.keySet());
    }
    if (loras.isEmpty()) {
      notes.add(
          FacadeLedger.ATTENTION_SCALE.note("`scale` weighs LoRA weights, and none are loaded"));
      return 1;
    }
    return scale.doubleValue();
  }

  /** As {@code get_timesteps}: a strength leaves the last of the steps, or none. */
  private void refuseNoSteps(Edit edit) {
    if (!signature.has("strength")) {
      return;
    }
    int steps =
        given.has("sigmas")
            ? given.numbers("sigmas").size()
            : given.number("num_inference_steps").intValue();
    int start = (int) Math.max(steps - Math.min(steps * edit.strength(), steps), 0);
    if (steps >= 1 && steps - start < 1) {
      throw new IllegalArgumentException(
          "After adjusting the num_inference_steps by strength parameter: %s, the number of pipelinesteps is %d which is < 1 and not appropriate for this pipeline."
              .formatted(given.value("strength"), steps - start));
    }
  }
}
