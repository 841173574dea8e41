package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Pipeline;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an old pipeline's {@code __call__} takes: names, order and defaults, and what its callback
 * may see. It checks no values. Immutable, safe for use by several threads.
 *
 * <p>Source: diffusers 0.33.0 (Kontext: at 58eb52c0803e), Pallaidium 141a55fb.
 */
public final class Signature {
  private static final String NEGATIVE =
      "prompt, prompt_2, negative_prompt, negative_prompt_2, true_cfg_scale=1.0, ";
  private static final String PLAIN = "prompt, prompt_2, ";
  private static final String BATCH =
      "num_images_per_prompt=1, generator, latents, prompt_embeds, pooled_prompt_embeds, ";
  private static final String ADAPTERS =
      "ip_adapter_image, ip_adapter_image_embeds, negative_ip_adapter_image, "
          + "negative_ip_adapter_image_embeds, negative_prompt_embeds, negative_pooled_prompt_embeds, ";
  private static final String END =
      "output_type='pil', return_dict=True, joint_attention_kwargs, callback_on_step_end, "
          + "callback_on_step_end_tensor_inputs=['latents'], max_sequence_length=512";
  private static final String NET =
      "control_guidance_start=0.0, control_guidance_end=1.0, control_mode, "
          + "controlnet_conditioning_scale=1.0, ";
  private static final String SIZE = "height, width, ";
  private static final String STEPS = "num_inference_steps=28, sigmas, ";
  private static final String AREA = ", max_area=1048576, _auto_resize=True";

  private static final Map<Pipeline, Signature> ALL = new EnumMap<>(Pipeline.class);

  static {
    put(Pipeline.FLUX, NEGATIVE + SIZE + STEPS + "guidance_scale=3.5, " + BATCH + ADAPTERS + END);
    put(
        Pipeline.DE_DISTILLED,
        "FluxPipeline",
        PLAIN
            + "negative_prompt, "
            + SIZE
            + "num_inference_steps=28, timesteps, guidance_scale=3.5, "
            + BATCH
            + END);
    put(
        Pipeline.IMG2IMG,
        NEGATIVE
            + "image, "
            + SIZE
            + "strength=0.6, "
            + STEPS
            + "guidance_scale=7.0, "
            + BATCH
            + ADAPTERS
            + END);
    put(
        Pipeline.INPAINT,
        NEGATIVE
            + "image, mask_image, masked_image_latents, "
            + SIZE
            + "padding_mask_crop, strength=0.6, "
            + STEPS
            + "guidance_scale=7.0, "
            + BATCH
            + ADAPTERS
            + END);
    put(
        Pipeline.FILL,
        PLAIN
            + "image, mask_image, masked_image_latents, "
            + SIZE
            + "strength=1.0, num_inference_steps=50, sigmas, guidance_scale=30.0, "
            + BATCH
            + END);
    put(
        Pipeline.CONTROL,
        PLAIN + "control_image, " + SIZE + STEPS + "guidance_scale=3.5, " + BATCH + END);
    put(
        Pipeline.CONTROL_IMG2IMG,
        PLAIN
            + "image, control_image, "
            + SIZE
            + "strength=0.6, "
            + STEPS
            + "guidance_scale=7.0, "
            + BATCH
            + END);
    put(
        Pipeline.CONTROL_INPAINT,
        PLAIN
            + "image, control_image, mask_image, masked_image_latents, "
            + SIZE
            + "strength=0.6, "
            + STEPS
            + "guidance_scale=7.0, "
            + BATCH
            + END);
    put(
        Pipeline.CONTROLNET,
        NEGATIVE
            + SIZE
            + STEPS
            + "guidance_scale=7.0, control_guidance_start=0.0, control_guidance_end=1.0, "
            + "control_image, control_mode, controlnet_conditioning_scale=1.0, "
            + BATCH
            + ADAPTERS
            + END);
    put(
        Pipeline.CONTROLNET_IMG2IMG,
        PLAIN
            + "image, control_image, "
            + SIZE
            + "strength=0.6, "
            + STEPS
            + "guidance_scale=7.0, "
            + NET
            + BATCH
            + END);
    put(
        Pipeline.CONTROLNET_INPAINT,
        PLAIN
            + "image, mask_image, masked_image_latents, control_image, "
            + SIZE
            + "strength=0.6, padding_mask_crop, sigmas, num_inference_steps=28, guidance_scale=7.0, "
            + NET
            + BATCH
            + END);
    put(
        Pipeline.KONTEXT,
        "image, "
            + NEGATIVE
            + SIZE
            + STEPS
            + "guidance_scale=3.5, "
            + BATCH
            + ADAPTERS
            + END
            + AREA);
    put(
        Pipeline.KONTEXT_INPAINT,
        "image, image_reference, mask_image, "
            + NEGATIVE
            + SIZE
            + "strength=1.0, padding_mask_crop, "
            + STEPS
            + "guidance_scale=3.5, "
            + BATCH
            + ADAPTERS
            + END
            + AREA);
    put(
        Pipeline.FLEX,
        "Flex2Pipeline",
        PLAIN
            + "inpaint_image, inpaint_mask, control_image, control_strength=1.0, control_stop=1.0, "
            + SIZE
            + STEPS
            + "guidance_scale=3.5, "
            + BATCH
            + END);
  }

  private final Pipeline pipeline;
  private final String pythonName;
  private final Map<String, @Nullable Object> defaults;

  private Signature(Pipeline pipeline, String pythonName, Map<String, @Nullable Object> defaults) {
    this.pipeline = pipeline;
    this.pythonName = pythonName;
    this.defaults = Collections.unmodifiableMap(defaults);
  }

  /** What that pipeline takes. */
  public static Signature of(Pipeline pipeline) {
    Signature signature = ALL.get(pipeline);
    if (signature == null) {
      throw new IllegalStateException("no signature is written down for " + pipeline);
    }
    return signature;
  }

  private static void put(Pipeline pipeline, String parameters) {
    put(pipeline, pipeline.facade(), parameters);
  }

  private static void put(Pipeline pipeline, String pythonName, String parameters) {
    Map<String, @Nullable Object> defaults = new LinkedHashMap<>();
    for (String parameter : parameters.split(", ", -1)) {
      int sign = parameter.indexOf('=');
      if (sign < 0) {
        defaults.put(parameter, null);
      } else {
        defaults.put(parameter.substring(0, sign), value(parameter.substring(sign + 1)));
      }
    }
    ALL.put(pipeline, new Signature(pipeline, pythonName, defaults));
  }

  private static Object value(String python) {
    if (python.startsWith("[")) {
      return List.of(value(python.substring(1, python.length() - 1)));
    }
    if (python.startsWith("'")) {
      return python.substring(1, python.length() - 1);
    }
    if (python.equals("True")) {
      return true;
    }
    if (python.contains(".")) {
      return Double.valueOf(python);
    }
    return Integer.valueOf(python);
  }

  /** The old names, in snake case, in the old order. */
  public Set<String> names() {
    return defaults.keySet();
  }

  /** An argument's default by its old name; {@code null} for {@code None}. */
  public @Nullable Object defaultOf(String name) {
    return defaults.get(name);
  }

  /** Names of the tensors that the old callback could ask for. */
  public List<String> callbackTensorInputs() {
    return switch (pipeline) {
      case CONTROLNET, CONTROLNET_IMG2IMG -> List.of("latents", "prompt_embeds", "control_image");
      case CONTROLNET_INPAINT ->
          List.of("latents", "prompt_embeds", "control_image", "mask", "masked_image_latents");
      default -> List.of("latents", "prompt_embeds");
    };
  }

  /** Whether the old call took and forgot keywords that it did not know. */
  boolean swallowsUnknown() {
    return pipeline == Pipeline.FLEX;
  }

  boolean has(String name) {
    return defaults.containsKey(name);
  }

  Pipeline pipeline() {
    return pipeline;
  }

  /** The class's name in Python, which old texts say. */
  String pythonName() {
    return pythonName;
  }

  Map<String, @Nullable Object> defaults() {
    return defaults;
  }

  /** Tells the class. */
  @Override
  public String toString() {
    return pythonName + ".__call__";
  }
}
