package dev.fluxbridge.compat.local;

import static dev.fluxbridge.providers.Fidelity.APPROXIMATED;
import static dev.fluxbridge.providers.Fidelity.EXACT;
import static dev.fluxbridge.providers.Fidelity.IGNORED;

import dev.fluxbridge.providers.Note;
import java.util.List;

/** What the local road does with old arguments: rows of the guide's table. */
final class LocalNotes {
  static final Note EMBEDDED =
      new Note(
          "model",
          APPROXIMATED,
          "local.model.embedded",
          "`fluxbridge.local.checkpoint` is `embedded`: drawn with the tiny checkpoint, which knows coloured shapes only");

  static final Note CONFIGURED =
      new Note(
          "model",
          EXACT,
          "local.model.folder",
          "the folder that `fluxbridge.local.checkpoint` names, or the model id itself if that is a folder");

  static final Note GPU =
      new Note(
          "generator",
          APPROXIMATED,
          "local.generator.gpu",
          "on a GPU a seed gives the numbers that torch's CPU generator gives; a generator made on the GPU gave others");

  static final Note OFFLOAD_CPU =
      new Note(
          "enable_model_cpu_offload",
          IGNORED,
          "local.enable_model_cpu_offload.cpu",
          "on the CPU there is nothing to offload from: the pictures are the same");

  private LocalNotes() {}

  /** Every row, in the order of the old call. */
  static List<Note> all() {
    return List.of(
        CONFIGURED,
        EMBEDDED,
        exact("prompt, prompt_2", "texts"),
        exact(
            "negative_prompt, negative_prompt_2, true_cfg_scale",
            "used where `true_cfg_scale` is above 1, as ever"),
        exact("height, width", "multiples of 16"),
        exact("num_inference_steps", "1 or more"),
        exact("sigmas", "any, descending"),
        exact(
            "guidance_scale",
            "any; a model without guidance embedding does not look at it, as ever"),
        exact("num_images_per_prompt", "1 or more"),
        exact(
            "generator",
            "the numbers of torch's CPU generator in the precision that is computed in, negative seeds included"),
        GPU,
        exact("latents", "packed"),
        exact(
            "prompt_embeds, pooled_prompt_embeds, negative_prompt_embeds, negative_pooled_prompt_embeds",
            "of the model's widths"),
        exact("callback_on_step_end", "called after each step"),
        exact("max_sequence_length", "1 to 512"));
  }

  private static Note exact(String arguments, String when) {
    return new Note(arguments, EXACT, "local." + arguments.replaceAll("[ ,].*", ""), when);
  }
}
