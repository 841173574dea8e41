package dev.fluxbridge.pipelines;

import static dev.fluxbridge.providers.Fidelity.APPROXIMATED;
import static dev.fluxbridge.providers.Fidelity.EMULATED;
import static dev.fluxbridge.providers.Fidelity.EXACT;
import static dev.fluxbridge.providers.Fidelity.IGNORED;
import static dev.fluxbridge.providers.Fidelity.REFUSED;

import dev.fluxbridge.providers.Note;
import java.util.List;

/**
 * What the facade itself does with old arguments, whichever road the call takes: rows of the
 * guide's table.
 */
final class FluxNotes {
  static final Note SIZE_FLOORED =
      new Note(
          "height, width",
          APPROXIMATED,
          "flux.size.floored",
          "no multiple of 16: floored to one, as the old code did");

  static final Note ATTENTION_SCALE =
      new Note(
          "joint_attention_kwargs",
          IGNORED,
          "flux.joint_attention_kwargs.no_lora",
          "only `scale`: it weighs LoRA weights, and none are loaded");

  static final Note CALLBACK_UNSEEN =
      new Note(
          "callback_on_step_end",
          IGNORED,
          "flux.callback_on_step_end.no_steps",
          "on a road that does not show its steps: never called");

  private FluxNotes() {}

  /** Every row, in the order of the old call. */
  static List<Note> all() {
    return List.of(
        new Note("height, width", EXACT, "flux.size.default", "none or 0: 1024"),
        SIZE_FLOORED,
        new Note(
            "ip_adapter_image, ip_adapter_image_embeds, negative_ip_adapter_image, negative_ip_adapter_image_embeds",
            REFUSED,
            "flux.ip_adapter",
            "given: no road draws IP adapters yet"),
        new Note(
            "output_type",
            EXACT,
            "flux.output_type",
            "`pil`, `np`, `pt`, `latent`; anything else is `np`"),
        new Note(
            "return_dict", EMULATED, "flux.return_dict", "false: the same object as with true"),
        ATTENTION_SCALE,
        new Note(
            "joint_attention_kwargs",
            REFUSED,
            "flux.joint_attention_kwargs.unknown",
            "anything but `scale`"),
        CALLBACK_UNSEEN,
        new Note(
            "callback_on_step_end_tensor_inputs",
            EXACT,
            "flux.callback_on_step_end_tensor_inputs.latents",
            "`latents`, or none"),
        new Note(
            "callback_on_step_end_tensor_inputs",
            REFUSED,
            "flux.callback_on_step_end_tensor_inputs.prompt_embeds",
            "`prompt_embeds`, together with a callback: not handed out yet"));
  }
}
