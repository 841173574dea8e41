package dev.fluxbridge.providers.openai;

import static dev.fluxbridge.providers.Fidelity.APPROXIMATED;
import static dev.fluxbridge.providers.Fidelity.EMULATED;
import static dev.fluxbridge.providers.Fidelity.EXACT;
import static dev.fluxbridge.providers.Fidelity.IGNORED;
import static dev.fluxbridge.providers.Fidelity.REFUSED;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.RefusedArgumentException;
import java.util.List;
import java.util.Set;

/**
 * What becomes of each old argument on OpenAI: the table that the mapping works from and the guide
 * is printed from.
 */
enum OpenAiRule {
  MODEL_KNOWN(
      PipelinesWith.ALL,
      "model",
      EXACT,
      "model.known",
      "an image model of OpenAI's, by its own name"),
  MODEL_OTHER(
      PipelinesWith.ALL,
      "model",
      APPROXIMATED,
      "model.other",
      "any other model or folder: drawn by the configured model, which is no FLUX"),
  MODEL_RETIRED(
      PipelinesWith.ALL,
      "model",
      REFUSED,
      "model.retired",
      "a model that OpenAI has shut down, in any place"),
  MODEL_UNKNOWN(
      PipelinesWith.ALL,
      "model",
      REFUSED,
      "model.unknown",
      "`OPENAI_IMAGE_MODEL` is a model whose limits are not known here"),
  LORA_REFUSED(
      PipelinesWith.ALL,
      "load_lora_weights",
      REFUSED,
      "load_lora_weights.refused",
      "any that is switched on: no model of OpenAI's takes further weights"),

  PROMPT_SENT(PipelinesWith.ALL, "prompt", EXACT, "prompt.sent", "one prompt: sent as it is"),
  PROMPT_SPLIT(
      PipelinesWith.ALL,
      "prompt",
      EMULATED,
      "prompt.split",
      "several: one request each, one after the other"),
  PROMPT_EMPTY(
      PipelinesWith.ALL, "prompt", REFUSED, "prompt.empty", "blank: OpenAI draws nothing from it"),
  PROMPT_LONG(
      PipelinesWith.ALL, "prompt", REFUSED, "prompt.too_long", "longer than 32000 characters"),
  PROMPT_2_SAME(PipelinesWith.ALL, "prompt_2", EXACT, "prompt_2.same", "none, or equal to prompt"),
  PROMPT_2_ALONE(
      PipelinesWith.ALL,
      "prompt_2",
      APPROXIMATED,
      "prompt_2.alone",
      "another text than prompt: sent alone, because T5 carries what the picture shows"),

  NEGATIVE_INERT(
      PipelinesWith.NEGATIVE,
      "negative_prompt, negative_prompt_2, true_cfg_scale",
      EXACT,
      "negative_prompt.inert",
      "no negative prompt, or true_cfg_scale is 1 or less: no effect, as ever"),
  NEGATIVE_REFUSED(
      PipelinesWith.NEGATIVE,
      "negative_prompt, negative_prompt_2, true_cfg_scale",
      REFUSED,
      "negative_prompt.refused",
      "a negative prompt with true_cfg_scale above 1: there is no field for it"),
  DISTILLED_INERT(
      Set.of(Pipeline.DE_DISTILLED),
      "negative_prompt",
      EXACT,
      "negative_prompt.none",
      "none, or guidance_scale is 1 or less"),
  DISTILLED_REFUSED(
      Set.of(Pipeline.DE_DISTILLED),
      "negative_prompt",
      REFUSED,
      "negative_prompt.no_field",
      "given, with guidance_scale above 1: there is no field for it"),

  SIZE_FREE(
      PipelinesWith.ALL,
      OpenAiImageModel.names(true),
      "height, width",
      EXACT,
      "size.free",
      "gpt-image-2 and gpt-image-2.5: multiples of 16, 655360 to 8294400 pixels, sides up to 3840,"
          + " up to 3:1"),
  SIZE_STANDARD(
      PipelinesWith.ALL,
      OpenAiImageModel.names(false),
      "height, width",
      EXACT,
      "size.standard",
      "every other model: 1024x1024, 1536x1024, 1024x1536"),
  SIZE_NEAREST(
      PipelinesWith.ALL,
      "height, width",
      APPROXIMATED,
      "size.nearest",
      "any other: the size with the nearest proportions that the model draws"),
  SIZE_RETURNED(
      PipelinesWith.ALL,
      "height, width",
      APPROXIMATED,
      "size.returned",
      "OpenAI drew another size than it was asked for"),
  SIZE_REFUSED(
      PipelinesWith.ALL,
      "height, width",
      REFUSED,
      "size.too_many_pixels",
      "more pixels than the policy for pictures lets in"),
  AREA_RULES(
      PipelinesWith.KONTEXT,
      "max_area",
      EXACT,
      "max_area.rules",
      "width and height on that area, floored to 16, are the size; with a mask the picture's own,"
          + " as ever"),
  AUTO_RESIZE_ON(
      PipelinesWith.KONTEXT,
      "_auto_resize",
      EXACT,
      "auto_resize.on",
      "true: the model looks at pictures in a size of its own"),
  AUTO_RESIZE_IGNORED(
      PipelinesWith.KONTEXT,
      "_auto_resize",
      IGNORED,
      "auto_resize.ignored",
      "false: the model chooses in which size it looks at a picture"),

  STEPS_DEFAULT(
      PipelinesWith.ALL,
      "num_inference_steps",
      EXACT,
      "num_inference_steps.default",
      "the pipeline's default: nothing was asked"),
  STEPS_IGNORED(
      PipelinesWith.ALL,
      "num_inference_steps",
      IGNORED,
      "num_inference_steps.ignored",
      "any other: OpenAI shows no steps"),
  SIGMAS_NONE(PipelinesWith.SIGMAS, "sigmas", EXACT, "sigmas.none", "none"),
  SIGMAS_IGNORED(
      PipelinesWith.SIGMAS, "sigmas", IGNORED, "sigmas.ignored", "given: OpenAI takes no schedule"),
  GUIDANCE_DEFAULT(
      PipelinesWith.ALL,
      "guidance_scale",
      EXACT,
      "guidance_scale.default",
      "the pipeline's default: nothing was asked"),
  GUIDANCE_IGNORED(
      PipelinesWith.ALL,
      "guidance_scale",
      IGNORED,
      "guidance_scale.ignored",
      "any other: it is not taken"),

  IMAGES_SENT(
      PipelinesWith.ALL, "num_images_per_prompt", EXACT, "num_images_per_prompt.sent", "up to 10"),
  IMAGES_SPLIT(
      PipelinesWith.ALL,
      "num_images_per_prompt",
      EMULATED,
      "num_images_per_prompt.split",
      "more, or each from a picture of its own: several requests, one after the other"),
  GENERATOR_NONE(
      PipelinesWith.ALL, "generator", EXACT, "generator.none", "none: the picture is random"),
  GENERATOR_IGNORED(
      PipelinesWith.ALL,
      "generator",
      IGNORED,
      "generator.ignored",
      "given: OpenAI takes no seed, and the same call draws another picture each time"),
  LATENTS_NONE(PipelinesWith.ALL, "latents", EXACT, "latents.none", "none"),
  LATENTS_REFUSED(
      PipelinesWith.ALL,
      "latents",
      REFUSED,
      "latents.refused",
      "given: OpenAI takes no noise to start from"),
  EMBEDS_NONE(
      PipelinesWith.ALL,
      "prompt_embeds, pooled_prompt_embeds",
      EXACT,
      "prompt_embeds.none",
      "none: prompts are texts"),
  EMBEDS_REFUSED(
      PipelinesWith.ALL,
      "prompt_embeds, pooled_prompt_embeds",
      REFUSED,
      "prompt_embeds.refused",
      "given: OpenAI takes no encoded prompts"),
  NEGATIVE_EMBEDS_REFUSED(
      PipelinesWith.NEGATIVE,
      "negative_prompt_embeds, negative_pooled_prompt_embeds",
      REFUSED,
      "negative_prompt_embeds.refused",
      "given: OpenAI takes no encoded prompts"),
  OUTPUT_PIXELS(
      PipelinesWith.ALL,
      "output_type",
      EXACT,
      "output_type.pixels",
      "pixels: OpenAI sends PNG, which loses nothing"),
  OUTPUT_LATENT(
      PipelinesWith.ALL,
      "output_type",
      REFUSED,
      "output_type.latent",
      "latent: OpenAI gives no latents"),
  SEQUENCE_DEFAULT(
      PipelinesWith.ALL,
      "max_sequence_length",
      EXACT,
      "max_sequence_length.default",
      "512, the default"),
  SEQUENCE_IGNORED(
      PipelinesWith.ALL,
      "max_sequence_length",
      IGNORED,
      "max_sequence_length.ignored",
      "any other: OpenAI reads the whole prompt"),

  IMAGE_EDITED(
      PipelinesWith.KONTEXT,
      "image",
      EXACT,
      "image.edited",
      "sent as it is, to be edited as the prompt says"),
  IMAGE_LOOKED_AT(
      PipelinesWith.PICTURE,
      "image",
      APPROXIMATED,
      "image.looked_at",
      "sent in the size that is drawn; the model looks at it and draws anew, where the old pipeline"
          + " drew over it"),
  IMAGE_LATENTS(
      PipelinesWith.EDITS,
      "image",
      REFUSED,
      "image.latents",
      "latents, or numbers that are no picture"),
  IMAGE_LARGE(
      PipelinesWith.EDITS, "image", REFUSED, "image.too_large", "a PNG file of 50 MB or more"),
  IMAGE_COUNT(
      PipelinesWith.EDITS,
      "image",
      REFUSED,
      "image.count",
      "as many pictures or masks as do not divide the pictures to draw"),
  INPAINT_IMAGE_LOOKED_AT(
      Set.of(Pipeline.FLEX),
      "inpaint_image",
      APPROXIMATED,
      "inpaint_image.looked_at",
      "sent in the size that is drawn; the model looks at it and draws anew"),
  REFERENCE_SENT(
      Set.of(Pipeline.KONTEXT_INPAINT),
      "image_reference",
      EMULATED,
      "image_reference.second",
      "sent as a second picture to look at"),
  MASK_GUIDES(
      PipelinesWith.MASK,
      "mask_image",
      APPROXIMATED,
      "mask_image.guide",
      "white becomes transparent, in the picture's size; the model takes it as a guide and may"
          + " change what it protects"),
  INPAINT_MASK_GUIDES(
      Set.of(Pipeline.FLEX),
      "inpaint_mask",
      APPROXIMATED,
      "inpaint_mask.guide",
      "white becomes transparent, in the picture's size; the model takes it as a guide"),
  MASKED_LATENTS(
      PipelinesWith.MASKED_LATENTS,
      "masked_image_latents",
      REFUSED,
      "masked_image_latents.refused",
      "given: OpenAI takes pictures and masks"),
  MASK_CROP(
      PipelinesWith.CROP,
      "padding_mask_crop",
      REFUSED,
      "padding_mask_crop.refused",
      "given: OpenAI draws the whole picture"),
  STRENGTH_WHOLE(
      PipelinesWith.STRENGTH,
      "strength",
      EXACT,
      "strength.whole",
      "1: the picture is only looked at"),
  STRENGTH_IGNORED(
      PipelinesWith.STRENGTH,
      "strength",
      IGNORED,
      "strength.ignored",
      "below 1: the model decides how much of the picture it keeps"),
  CONTROL_REFUSED(
      PipelinesWith.CONTROL, "control_image", REFUSED, "control_image.refused", Why.NO_CONTROL),
  CONTROLNET_REFUSED(
      PipelinesWith.CONTROLNET,
      "control_image, control_mode, controlnet_conditioning_scale, control_guidance_start,"
          + " control_guidance_end",
      REFUSED,
      "control_image.controlnet",
      Why.NO_CONTROL),
  FLEX_CONTROL_REFUSED(
      Set.of(Pipeline.FLEX),
      "control_image, control_strength, control_stop",
      REFUSED,
      "control_image.flex",
      Why.NO_CONTROL);

  @SuppressWarnings("ImmutableEnumChecker") // its set and lists are copies
  private final LedgerRow row;

  OpenAiRule(
      Set<Pipeline> pipelines, String arguments, Fidelity fidelity, String code, String when) {
    this(pipelines, List.of(), arguments, fidelity, code, when);
  }

  OpenAiRule(
      Set<Pipeline> pipelines,
      List<String> models,
      String arguments,
      Fidelity fidelity,
      String code,
      String when) {
    this.row =
        new LedgerRow(
            pipelines,
            List.of(arguments.split(", ")),
            "openai",
            models,
            fidelity,
            "openai." + code,
            when);
  }

  /** What several rows say. */
  private static final class Why {
    static final String NO_CONTROL = "given: no endpoint of OpenAI's follows a control image";
  }

  /** The row of the ledger. */
  LedgerRow row() {
    return row;
  }

  /** What to tell a caller whose argument met this rule. */
  Note note(String text) {
    return row.note(text);
  }

  /** What to throw where this rule says that the call is not made. */
  BackendException refusal(String text) {
    return new RefusedArgumentException(
        row,
        "%s (%s): %s; nothing was sent to OpenAI"
            .formatted(String.join(", ", row.arguments()), row.code(), text));
  }
}
