package dev.fluxbridge.pipelines;

import static dev.fluxbridge.providers.Fidelity.APPROXIMATED;
import static dev.fluxbridge.providers.Fidelity.EMULATED;
import static dev.fluxbridge.providers.Fidelity.EXACT;
import static dev.fluxbridge.providers.Fidelity.IGNORED;
import static dev.fluxbridge.providers.Fidelity.REFUSED;

import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Pipeline;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the facades themselves do with old arguments, whichever road the call takes: the ledger's
 * rows about every road. Stateless.
 */
final class FacadeLedger {
  private static final Set<Pipeline> ALL = Set.of(Pipeline.values());

  private static final Set<Pipeline> SIZED =
      Arrays.stream(Pipeline.values())
          .filter(pipeline -> !pipeline.choosesSize())
          .collect(Collectors.toSet());
  private static final Set<Pipeline> KONTEXTS = Set.of(Pipeline.KONTEXT, Pipeline.KONTEXT_INPAINT);

  private static final List<String> SIZE = List.of("height", "width");

  static final LedgerRow SIZE_FLOORED =
      row(
          SIZED,
          SIZE,
          APPROXIMATED,
          "flux.size.floored",
          "no multiple of 16: floored to one, as the old code did");

  static final LedgerRow SIZE_ADJUSTED =
      row(
          KONTEXTS,
          SIZE,
          APPROXIMATED,
          "flux.size.adjusted",
          "another size than Kontext draws: the proportions of it, as the old code did");

  static final LedgerRow ATTENTION_SCALE =
      row(
          "joint_attention_kwargs",
          IGNORED,
          "flux.joint_attention_kwargs.no_lora",
          "only `scale`, and no LoRA weights are loaded that it could weigh");

  static final LedgerRow SWALLOWED =
      row(
          Set.of(Pipeline.FLEX),
          List.of("kwargs"),
          IGNORED,
          "flux.kwargs.swallowed",
          "keywords that the old call took and did not look at, for example `negative_prompt`");

  static final LedgerRow CALLBACK_UNSEEN =
      row(
          "callback_on_step_end",
          IGNORED,
          "flux.callback_on_step_end.no_steps",
          "on a road that does not show its steps: never called");

  private FacadeLedger() {}

  /** Every row, in the order of the old call. */
  static List<LedgerRow> rows() {
    return List.of(
        row(
            "model",
            EXACT,
            "flux.model.transformer",
            "`transformer` given as a model id or folder to `from_pretrained` or `from_pipe`: that one draws"),
        row(
            "model",
            REFUSED,
            "flux.model.loaded_part",
            "a loaded part handed to `from_pretrained`, or a `custom_pipeline` of another class"),
        row(
            ALL,
            List.of(
                "torch_dtype",
                "quantization_config",
                "device_map",
                "local_files_only",
                "variant",
                "cache_dir",
                "token",
                "revision"),
            IGNORED,
            "flux.from_pretrained.how",
            "keywords of `from_pretrained` that say how to load: each road loads as it is set up"),
        row("to", IGNORED, "flux.to", "the device is a setting of the local road"),
        row(
            ALL,
            List.of("load_lora_weights", "set_adapters", "delete_adapters", "unload_lora_weights"),
            EXACT,
            "flux.lora",
            "each call says which LoRA weights it is drawn with, and how strongly"),
        row(
            "fuse_lora",
            EMULATED,
            "flux.fuse_lora",
            "the fused ones are applied in each call, alone and whatever its `scale`"),
        row(
            "register_free_upblock2d",
            IGNORED,
            "flux.freeu",
            "and its siblings in FreeLunchUtils: FLUX has no UNet that they could change"),
        row(
            Set.of(Pipeline.DE_DISTILLED),
            List.of("negative_prompt"),
            EMULATED,
            "flux.negative_prompt.empty",
            "none: an empty text, where the old call crashed"),
        row(SIZED, SIZE, EXACT, "flux.size.default", "none or 0: 1024"),
        SIZE_FLOORED,
        row(
            KONTEXTS,
            SIZE,
            EXACT,
            "flux.size.kontext",
            "none or 0: 1024; only the proportions count, and of FluxKontextInpaintPipeline those of the picture"),
        SIZE_ADJUSTED,
        row(
            Set.of(Pipeline.CONTROLNET),
            SIZE,
            EXACT,
            "flux.size.control_image",
            "a control image of numbers rules the size, as ever"),
        row(
            Set.of(Pipeline.DE_DISTILLED),
            List.of("timesteps"),
            REFUSED,
            "flux.timesteps",
            "given: with the text with which the old call failed too"),
        row(
            Set.of(Pipeline.DE_DISTILLED),
            List.of("prompt_embeds", "pooled_prompt_embeds"),
            REFUSED,
            "flux.prompt_embeds.de_distilled",
            "given: the old call crashed with them"),
        row(
            having("negative_prompt_embeds"),
            List.of("negative_prompt", "negative_prompt_embeds"),
            REFUSED,
            "flux.negative_prompt.mixed",
            "texts on one side and encoded prompts on the other, with `true_cfg_scale` above 1"),
        row(
            having("ip_adapter_image"),
            List.of(
                "ip_adapter_image",
                "ip_adapter_image_embeds",
                "negative_ip_adapter_image",
                "negative_ip_adapter_image_embeds"),
            REFUSED,
            "flux.ip_adapter",
            "given: no road draws IP adapters yet"),
        row(
            "output_type",
            EXACT,
            "flux.output_type",
            "`pil`, `np`, `pt`, `latent`; anything else is `np`"),
        row("return_dict", EMULATED, "flux.return_dict", "false: the same object as with true"),
        ATTENTION_SCALE,
        row(
            "joint_attention_kwargs",
            REFUSED,
            "flux.joint_attention_kwargs.unknown",
            "anything but `scale`"),
        CALLBACK_UNSEEN,
        row(
            "callback_on_step_end_tensor_inputs",
            EXACT,
            "flux.callback_on_step_end_tensor_inputs",
            "those of the class"),
        SWALLOWED);
  }

  private static Set<Pipeline> having(String argument) {
    return Arrays.stream(Pipeline.values())
        .filter(pipeline -> Signature.of(pipeline).has(argument))
        .collect(Collectors.toSet());
  }

  private static LedgerRow row(String argument, Fidelity fidelity, String code, String when) {
    return row(ALL, List.of(argument), fidelity, code, when);
  }

  private static LedgerRow row(
      Set<Pipeline> pipelines,
      List<String> arguments,
      Fidelity fidelity,
      String code,
      String when) {
    return new LedgerRow(pipelines, arguments, "*", List.of(), fidelity, code, when);
  }
}
