package dev.fluxbridge.compat.local;

import static dev.fluxbridge.providers.Fidelity.APPROXIMATED;
import static dev.fluxbridge.providers.Fidelity.EXACT;
import static dev.fluxbridge.providers.Fidelity.IGNORED;
import static dev.fluxbridge.providers.Fidelity.REFUSED;

import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Pipeline;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What the local road does with old arguments: its rows of the ledger. */
final class LocalLedger {
  private static final Set<Pipeline> NETS =
      EnumSet.of(Pipeline.CONTROLNET, Pipeline.CONTROLNET_IMG2IMG, Pipeline.CONTROLNET_INPAINT);

  static final LedgerRow EMBEDDED =
      row(
          "model",
          APPROXIMATED,
          "local.model.embedded",
          "`fluxbridge.local.checkpoint` is `embedded`: drawn with the tiny checkpoints, which know coloured shapes only");

  static final LedgerRow GPU =
      row(
          "generator",
          APPROXIMATED,
          "local.generator.gpu",
          "on a GPU a seed gives the numbers that torch's CPU generator gives; a generator made on the GPU gave others");

  static final LedgerRow OFFLOAD_CPU =
      row(
          "enable_model_cpu_offload",
          IGNORED,
          "local.enable_model_cpu_offload.cpu",
          "on the CPU there is nothing to offload from: the pictures are the same");

  static final LedgerRow MASKED_LATENTS_REFUSED =
      new LedgerRow(
          Set.of(Pipeline.CONTROL_INPAINT),
          List.of("masked_image_latents"),
          LocalBackend.NAME,
          List.of(),
          REFUSED,
          "local.masked_image_latents.control_inpaint",
          "given: they changed nothing but which random numbers were drawn");

  private LocalLedger() {}

  /** Every row, in the order of the old calls. */
  static List<LedgerRow> rows() {
    return List.of(
        row(
            "model",
            EXACT,
            "local.model.folder",
            "the folder that `fluxbridge.local.checkpoint` names, or the model id itself if that is a folder"),
        EMBEDDED,
        exact("the files and weights of the active adapters", "load_lora_weights", "set_adapters"),
        of(NETS, EXACT, "local.controlnet", "a folder for each net", "controlnet"),
        exact("on a GPU", "enable_model_cpu_offload"),
        OFFLOAD_CPU,
        exact("as ever", "enable_vae_slicing", "enable_vae_tiling"),
        exact("texts", "prompt", "prompt_2"),
        exact(
            "used where `true_cfg_scale` is above 1, as ever; of FluxDeDistilledPipeline where `guidance_scale` is",
            "negative_prompt",
            "negative_prompt_2",
            "true_cfg_scale"),
        exact(
            "8-bit pictures and numbers; grey ones become RGB, where the old code crashed",
            "image",
            "image_reference",
            "inpaint_image"),
        exact("white is repainted", "mask_image", "inpaint_mask"),
        of(
            EnumSet.of(Pipeline.INPAINT, Pipeline.FILL, Pipeline.CONTROLNET_INPAINT),
            EXACT,
            "local.masked_image_latents",
            "as ever: but for FluxFillPipeline they only change which random numbers are drawn",
            "masked_image_latents"),
        MASKED_LATENTS_REFUSED,
        exact("as ever", "padding_mask_crop"),
        exact("0 to 1", "strength"),
        exact("8-bit pictures, or numbers from -1 to 1", "control_image"),
        exact(
            "any",
            "control_mode",
            "controlnet_conditioning_scale",
            "control_guidance_start",
            "control_guidance_end",
            "control_strength",
            "control_stop"),
        exact("multiples of 16; Kontext chooses its own", "height", "width"),
        exact("as ever", "max_area", "_auto_resize"),
        exact("1 or more", "num_inference_steps"),
        exact("any, descending", "sigmas"),
        exact(
            "any; a model without guidance embedding does not look at it, as ever",
            "guidance_scale"),
        exact("1 or more", "num_images_per_prompt"),
        exact(
            "the numbers of torch's CPU generator in the precision that is computed in, negative seeds included",
            "generator"),
        GPU,
        exact("of the shape that the pipeline takes", "latents"),
        exact(
            "of the model's widths",
            "prompt_embeds",
            "pooled_prompt_embeds",
            "negative_prompt_embeds",
            "negative_pooled_prompt_embeds"),
        exact("pixels and latents", "output_type"),
        exact("`scale` multiplies the weights of all adapters", "joint_attention_kwargs"),
        exact(
            "called after each step", "callback_on_step_end", "callback_on_step_end_tensor_inputs"),
        exact("1 to 512", "max_sequence_length"));
  }

  private static LedgerRow row(String argument, Fidelity fidelity, String code, String when) {
    return of(EnumSet.allOf(Pipeline.class), fidelity, code, when, argument);
  }

  private static LedgerRow exact(String when, String... arguments) {
    return of(EnumSet.allOf(Pipeline.class), EXACT, "local." + arguments[0], when, arguments);
  }

  private static LedgerRow of(
      Set<Pipeline> pipelines, Fidelity fidelity, String code, String when, String... arguments) {
    return new LedgerRow(
        pipelines, List.of(arguments), LocalBackend.NAME, List.of(), fidelity, code, when);
  }
}
