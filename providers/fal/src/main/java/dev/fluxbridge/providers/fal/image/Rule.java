package dev.fluxbridge.providers.fal.image;

import static dev.fluxbridge.providers.Fidelity.APPROXIMATED;
import static dev.fluxbridge.providers.Fidelity.EMULATED;
import static dev.fluxbridge.providers.Fidelity.EXACT;
import static dev.fluxbridge.providers.Fidelity.IGNORED;
import static dev.fluxbridge.providers.Fidelity.REFUSED;
import static dev.fluxbridge.providers.Pipeline.CONTROL;
import static dev.fluxbridge.providers.Pipeline.CONTROLNET;
import static dev.fluxbridge.providers.Pipeline.CONTROLNET_IMG2IMG;
import static dev.fluxbridge.providers.Pipeline.CONTROLNET_INPAINT;
import static dev.fluxbridge.providers.Pipeline.CONTROL_IMG2IMG;
import static dev.fluxbridge.providers.Pipeline.CONTROL_INPAINT;
import static dev.fluxbridge.providers.Pipeline.DE_DISTILLED;
import static dev.fluxbridge.providers.Pipeline.FILL;
import static dev.fluxbridge.providers.Pipeline.FLEX;
import static dev.fluxbridge.providers.Pipeline.FLUX;
import static dev.fluxbridge.providers.Pipeline.IMG2IMG;
import static dev.fluxbridge.providers.Pipeline.INPAINT;
import static dev.fluxbridge.providers.Pipeline.KONTEXT;
import static dev.fluxbridge.providers.Pipeline.KONTEXT_INPAINT;

import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.fal.image.Endpoint.Sizing;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What becomes of each old argument on fal: the table that the planner works from and the guide is
 * printed from. Codes are stable: callers match on them.
 */
enum Rule {
  MODEL_KNOWN(
      "model",
      EXACT,
      "known",
      "FLUX.1 dev, schnell, Krea, Fill or Kontext, or an endpoint of fal's: drawn by the same weights"),
  MODEL_OTHER(
      "model",
      APPROXIMATED,
      "other_weights",
      "any other model or folder: drawn by the weights of the configured endpoint"),
  MODEL_LORA_FORM(
      on(CONTROL, CONTROL_IMG2IMG, CONTROL_INPAINT),
      "model",
      APPROXIMATED,
      "model",
      "lora_form",
      "FLUX.1 Canny or Depth: drawn by FLUX.1 dev with the LoRA of that kind"),
  MODEL_NO_KIND(
      on(CONTROL, CONTROL_IMG2IMG, CONTROL_INPAINT),
      "model",
      REFUSED,
      "model",
      "no_control_kind",
      "neither model nor LoRA is Canny or Depth, and FAL_CONTROL_MODEL is not set"),
  MODEL_RETIRED("model", REFUSED, "retired", "an endpoint that fal took away or never had"),
  MODEL_UNKNOWN("model", REFUSED, "unknown", "an endpoint whose arguments are not known here"),
  MODEL_NO_ENDPOINT(
      "model", REFUSED, "no_endpoint", "no endpoint does that with the configured weights"),

  LORA_SENT(
      "load_lora_weights, set_adapters",
      EXACT,
      "load_lora_weights",
      "sent",
      "a model id or an https address is sent as it is, a file is uploaded; with its weight"),
  LORA_CLAMPED(
      "load_lora_weights, set_adapters",
      APPROXIMATED,
      "load_lora_weights",
      "clamped",
      "a weight above 4 (below -4 too, from text): 4 is sent"),
  LORA_NEGATIVE(
      all(),
      "load_lora_weights, set_adapters",
      REFUSED,
      "load_lora_weights",
      "negative",
      "a weight below 0: only fal-ai/flux-general takes one, and only from text"),
  LORA_NO_ENDPOINT(
      "load_lora_weights, set_adapters",
      REFUSED,
      "load_lora_weights",
      "no_endpoint",
      "no endpoint takes LoRA weights with these weights"),
  LORA_UNREADABLE(
      "load_lora_weights, set_adapters",
      REFUSED,
      "load_lora_weights",
      "unreadable",
      "a folder without a file name, a file that is not there, an address that is not https"),
  LORA_SCALE(
      "joint_attention_kwargs", EXACT, "scale", "scale: multiplied with the weight of every LoRA"),

  PROMPT_SENT("prompt", EXACT, "sent", "one prompt: sent as it is"),
  PROMPT_SPLIT("prompt", EMULATED, "split", "several prompts: one request each, side by side"),

  PROMPT_2_SAME("prompt_2", EXACT, "same", "none, or equal to prompt"),
  PROMPT_2_ALONE(
      "prompt_2",
      APPROXIMATED,
      "alone",
      "another text than prompt: sent alone, because T5 carries what the picture shows"),

  NEGATIVE_INERT(
      negatives(),
      "negative_prompt",
      EXACT,
      "negative_prompt",
      "inert",
      "true_cfg_scale is 1 or less: no effect, as ever"),
  NEGATIVE_SENT(
      negatives(),
      "negative_prompt",
      EXACT,
      "negative_prompt",
      "sent",
      Endpoint::general,
      "true_cfg_scale (de-distilled: guidance_scale) is above 1: drawn by fal-ai/flux-general with real CFG"),
  NEGATIVE_REFUSED(
      negatives(),
      "negative_prompt",
      REFUSED,
      "negative_prompt",
      "no_endpoint",
      "true_cfg_scale is above 1 and the model is not FLUX.1 dev: no endpoint takes both"),
  NEGATIVE_2_ALONE(
      trueCfg(),
      "negative_prompt_2",
      APPROXIMATED,
      "negative_prompt_2",
      "alone",
      Endpoint::general,
      "another text than negative_prompt, with true_cfg_scale above 1: sent alone"),

  TRUE_CFG_SENT(
      trueCfg(), "true_cfg_scale", EXACT, "true_cfg_scale", "sent", Endpoint::general, "up to 5"),
  TRUE_CFG_CLAMPED(
      trueCfg(),
      "true_cfg_scale",
      APPROXIMATED,
      "true_cfg_scale",
      "clamped",
      Endpoint::general,
      "above 5: 5 is sent"),

  SIZE_SENT(
      all(),
      "height, width",
      EXACT,
      "size",
      "sent",
      endpoint -> endpoint.sizing() == Sizing.FIELD,
      "multiples of 16, up to 14142"),
  SIZE_FROM_IMAGE(
      on(IMG2IMG, FILL),
      "height, width",
      EMULATED,
      "size",
      "from_image",
      endpoint -> endpoint.sizing() == Sizing.PICTURE && endpoint.start() != Start.KONTEXT_MASKED,
      "the endpoint draws as large as the picture is: that is brought to the size before"),
  SIZE_OF_IMAGE(
      on(KONTEXT_INPAINT),
      "height, width",
      EXACT,
      "size",
      "of_image",
      endpoint -> endpoint.start() == Start.KONTEXT_MASKED,
      "no effect, as ever: the picture's own size counts"),
  SIZE_RATIO(
      on(KONTEXT),
      "height, width",
      APPROXIMATED,
      "size",
      "ratio",
      endpoint -> endpoint.sizing() == Sizing.RATIO,
      "the nearest of the proportions that the endpoint offers, or the picture's; fal chooses the size"),
  SIZE_NO_RATIO(
      on(KONTEXT),
      "height, width",
      REFUSED,
      "size",
      "no_ratio",
      endpoint -> endpoint.sizing() == Sizing.RATIO,
      "the endpoint offers no proportions that are near"),
  SIZE_OTHER(
      "height, width",
      APPROXIMATED,
      "size",
      "returned",
      "fal drew another size than it was asked for"),
  SIZE_REFUSED(
      "height, width",
      REFUSED,
      "size",
      "too_many_pixels",
      "more pixels than the policy for downloads lets in"),
  MAX_AREA_SENT(
      on(KONTEXT, KONTEXT_INPAINT),
      "max_area",
      EXACT,
      "max_area",
      "kept",
      "the default; or no picture, or FluxKontextInpaintPipeline, where a picture's size wins, as ever"),
  MAX_AREA_REFUSED(
      on(KONTEXT),
      "max_area",
      REFUSED,
      "max_area",
      "refused",
      endpoint -> endpoint.sizing() == Sizing.RATIO,
      "any other, with a picture: fal chooses how many pixels it draws"),
  AUTO_RESIZE(
      on(KONTEXT, KONTEXT_INPAINT),
      "_auto_resize",
      EXACT,
      "auto_resize",
      "done_here",
      "the picture is brought to Kontext's size before it is uploaded, or left as it is"),

  STEPS_SENT(
      all(),
      "num_inference_steps",
      EXACT,
      "num_inference_steps",
      "sent",
      endpoint -> endpoint.steps().isPresent(),
      Ranges.text(Endpoint::steps)),
  STEPS_CLAMPED(
      all(),
      "num_inference_steps",
      APPROXIMATED,
      "num_inference_steps",
      "clamped",
      endpoint -> endpoint.steps().isPresent(),
      "outside of that: the nearest end is sent"),
  STEPS_IGNORED(
      on(FILL, KONTEXT),
      "num_inference_steps",
      IGNORED,
      "num_inference_steps",
      "ignored",
      endpoint -> endpoint.steps().isEmpty(),
      "the endpoint takes none"),

  SIGMAS_IGNORED(
      except(DE_DISTILLED),
      "sigmas",
      IGNORED,
      "sigmas",
      "ignored",
      "given: no endpoint takes a schedule, so fal uses its own"),

  GUIDANCE_SENT(
      except(DE_DISTILLED),
      "guidance_scale",
      EXACT,
      "guidance_scale",
      "sent",
      endpoint -> endpoint.guidance().isPresent(),
      Ranges.text(Endpoint::guidance)),
  GUIDANCE_CLAMPED(
      all(),
      "guidance_scale",
      APPROXIMATED,
      "guidance_scale",
      "clamped",
      endpoint -> endpoint.guidance().isPresent(),
      "outside of that: the nearest end is sent; de-distilled: above 5"),
  GUIDANCE_REAL_CFG(
      on(DE_DISTILLED),
      "guidance_scale",
      EMULATED,
      "guidance_scale",
      "real_cfg",
      Endpoint::general,
      "sent as real_cfg_scale, 1 to 5, with a distilled guidance of 1"),
  GUIDANCE_OFF(
      on(DE_DISTILLED),
      "guidance_scale",
      EXACT,
      "guidance_scale",
      "off",
      "1 or less: no guidance, as ever"),
  GUIDANCE_NO_ENDPOINT(
      on(DE_DISTILLED),
      "guidance_scale",
      REFUSED,
      "guidance_scale",
      "no_endpoint",
      "above 1 with schnell or Krea: no endpoint takes both"),
  GUIDANCE_IGNORED(
      on(FILL),
      "guidance_scale",
      IGNORED,
      "guidance_scale",
      "ignored",
      endpoint -> endpoint.guidance().isEmpty(),
      "the endpoint takes none"),

  IMAGES_SENT(
      "num_images_per_prompt", EXACT, "sent", "up to 4; fal-ai/flux-general and its kind up to 10"),
  IMAGES_SPLIT(
      "num_images_per_prompt",
      EMULATED,
      "split",
      "more than that: several requests, each with a seed of its own"),

  GENERATOR_NONE("generator", EXACT, "none", "none: fal takes a random seed and tells it"),
  GENERATOR_NOISE(
      "generator",
      APPROXIMATED,
      "noise",
      "given: the same seed gives the same picture on fal, but not the local one"),
  GENERATOR_REMAPPED(
      "generator",
      APPROXIMATED,
      "remapped",
      "a seed outside of 0 to 2147483647: always mapped to the same one inside"),
  GENERATOR_CONTINUED(
      "generator",
      APPROXIMATED,
      "continued",
      "a generator that was used before: a seed derived from its own and its use"),
  GENERATOR_SPLIT("generator", EMULATED, "split", "several: one request each"),

  IMAGE_SENT(
      images(),
      "image, inpaint_image",
      EXACT,
      "image",
      "sent",
      "uploaded as PNG, in the size that the old pipeline gave it"),
  IMAGE_ROUNDED(
      images(),
      "image, inpaint_image",
      APPROXIMATED,
      "image",
      "rounded",
      "numbers: rounded to 8 bits"),
  IMAGE_SPLIT(
      images(),
      "image, inpaint_image",
      EMULATED,
      "image",
      "split",
      "several pictures: one request for each"),
  IMAGE_LATENTS(
      images(),
      "image, inpaint_image",
      REFUSED,
      "image",
      "latents",
      "latents: no endpoint takes them"),
  MASK_SENT(
      masks(),
      "mask_image, inpaint_mask",
      EXACT,
      "mask_image",
      "sent",
      "uploaded as PNG in the picture's size, black and white as the old pipeline made it; FlexPipeline: grey"),
  REFERENCE_SENT(
      on(KONTEXT_INPAINT),
      "image_reference",
      EXACT,
      "image_reference",
      "sent",
      "uploaded as the picture is; none: the picture itself, as ever"),
  MASKED_LATENTS(
      on(INPAINT, FILL, CONTROL_INPAINT, CONTROLNET_INPAINT),
      "masked_image_latents",
      REFUSED,
      "masked_image_latents",
      "refused",
      "given: no endpoint takes latents"),
  PADDING(
      on(INPAINT, CONTROLNET_INPAINT, KONTEXT_INPAINT),
      "padding_mask_crop",
      REFUSED,
      "padding_mask_crop",
      "refused",
      "given: no endpoint draws a crop and lays it over the picture"),
  STRENGTH_SENT(
      strengths(),
      "strength",
      EXACT,
      "strength",
      "sent",
      Endpoint::strength,
      "0.01 to 1; fal does not say how many of the steps it then takes"),
  STRENGTH_TOO_SMALL(
      strengths(),
      "strength",
      REFUSED,
      "strength",
      "too_small",
      Endpoint::strength,
      "below 0.01: no endpoint takes it"),
  STRENGTH_FULL(
      on(FILL),
      "strength",
      EXACT,
      "strength",
      "full",
      "1: the endpoint has no such field and does just that"),
  STRENGTH_NO_FIELD(
      on(FILL),
      "strength",
      REFUSED,
      "strength",
      "no_field",
      "below 1: no endpoint of this kind takes it"),

  CONTROL_SENT(
      controls(),
      "control_image",
      EXACT,
      "control_image",
      "sent",
      "uploaded as PNG, in the size that the old pipeline gave it"),
  CONTROL_PREPROCESSED(
      on(CONTROL, CONTROL_IMG2IMG),
      "control_image",
      APPROXIMATED,
      "control_image",
      "preprocessed",
      endpoint ->
          endpoint.start() == Start.CONTROL_AND_IMAGE || endpoint.weights() == FalWeights.CANNY,
      "sent as it is; fal may look for edges or depths in it once more, and says nothing of it"),
  CONTROL_ROUNDED(
      controls(),
      "control_image",
      APPROXIMATED,
      "control_image",
      "rounded",
      "numbers: rounded to 8 bits"),
  CONTROL_LATENTS(
      controls(),
      "control_image",
      REFUSED,
      "control_image",
      "latents",
      "latents: no endpoint takes them"),
  CONTROL_UNION(
      on(FLEX),
      "control_image",
      APPROXIMATED,
      "control_image",
      "union",
      Endpoint::general,
      "followed through a union ControlNet, of the kind that FAL_CONTROL_KIND or the call names"),
  CONTROL_NO_KIND(
      on(FLEX),
      "control_image",
      REFUSED,
      "control_image",
      "no_kind",
      "neither the call nor FAL_CONTROL_KIND says what it shows"),
  CONTROL_OFF(
      on(FLEX),
      "control_image, control_strength",
      EXACT,
      "control_image",
      "off",
      "control_strength is 0, or control_stop: the picture has no effect and stays here"),
  CONTROL_MODE_SENT(
      nets(),
      "control_mode",
      EXACT,
      "control_mode",
      "sent",
      "0 to 6: sent by fal's name; none: a ControlNet of one kind"),
  CONTROL_MODE_UNKNOWN(
      nets(), "control_mode", REFUSED, "control_mode", "unknown", "any other number"),
  CONTROL_SCALE_SENT(
      scaled(),
      "controlnet_conditioning_scale, control_strength",
      EXACT,
      "control_scale",
      "sent",
      Endpoint::general,
      "0 to 2"),
  CONTROL_SCALE_CLAMPED(
      scaled(),
      "controlnet_conditioning_scale, control_strength",
      APPROXIMATED,
      "control_scale",
      "clamped",
      Endpoint::general,
      "outside of that: the nearest end is sent"),
  CONTROL_WINDOW(
      scaled(),
      "control_guidance_start, control_guidance_end, control_stop",
      EXACT,
      "control_window",
      "sent",
      Endpoint::general,
      "sent; what lies before 0 or behind 1 has no effect, as ever"),
  CONTROLNET_SENT(
      nets(),
      "controlnet",
      EXACT,
      "controlnet",
      "sent",
      Endpoint::general,
      "one net of one kind, or one union net with any number of controls, or one of each"),
  CONTROLNET_MISSING(
      nets(), "controlnet", REFUSED, "controlnet", "missing", "no net was loaded beside the model"),
  CONTROLNET_SEVERAL(
      nets(), "controlnet", REFUSED, "controlnet", "several", "more nets than fal takes at once"),
  CONTROLNET_UNREADABLE(
      nets(),
      "controlnet",
      REFUSED,
      "controlnet",
      "unreadable",
      "a folder or file on this machine: give a model id or an https address"),
  CONTROLNET_NO_ENDPOINT(
      on(CONTROL_INPAINT, CONTROLNET, CONTROLNET_IMG2IMG, CONTROLNET_INPAINT, FLEX),
      "control_image",
      REFUSED,
      "control_image",
      "no_endpoint",
      "the weights are not those of FLUX.1 dev: no endpoint follows a picture with them"),

  LATENTS_REFUSED("latents", REFUSED, "refused", "given: no endpoint takes noise"),
  EMBEDS_REFUSED(
      "prompt_embeds, pooled_prompt_embeds, negative_prompt_embeds, negative_pooled_prompt_embeds",
      REFUSED,
      "prompt_embeds",
      "refused",
      "given: no endpoint takes encoded prompts"),

  OUTPUT_PIXELS("output_type", EXACT, "pixels", "pixels: fal sends PNG, which loses nothing"),
  OUTPUT_LATENT("output_type", REFUSED, "latent", "latent: no endpoint gives latents"),

  SEQUENCE_DEFAULT("max_sequence_length", EXACT, "default", "512, the default"),
  SEQUENCE_IGNORED("max_sequence_length", IGNORED, "ignored", "any other: fal does not take it");

  @SuppressWarnings("ImmutableEnumChecker") // a record that copies what it holds
  private final LedgerRow row;

  Rule(String argument, Fidelity fidelity, String what, String when) {
    this(all(), argument, fidelity, argument, what, when);
  }

  Rule(String arguments, Fidelity fidelity, String label, String what, String when) {
    this(all(), arguments, fidelity, label, what, when);
  }

  Rule(
      Set<Pipeline> pipelines,
      String arguments,
      Fidelity fidelity,
      String label,
      String what,
      String when) {
    this.row = row(pipelines, arguments, List.of(), fidelity, label, what, when);
  }

  Rule(
      Set<Pipeline> pipelines,
      String arguments,
      Fidelity fidelity,
      String label,
      String what,
      Predicate<Endpoint> endpoints,
      String when) {
    List<String> ids = Endpoints.ALL.stream().filter(endpoints).map(Endpoint::id).toList();
    this.row = row(pipelines, arguments, ids, fidelity, label, what, when);
  }

  private static LedgerRow row(
      Set<Pipeline> pipelines,
      String arguments,
      List<String> endpoints,
      Fidelity fidelity,
      String label,
      String what,
      String when) {
    return new LedgerRow(
        pipelines,
        List.of(arguments.split(", ", -1)),
        "fal",
        endpoints,
        fidelity,
        "fal." + label + "." + what,
        when);
  }

  /** As it stands in the ledger. */
  LedgerRow row() {
    return row;
  }

  private static Set<Pipeline> all() {
    return EnumSet.allOf(Pipeline.class);
  }

  private static Set<Pipeline> on(Pipeline first, Pipeline... more) {
    return EnumSet.of(first, more);
  }

  private static Set<Pipeline> except(Pipeline first, Pipeline... more) {
    return EnumSet.complementOf(EnumSet.of(first, more));
  }

  private static Set<Pipeline> trueCfg() {
    return on(FLUX, IMG2IMG, INPAINT, CONTROLNET, KONTEXT, KONTEXT_INPAINT);
  }

  private static Set<Pipeline> negatives() {
    return on(FLUX, DE_DISTILLED, IMG2IMG, INPAINT, CONTROLNET, KONTEXT, KONTEXT_INPAINT);
  }

  private static Set<Pipeline> images() {
    return except(FLUX, DE_DISTILLED, CONTROL, CONTROLNET);
  }

  private static Set<Pipeline> masks() {
    return on(INPAINT, FILL, CONTROL_INPAINT, CONTROLNET_INPAINT, KONTEXT_INPAINT, FLEX);
  }

  private static Set<Pipeline> strengths() {
    return on(
        IMG2IMG,
        INPAINT,
        CONTROL_IMG2IMG,
        CONTROL_INPAINT,
        CONTROLNET_IMG2IMG,
        CONTROLNET_INPAINT,
        KONTEXT_INPAINT);
  }

  private static Set<Pipeline> controls() {
    return on(
        CONTROL,
        CONTROL_IMG2IMG,
        CONTROL_INPAINT,
        CONTROLNET,
        CONTROLNET_IMG2IMG,
        CONTROLNET_INPAINT,
        FLEX);
  }

  private static Set<Pipeline> nets() {
    return on(CONTROLNET, CONTROLNET_IMG2IMG, CONTROLNET_INPAINT);
  }

  private static Set<Pipeline> scaled() {
    return on(CONTROLNET, CONTROLNET_IMG2IMG, CONTROLNET_INPAINT, FLEX);
  }
}
