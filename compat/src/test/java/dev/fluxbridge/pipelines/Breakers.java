package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * For each pipeline a call that it would draw, and for each old error what to change in it so that
 * just this one is raised. All in the old keywords.
 */
final class Breakers {
  static final BufferedImage PICTURE = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
  private static final Tensor NUMBERS = Tensor.of(new float[3 * 64 * 64], 1, 3, 64, 64);
  private static final Tensor EMBEDS = Tensor.of(new float[6], 1, 2, 3);
  private static final Tensor OTHER_EMBEDS = Tensor.of(new float[3], 1, 1, 3);
  private static final Tensor POOLED = Tensor.of(new float[4], 1, 4);
  private static final Tensor LATENTS = Tensor.of(new float[2 * 16 * 8 * 8], 2, 16, 8, 8);
  private static final List<String> THREE = List.of("a", "b", "c");
  private static final List<BufferedImage> TWO = List.of(PICTURE, PICTURE);

  private Breakers() {}

  /** A call that no check stops. */
  static Map<String, @Nullable Object> good(Pipeline pipeline) {
    Map<String, @Nullable Object> call = new HashMap<>();
    call.put("prompt", "a cat");
    call.put("height", 64);
    call.put("width", 64);
    for (String picture : List.of("image", "mask_image", "control_image")) {
      if (Signature.of(pipeline).has(picture) && pipeline != Pipeline.FLEX) {
        call.put(picture, PICTURE);
      }
    }
    return call;
  }

  /** What raises the error of that text; it names every argument on which that depends. */
  static Map<String, @Nullable Object> of(String text, Pipeline pipeline) {
    boolean fill = pipeline == Pipeline.FILL;
    if (text.startsWith("The value of strength")) {
      return changes("strength", 1.5);
    } else if (text.startsWith("`height` and `width` have to be divisible by 8")) {
      return changes("height", 60);
    } else if (text.startsWith("`callback_on_step_end_tensor_inputs`")) {
      return changes("callback_on_step_end_tensor_inputs", List.of("latents", "noise"));
    } else if (text.startsWith("Cannot forward both `prompt`")) {
      return changes("prompt", "a cat", "prompt_embeds", EMBEDS, "pooled_prompt_embeds", POOLED);
    } else if (text.startsWith("Cannot forward both `prompt_2`")) {
      return changes(
          "prompt", null, "prompt_2", "x", "prompt_embeds", EMBEDS, "pooled_prompt_embeds", POOLED);
    } else if (text.startsWith("Provide either `prompt`")) {
      return changes("prompt", null, "prompt_embeds", null);
    } else if (text.startsWith("`prompt` has to be of type")) {
      return changes("prompt", 7, "prompt_embeds", null);
    } else if (text.startsWith("`prompt_2` has to be of type")) {
      return changes("prompt_2", 7, "prompt_embeds", null);
    } else if (text.startsWith("Cannot forward both `negative_prompt`")) {
      return changes(
          "negative_prompt",
          "dogs",
          "negative_prompt_embeds",
          EMBEDS,
          "negative_pooled_prompt_embeds",
          POOLED);
    } else if (text.startsWith("Cannot forward both `negative_prompt_2`")) {
      return changes(
          "negative_prompt_2",
          "dogs",
          "negative_prompt_embeds",
          EMBEDS,
          "negative_pooled_prompt_embeds",
          POOLED);
    } else if (text.startsWith("`prompt_embeds` and `negative_prompt_embeds` must")) {
      return changes(
          "prompt",
          null,
          "true_cfg_scale",
          2.0,
          "prompt_embeds",
          EMBEDS,
          "pooled_prompt_embeds",
          POOLED,
          "negative_prompt_embeds",
          OTHER_EMBEDS,
          "negative_pooled_prompt_embeds",
          POOLED);
    } else if (text.startsWith("If `prompt_embeds` are provided")) {
      return changes("prompt", null, "prompt_embeds", EMBEDS, "pooled_prompt_embeds", null);
    } else if (text.startsWith("If `negative_prompt_embeds` are provided")) {
      return changes("negative_prompt_embeds", EMBEDS, "negative_pooled_prompt_embeds", null);
    } else if (text.startsWith("The image should be a PIL image")) {
      return changes("padding_mask_crop", 8, "image", NUMBERS);
    } else if (text.startsWith("The mask image should be a PIL image")) {
      return changes("padding_mask_crop", 8, "image", PICTURE, "mask_image", NUMBERS);
    } else if (text.startsWith("The output type should be PIL")) {
      return changes(
          "padding_mask_crop", 8, "image", PICTURE, "mask_image", PICTURE, "output_type", "np");
    } else if (text.startsWith("`max_sequence_length` cannot")) {
      return changes("max_sequence_length", 513);
    } else if (text.startsWith("Please provide either  `image`")) {
      return changes("image", PICTURE, "masked_image_latents", LATENTS);
    } else if (text.startsWith("Please provide `mask_image`")) {
      return changes("image", PICTURE, "mask_image", null);
    } else if (text.startsWith("If `inpaint_image` is passed")) {
      return changes("inpaint_image", PICTURE, "inpaint_mask", null);
    } else if (text.startsWith("If `inpaint_mask` is passed")) {
      return changes("inpaint_mask", PICTURE, "inpaint_image", null);
    } else if (text.startsWith("You have passed a list of generators")) {
      return changes("generator", List.of(new Generator(), new Generator()));
    } else if (text.startsWith("Cannot duplicate `image_reference`")) {
      return changes("prompt", THREE, "image_reference", TWO);
    } else if (text.startsWith("Cannot duplicate `image`")) {
      return changes("prompt", THREE, "image", TWO);
    } else if (text.startsWith("The passed mask and the required batch size")) {
      return changes("prompt", THREE, "mask_image", TWO);
    } else if (text.startsWith("The passed images and the required batch size")) {
      return fill
          ? changes(
              "prompt", THREE, "image", null, "mask_image", null, "masked_image_latents", LATENTS)
          : changes("prompt", THREE, "masked_image_latents", LATENTS);
    } else if (text.startsWith("After adjusting the num_inference_steps")) {
      return changes("strength", 0.0);
    } else if (text.startsWith(" For `FluxControlNet`")) {
      return changes("control_mode", "pose");
    } else if (text.startsWith("For Multi-ControlNet")) {
      return changes("control_mode", List.of(0), "control_image", TWO);
    } else if (text.startsWith("image must be provided correctly")) {
      return changes("image", LATENTS);
    }
    throw new AssertionError("nothing is known that raises: " + text);
  }

  private static Map<String, @Nullable Object> changes(@Nullable Object... pairs) {
    Map<String, @Nullable Object> changes = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      changes.put(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    return changes;
  }

  /** Both changes at once, or nothing where they contradict each other. */
  static Map<String, @Nullable Object> both(
      Map<String, @Nullable Object> one, Map<String, @Nullable Object> other) {
    for (String name : one.keySet()) {
      if (other.containsKey(name) && !Arrays.asList(one.get(name)).contains(other.get(name))) {
        return Map.of();
      }
    }
    Map<String, @Nullable Object> both = new HashMap<>(one);
    both.putAll(other);
    return both;
  }
}
