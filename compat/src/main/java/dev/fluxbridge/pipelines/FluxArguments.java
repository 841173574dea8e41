package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@link FluxPipeline#call(FluxArguments)}, with the old names in camel case, in
 * the old order, with the old defaults.
 *
 * <p>Immutable: each method gives a copy with one argument changed. {@code null} is Python's {@code
 * None}. It checks nothing; the call does, in the old order and with the old texts.
 *
 * <p>Source: diffusers 0.33.0, {@code FluxPipeline.__call__}.
 */
public final class FluxArguments {
  private static final Map<String, @Nullable Object> DEFAULTS = defaults();

  private final Map<String, @Nullable Object> values;

  /** Every argument at its default. */
  public FluxArguments() {
    this(DEFAULTS);
  }

  private FluxArguments(Map<String, @Nullable Object> values) {
    this.values = values;
  }

  private static Map<String, @Nullable Object> defaults() {
    Map<String, @Nullable Object> defaults = new LinkedHashMap<>();
    defaults.put("prompt", null);
    defaults.put("prompt_2", null);
    defaults.put("negative_prompt", null);
    defaults.put("negative_prompt_2", null);
    defaults.put("true_cfg_scale", 1.0);
    defaults.put("height", null);
    defaults.put("width", null);
    defaults.put("num_inference_steps", 28);
    defaults.put("sigmas", null);
    defaults.put("guidance_scale", 3.5);
    defaults.put("num_images_per_prompt", 1);
    defaults.put("generator", null);
    defaults.put("latents", null);
    defaults.put("prompt_embeds", null);
    defaults.put("pooled_prompt_embeds", null);
    defaults.put("ip_adapter_image", null);
    defaults.put("ip_adapter_image_embeds", null);
    defaults.put("negative_ip_adapter_image", null);
    defaults.put("negative_ip_adapter_image_embeds", null);
    defaults.put("negative_prompt_embeds", null);
    defaults.put("negative_pooled_prompt_embeds", null);
    defaults.put("output_type", "pil");
    defaults.put("return_dict", true);
    defaults.put("joint_attention_kwargs", null);
    defaults.put("callback_on_step_end", null);
    defaults.put("callback_on_step_end_tensor_inputs", List.of("latents"));
    defaults.put("max_sequence_length", 512);
    return Collections.unmodifiableMap(defaults);
  }

  /** The old names, in the old order. */
  public static Set<String> names() {
    return DEFAULTS.keySet();
  }

  /** An argument's default by its old name; {@code null} for {@code None}. */
  public static @Nullable Object defaultOf(String name) {
    return DEFAULTS.get(name);
  }

  /**
   * Arguments from the old keywords as they are.
   *
   * @param keywords by their old names, in snake case
   * @throws IllegalArgumentException for a keyword that the old call did not know, with Python's
   *     text
   */
  public static FluxArguments of(Map<String, ?> keywords) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(DEFAULTS);
    for (Map.Entry<String, ?> keyword : keywords.entrySet()) {
      if (!DEFAULTS.containsKey(keyword.getKey())) {
        throw new IllegalArgumentException(
            "FluxPipeline.__call__() got an unexpected keyword argument '"
                + keyword.getKey()
                + "'");
      }
      values.put(keyword.getKey(), keyword.getValue());
    }
    return new FluxArguments(values);
  }

  /** What to draw; CLIP reads it, and T5 too unless {@link #prompt2} says otherwise. */
  public FluxArguments prompt(@Nullable String prompt) {
    return with("prompt", prompt);
  }

  /** Several prompts: a batch. */
  public FluxArguments prompt(List<String> prompts) {
    return with("prompt", prompts);
  }

  /** What T5 reads instead of the prompt. */
  public FluxArguments prompt2(@Nullable String prompt2) {
    return with("prompt_2", prompt2);
  }

  /** One for each prompt. */
  public FluxArguments prompt2(List<String> prompts2) {
    return with("prompt_2", prompts2);
  }

  /** What not to draw; has an effect only with {@link #trueCfgScale} above 1. */
  public FluxArguments negativePrompt(@Nullable String negativePrompt) {
    return with("negative_prompt", negativePrompt);
  }

  /** One for each prompt. */
  public FluxArguments negativePrompt(List<String> negativePrompts) {
    return with("negative_prompt", negativePrompts);
  }

  /** What T5 reads instead of the negative prompt. */
  public FluxArguments negativePrompt2(@Nullable String negativePrompt2) {
    return with("negative_prompt_2", negativePrompt2);
  }

  /** One for each prompt. */
  public FluxArguments negativePrompt2(List<String> negativePrompts2) {
    return with("negative_prompt_2", negativePrompts2);
  }

  /** Weight of the negative prompt; 1, the default, is off. Doubles the work. */
  public FluxArguments trueCfgScale(double trueCfgScale) {
    return with("true_cfg_scale", trueCfgScale);
  }

  /** Pixels; {@code null} and 0 mean 1024; floored to a multiple of 16. */
  public FluxArguments height(@Nullable Integer height) {
    return with("height", height);
  }

  /** Pixels; {@code null} and 0 mean 1024; floored to a multiple of 16. */
  public FluxArguments width(@Nullable Integer width) {
    return with("width", width);
  }

  /** Denoising steps, 28 unless set. */
  public FluxArguments numInferenceSteps(int numInferenceSteps) {
    return with("num_inference_steps", numInferenceSteps);
  }

  /** Noise levels in place of the even ones, descending from 1. */
  public FluxArguments sigmas(@Nullable List<Double> sigmas) {
    return with("sigmas", sigmas);
  }

  /** The guidance that FLUX takes as an input, 3.5 unless set. */
  public FluxArguments guidanceScale(double guidanceScale) {
    return with("guidance_scale", guidanceScale);
  }

  /** Pictures for each prompt. */
  public FluxArguments numImagesPerPrompt(int numImagesPerPrompt) {
    return with("num_images_per_prompt", numImagesPerPrompt);
  }

  /** Where the noise of the whole batch comes from; {@code null} for random noise. */
  public FluxArguments generator(@Nullable Generator generator) {
    return with("generator", generator);
  }

  /** One for each picture. */
  public FluxArguments generator(List<Generator> generators) {
    return with("generator", generators);
  }

  /** Noise to start from, packed, shape (B, S, 64). */
  public FluxArguments latents(@Nullable Tensor latents) {
    return with("latents", latents);
  }

  /**
   * Encoded prompts instead of texts, shape (B, T, width of T5); then {@link #pooledPromptEmbeds}
   * must be there too.
   */
  public FluxArguments promptEmbeds(@Nullable Tensor promptEmbeds) {
    return with("prompt_embeds", promptEmbeds);
  }

  /** What CLIP says of the prompts, shape (B, width of CLIP). */
  public FluxArguments pooledPromptEmbeds(@Nullable Tensor pooledPromptEmbeds) {
    return with("pooled_prompt_embeds", pooledPromptEmbeds);
  }

  /** A picture for an IP adapter. No road draws it yet. */
  public FluxArguments ipAdapterImage(@Nullable BufferedImage ipAdapterImage) {
    return with("ip_adapter_image", ipAdapterImage);
  }

  /** Encoded pictures for IP adapters. No road draws them yet. */
  public FluxArguments ipAdapterImageEmbeds(@Nullable List<Tensor> ipAdapterImageEmbeds) {
    return with("ip_adapter_image_embeds", ipAdapterImageEmbeds);
  }

  /** A picture for an IP adapter to avoid. No road draws it yet. */
  public FluxArguments negativeIpAdapterImage(@Nullable BufferedImage negativeIpAdapterImage) {
    return with("negative_ip_adapter_image", negativeIpAdapterImage);
  }

  /** Encoded pictures for IP adapters to avoid. No road draws them yet. */
  public FluxArguments negativeIpAdapterImageEmbeds(
      @Nullable List<Tensor> negativeIpAdapterImageEmbeds) {
    return with("negative_ip_adapter_image_embeds", negativeIpAdapterImageEmbeds);
  }

  /** Encoded negative prompts, of the shape of {@link #promptEmbeds}. */
  public FluxArguments negativePromptEmbeds(@Nullable Tensor negativePromptEmbeds) {
    return with("negative_prompt_embeds", negativePromptEmbeds);
  }

  /** What CLIP says of the negative prompts. */
  public FluxArguments negativePooledPromptEmbeds(@Nullable Tensor negativePooledPromptEmbeds) {
    return with("negative_pooled_prompt_embeds", negativePooledPromptEmbeds);
  }

  /**
   * {@code pil} (the default), {@code np}, {@code pt} or {@code latent}: see {@link
   * FluxPipelineOutput}.
   */
  public FluxArguments outputType(String outputType) {
    return with("output_type", outputType);
  }

  /** Python's choice between a tuple and an object; in Java the object comes either way. */
  public FluxArguments returnDict(boolean returnDict) {
    return with("return_dict", returnDict);
  }

  /** Arguments for attention processors. */
  public FluxArguments jointAttentionKwargs(@Nullable Map<String, ?> jointAttentionKwargs) {
    return with("joint_attention_kwargs", jointAttentionKwargs);
  }

  /** Called after each step. */
  public FluxArguments callbackOnStepEnd(@Nullable StepCallback callbackOnStepEnd) {
    return with("callback_on_step_end", callbackOnStepEnd);
  }

  /** Names of the tensors that the callback gets. */
  public FluxArguments callbackOnStepEndTensorInputs(List<String> callbackOnStepEndTensorInputs) {
    return with("callback_on_step_end_tensor_inputs", callbackOnStepEndTensorInputs);
  }

  /** Text tokens that T5 reads, at most 512. */
  public FluxArguments maxSequenceLength(int maxSequenceLength) {
    return with("max_sequence_length", maxSequenceLength);
  }

  /** An argument by its old name. */
  @Nullable Object get(String name) {
    return values.get(name);
  }

  private FluxArguments with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(values);
    changed.put(name, value);
    return new FluxArguments(changed);
  }

  /** Tells no values: prompts stay out of logs. */
  @Override
  public String toString() {
    return "FluxArguments" + names();
  }
}
