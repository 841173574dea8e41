package dev.fluxbridge.pipelines;

import dev.fluxbridge.pipelines.arguments.Takes;
import dev.fluxbridge.providers.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that every old pipeline takes. Each pipeline has a class of its own, with all of
 * its arguments.
 *
 * <p>Immutable, safe for use by several threads. It checks nothing; the call does, in the old order
 * and with the old texts.
 *
 * @param <A> the arguments of which pipeline
 */
public abstract sealed class PipelineArguments<A extends PipelineArguments<A>> implements Takes<A>
    permits FlexArguments,
        FluxArguments,
        FluxControlArguments,
        FluxControlImg2ImgArguments,
        FluxControlInpaintArguments,
        FluxControlNetArguments,
        FluxControlNetImg2ImgArguments,
        FluxControlNetInpaintArguments,
        FluxDeDistilledArguments,
        FluxFillArguments,
        FluxImg2ImgArguments,
        FluxInpaintArguments,
        FluxKontextArguments,
        FluxKontextInpaintArguments {

  /** The one keyword that the old calls did not have. */
  private static final String ROUTING_KEY = "routing_key";

  private final Signature signature;
  private final Map<String, @Nullable Object> values;

  PipelineArguments(Signature signature) {
    this(signature, signature.defaults());
  }

  PipelineArguments(Signature signature, Map<String, @Nullable Object> values) {
    this.signature = signature;
    this.values = values;
  }

  abstract A copy(Map<String, @Nullable Object> changed);

  @Override
  public final A with(String name, @Nullable Object value) {
    refuseUnknown(name);
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(values);
    changed.put(name, value);
    return copy(changed);
  }

  /**
   * A copy with the old keywords as they are.
   *
   * @param keywords by their old names, in snake case
   * @throws IllegalArgumentException for a keyword that the old call did not know, with Python's
   *     text
   */
  public final A withAll(Map<String, ?> keywords) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(values);
    keywords.forEach(
        (name, value) -> {
          refuseUnknown(name);
          changed.put(name, value);
        });
    return copy(changed);
  }

  private void refuseUnknown(String name) {
    if (!signature.has(name) && !signature.swallowsUnknown() && !name.equals(ROUTING_KEY)) {
      throw new IllegalArgumentException(
          signature + "() got an unexpected keyword argument '" + name + "'");
    }
  }

  /** What to draw; CLIP reads it, and T5 too unless {@link #prompt2} says otherwise. */
  public final A prompt(@Nullable String prompt) {
    return with("prompt", prompt);
  }

  /** Several prompts: a batch. */
  public final A prompt(List<String> prompts) {
    return with("prompt", prompts);
  }

  /** What T5 reads instead of the prompt. */
  public final A prompt2(@Nullable String prompt2) {
    return with("prompt_2", prompt2);
  }

  /** One for each prompt. */
  public final A prompt2(List<String> prompts2) {
    return with("prompt_2", prompts2);
  }

  /** Pixels; {@code null} and 0 mean 1024; floored to a multiple of 16. */
  public final A height(@Nullable Integer height) {
    return with("height", height);
  }

  /** Pixels; {@code null} and 0 mean 1024; floored to a multiple of 16. */
  public final A width(@Nullable Integer width) {
    return with("width", width);
  }

  /** Denoising steps: 28 unless set, 50 with FluxFillPipeline. */
  public final A numInferenceSteps(int numInferenceSteps) {
    return with("num_inference_steps", numInferenceSteps);
  }

  /**
   * The guidance that FLUX takes as an input; with FluxDeDistilledPipeline the weight of the
   * negative prompt.
   */
  public final A guidanceScale(double guidanceScale) {
    return with("guidance_scale", guidanceScale);
  }

  /** Pictures for each prompt. */
  public final A numImagesPerPrompt(int numImagesPerPrompt) {
    return with("num_images_per_prompt", numImagesPerPrompt);
  }

  /** Where the noise of the whole batch comes from; {@code null} for random noise. */
  public final A generator(@Nullable Generator generator) {
    return with("generator", generator);
  }

  /** One for each picture. */
  public final A generator(List<Generator> generators) {
    return with("generator", generators);
  }

  /**
   * Noise to start from: packed, shape (B, S, 64); not packed, shape (B, 16, H / 8, W / 8), where a
   * mask is given, except with FluxFillPipeline and FlexPipeline.
   */
  public final A latents(@Nullable Tensor latents) {
    return with("latents", latents);
  }

  /**
   * Encoded prompts instead of texts, shape (B, T, width of T5); then {@link #pooledPromptEmbeds}
   * must be there too.
   */
  public final A promptEmbeds(@Nullable Tensor promptEmbeds) {
    return with("prompt_embeds", promptEmbeds);
  }

  /** What CLIP says of the prompts, shape (B, width of CLIP). */
  public final A pooledPromptEmbeds(@Nullable Tensor pooledPromptEmbeds) {
    return with("pooled_prompt_embeds", pooledPromptEmbeds);
  }

  /**
   * {@code pil} (the default), {@code np}, {@code pt} or {@code latent}: see {@link
   * FluxPipelineOutput}.
   */
  public final A outputType(String outputType) {
    return with("output_type", outputType);
  }

  /** Python's choice between a tuple and an object; in Java the object comes either way. */
  public final A returnDict(boolean returnDict) {
    return with("return_dict", returnDict);
  }

  /** Arguments for attention processors; {@code scale} multiplies the LoRA weights. */
  public final A jointAttentionKwargs(@Nullable Map<String, ?> jointAttentionKwargs) {
    return with("joint_attention_kwargs", jointAttentionKwargs);
  }

  /** Called after each step. */
  public final A callbackOnStepEnd(@Nullable StepCallback callbackOnStepEnd) {
    return with("callback_on_step_end", callbackOnStepEnd);
  }

  /** Names of the tensors that the callback gets. */
  public final A callbackOnStepEndTensorInputs(List<String> callbackOnStepEndTensorInputs) {
    return with("callback_on_step_end_tensor_inputs", callbackOnStepEndTensorInputs);
  }

  /** Text tokens that T5 reads, at most 512. */
  public final A maxSequenceLength(int maxSequenceLength) {
    return with("max_sequence_length", maxSequenceLength);
  }

  /**
   * Whose call this is: a tenant, a user, a job. Calls of one key stay together on one road where
   * the flag splits them. Unset, the key that is bound to the thread counts. As a keyword {@code
   * routing_key}; the old calls knew no such thing.
   */
  public final A routingKey(@Nullable String routingKey) {
    return with(ROUTING_KEY, routingKey);
  }

  /**
   * The routing key, if one is given.
   *
   * @throws IllegalArgumentException if it is no text, or blank
   */
  final @Nullable String routingKey() {
    Object key = values.get(ROUTING_KEY);
    if (key == null) {
      return null;
    }
    if (!(key instanceof String text) || text.isBlank()) {
      throw new IllegalArgumentException(
          "`routing_key` must be a text that is not blank, or left out");
    }
    return text;
  }

  /** An argument by its old name; what the old call took and forgot is none. */
  final @Nullable Object get(String name) {
    return signature.has(name) ? values.get(name) : null;
  }

  final Signature signature() {
    return signature;
  }

  /** Keywords that the old call took and forgot. */
  final Set<String> swallowed() {
    return values.keySet().stream()
        .filter(name -> !signature.has(name) && !name.equals(ROUTING_KEY))
        .collect(Collectors.toCollection(java.util.TreeSet::new));
  }

  /** Tells no values: prompts stay out of logs. */
  @Override
  public final String toString() {
    return getClass().getSimpleName() + values.keySet();
  }
}
