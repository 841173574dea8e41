package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The old pipelines' {@code check_inputs}: same order, same texts, first failing one wins. Which of
 * them a pipeline makes follows from the arguments that it has. Where the old text held a prompt or
 * a tensor's numbers, its kind and size stand instead: errors end up in logs.
 *
 * <p>Source: diffusers 0.33.0 (Kontext: at 58eb52c0803e) and Pallaidium 141a55fb, {@code
 * check_inputs} of each class.
 */
final class PipelineChecks {
  private static final int LONGEST_TEXT = 512;

  private final PipelineArguments<?> arguments;
  private final Signature signature;

  private PipelineChecks(PipelineArguments<?> arguments) {
    this.arguments = arguments;
    this.signature = arguments.signature();
  }

  static void check(PipelineArguments<?> arguments) {
    new PipelineChecks(arguments).check();
  }

  private void check() {
    strength();
    if (signature.pipeline() == Pipeline.DE_DISTILLED) {
      sizeOfDeDistilled();
    }
    callbackTensorInputs();
    prompts();
    if (signature.has("true_cfg_scale")) {
      negativePrompts();
    }
    pooled("");
    if (signature.has("true_cfg_scale")) {
      pooled("negative_");
    }
    maskCrop();
    textLength();
    if (signature.pipeline() == Pipeline.FILL) {
      fill();
    } else if (signature.pipeline() == Pipeline.FLEX) {
      flex();
    }
  }

  private void strength() {
    if (given("strength") instanceof Number strength
        && (strength.doubleValue() < 0 || strength.doubleValue() > 1)) {
      throw wrong("The value of strength should in [0.0, 1.0] but is " + strength);
    }
  }

  private void sizeOfDeDistilled() {
    int height = CallSize.orDefault(given("height"), "height");
    int width = CallSize.orDefault(given("width"), "width");
    if (height % 8 != 0 || width % 8 != 0) {
      throw wrong(
          "`height` and `width` have to be divisible by 8 but are %d and %d."
              .formatted(height, width));
    }
  }

  private void callbackTensorInputs() {
    if (given("callback_on_step_end_tensor_inputs") instanceof List<?> names) {
      List<String> known = signature.callbackTensorInputs();
      List<?> unknown = names.stream().filter(name -> !known.contains(name)).toList();
      if (!unknown.isEmpty()) {
        throw wrong(
            "`callback_on_step_end_tensor_inputs` has to be in %s, but found %s"
                .formatted(Python.list(known), Python.list(unknown)));
      }
    }
  }

  private void prompts() {
    Object prompt = given("prompt");
    Object prompt2 = given("prompt_2");
    Object embeds = given("prompt_embeds");
    if (prompt != null && embeds != null) {
      throw both("prompt", prompt, "prompt_embeds", embeds);
    } else if (prompt2 != null && embeds != null) {
      throw both("prompt_2", prompt2, "prompt_embeds", embeds);
    } else if (prompt == null && embeds == null) {
      throw wrong(
          "Provide either `prompt` or `prompt_embeds`. Cannot leave both `prompt` and `prompt_embeds` undefined.");
    } else if (prompt != null && !isText(prompt)) {
      throw wrong("`prompt` has to be of type `str` or `list` but is " + Python.type(prompt));
    } else if (prompt2 != null && !isText(prompt2)) {
      throw wrong("`prompt_2` has to be of type `str` or `list` but is " + Python.type(prompt2));
    }
  }

  private void negativePrompts() {
    Object negative = given("negative_prompt");
    Object negative2 = given("negative_prompt_2");
    Object embeds = given("negative_prompt_embeds");
    if (negative != null && embeds != null) {
      throw both("negative_prompt", negative, "negative_prompt_embeds", embeds);
    } else if (negative2 != null && embeds != null) {
      throw both("negative_prompt_2", negative2, "negative_prompt_embeds", embeds);
    }
    // FluxKontextPipeline looks at the shapes later, and only where they matter.
    if (signature.pipeline() != Pipeline.KONTEXT) {
      shapes(arguments);
    }
  }

  static void shapes(PipelineArguments<?> arguments) {
    if (arguments.get("prompt_embeds") instanceof Tensor positive
        && arguments.get("negative_prompt_embeds") instanceof Tensor negative
        && !positive.shape().equals(negative.shape())) {
      throw wrong(
          "`prompt_embeds` and `negative_prompt_embeds` must have the same shape when passed directly, but got: `prompt_embeds` %s != `negative_prompt_embeds` %s."
              .formatted(Python.size(positive), Python.size(negative)));
    }
  }

  private void pooled(String prefix) {
    if (given(prefix + "prompt_embeds") != null && given(prefix + "pooled_prompt_embeds") == null) {
      throw wrong(
          ("If `%1$sprompt_embeds` are provided, `%1$spooled_prompt_embeds` also have to be passed."
                  + " Make sure to generate `%1$spooled_prompt_embeds` from the same text encoder that was used to generate `%1$sprompt_embeds`.")
              .formatted(prefix));
    }
  }

  private void maskCrop() {
    if (given("padding_mask_crop") == null) {
      return;
    }
    if (!(given("image") instanceof BufferedImage)) {
      throw wrong(
          "The image should be a PIL image when inpainting mask crop, but is of type %s."
              .formatted(Python.type(given("image"))));
    }
    if (!(given("mask_image") instanceof BufferedImage)) {
      throw wrong(
          "The mask image should be a PIL image when inpainting mask crop, but is of type %s."
              .formatted(Python.type(given("mask_image"))));
    }
    if (!"pil".equals(given("output_type"))) {
      throw wrong(
          "The output type should be PIL when inpainting mask crop, but is %s."
              .formatted(given("output_type")));
    }
  }

  private void textLength() {
    if (given("max_sequence_length") instanceof Number length && length.intValue() > LONGEST_TEXT) {
      throw wrong("`max_sequence_length` cannot be greater than 512 but is " + length);
    }
  }

  private void fill() {
    if (given("image") != null && given("masked_image_latents") != null) {
      throw wrong(
          "Please provide either  `image` or `masked_image_latents`, `masked_image_latents` should not be passed.");
    }
    if (given("image") != null && given("mask_image") == null) {
      throw wrong("Please provide `mask_image` when passing `image`.");
    }
  }

  /** The old call never made these two, and crashed. */
  private void flex() {
    boolean image = given("inpaint_image") != null;
    boolean mask = given("inpaint_mask") != null;
    if (image != mask) {
      throw wrong(
          "If `%s` is passed, `%s` must be passed as well. Please make sure to pass both `inpaint_image` and `inpaint_mask`."
              .formatted(
                  image ? "inpaint_image" : "inpaint_mask",
                  image ? "inpaint_mask" : "inpaint_image"));
    }
  }

  private @Nullable Object given(String name) {
    return arguments.get(name);
  }

  private static boolean isText(Object value) {
    return value instanceof String || value instanceof List<?>;
  }

  private static IllegalArgumentException both(
      String name, Object value, String other, Object otherValue) {
    return wrong(
        "Cannot forward both `%s`: %s and `%s`: %s. Please make sure to only forward one of the two."
            .formatted(name, Python.described(value), other, Python.described(otherValue)));
  }

  private static IllegalArgumentException wrong(String message) {
    return new IllegalArgumentException(message);
  }
}
