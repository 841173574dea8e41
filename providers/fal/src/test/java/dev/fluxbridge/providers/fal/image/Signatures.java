package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The old calls' arguments, in their order. Source: diffusers 0.35.2, and Pallaidium's own two. */
final class Signatures {

  /** What the facade does with them is the same on every road. */
  static final Set<String> OF_THE_FACADE =
      Set.of(
          "ip_adapter_image",
          "ip_adapter_image_embeds",
          "negative_ip_adapter_image",
          "negative_ip_adapter_image_embeds",
          "return_dict",
          "callback_on_step_end",
          "callback_on_step_end_tensor_inputs",
          "timesteps",
          "kwargs");

  private static final List<String> NEGATIVE =
      List.of("prompt", "prompt_2", "negative_prompt", "negative_prompt_2", "true_cfg_scale");
  private static final List<String> PROMPTS = List.of("prompt", "prompt_2");
  private static final List<String> SIZE = List.of("height", "width");
  private static final List<String> STEPS =
      List.of("num_inference_steps", "sigmas", "guidance_scale");
  private static final List<String> TAIL =
      List.of(
          "num_images_per_prompt", "generator", "latents", "prompt_embeds", "pooled_prompt_embeds");
  private static final List<String> IP =
      List.of(
          "ip_adapter_image",
          "ip_adapter_image_embeds",
          "negative_ip_adapter_image",
          "negative_ip_adapter_image_embeds",
          "negative_prompt_embeds",
          "negative_pooled_prompt_embeds");
  private static final List<String> END =
      List.of(
          "output_type",
          "return_dict",
          "joint_attention_kwargs",
          "callback_on_step_end",
          "callback_on_step_end_tensor_inputs",
          "max_sequence_length");
  private static final List<String> WINDOW =
      List.of(
          "control_guidance_start",
          "control_guidance_end",
          "control_mode",
          "controlnet_conditioning_scale");
  private static final List<String> MASK = List.of("mask_image", "masked_image_latents");

  private Signatures() {}

  static List<String> of(Pipeline pipeline) {
    return switch (pipeline) {
      case FLUX -> joined(NEGATIVE, SIZE, STEPS, TAIL, IP, END);
      case DE_DISTILLED ->
          joined(
              PROMPTS,
              List.of("negative_prompt"),
              SIZE,
              List.of("num_inference_steps", "timesteps", "guidance_scale"),
              TAIL,
              END);
      case IMG2IMG ->
          joined(NEGATIVE, List.of("image"), SIZE, List.of("strength"), STEPS, TAIL, IP, END);
      case INPAINT ->
          joined(
              NEGATIVE,
              List.of("image"),
              MASK,
              SIZE,
              List.of("padding_mask_crop", "strength"),
              STEPS,
              TAIL,
              IP,
              END);
      case FILL ->
          joined(PROMPTS, List.of("image"), MASK, SIZE, List.of("strength"), STEPS, TAIL, END);
      case CONTROL -> joined(PROMPTS, List.of("control_image"), SIZE, STEPS, TAIL, END);
      case CONTROL_IMG2IMG ->
          joined(
              PROMPTS,
              List.of("image", "control_image"),
              SIZE,
              List.of("strength"),
              STEPS,
              TAIL,
              END);
      case CONTROL_INPAINT ->
          joined(
              PROMPTS,
              List.of("image", "control_image"),
              MASK,
              SIZE,
              List.of("strength"),
              STEPS,
              TAIL,
              END);
      case CONTROLNET ->
          joined(NEGATIVE, SIZE, STEPS, List.of("control_image"), WINDOW, TAIL, IP, END);
      case CONTROLNET_IMG2IMG ->
          joined(
              PROMPTS,
              List.of("image", "control_image"),
              SIZE,
              List.of("strength"),
              STEPS,
              WINDOW,
              TAIL,
              END);
      case CONTROLNET_INPAINT ->
          joined(
              PROMPTS,
              List.of("image", "control_image"),
              MASK,
              SIZE,
              List.of("strength", "padding_mask_crop"),
              STEPS,
              WINDOW,
              TAIL,
              END);
      case KONTEXT ->
          joined(
              List.of("image"),
              NEGATIVE,
              SIZE,
              STEPS,
              TAIL,
              IP,
              END,
              List.of("max_area", "_auto_resize"));
      case KONTEXT_INPAINT ->
          joined(
              List.of("image", "image_reference", "mask_image"),
              NEGATIVE,
              SIZE,
              List.of("strength", "padding_mask_crop"),
              STEPS,
              TAIL,
              IP,
              END,
              List.of("max_area", "_auto_resize"));
      case FLEX ->
          joined(
              PROMPTS,
              List.of(
                  "inpaint_image",
                  "inpaint_mask",
                  "control_image",
                  "control_strength",
                  "control_stop"),
              SIZE,
              STEPS,
              TAIL,
              END,
              List.of("kwargs"));
    };
  }

  /** Arguments that have a value in every call: each must be answered by what the call meets. */
  static List<String> alwaysThere(Pipeline pipeline) {
    Set<String> optional =
        Set.of(
            "negative_prompt",
            "negative_prompt_2",
            "true_cfg_scale",
            "sigmas",
            "latents",
            "prompt_embeds",
            "pooled_prompt_embeds",
            "negative_prompt_embeds",
            "negative_pooled_prompt_embeds",
            "joint_attention_kwargs",
            "masked_image_latents",
            "padding_mask_crop",
            "inpaint_image",
            "inpaint_mask",
            "control_strength",
            "control_stop");
    return of(pipeline).stream()
        .filter(argument -> !optional.contains(argument) && !OF_THE_FACADE.contains(argument))
        // a picture is Kontext's and Flex's to have or not
        .filter(argument -> pipeline != Pipeline.KONTEXT || !argument.equals("image"))
        .filter(argument -> pipeline != Pipeline.FLEX || !argument.equals("control_image"))
        .toList();
  }

  @SafeVarargs
  private static List<String> joined(List<String>... groups) {
    List<String> all = new ArrayList<>();
    for (List<String> group : groups) {
      all.addAll(group);
    }
    return all;
  }
}
