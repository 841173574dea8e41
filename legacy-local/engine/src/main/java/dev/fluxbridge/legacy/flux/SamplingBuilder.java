package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.flux.Sampling.Embeddings;
import dev.fluxbridge.legacy.flux.Sampling.Prompt;
import java.util.List;
import java.util.Optional;

/** Builds a {@link Sampling}, starting from the old defaults of text to image. For one thread. */
public final class SamplingBuilder {
  private List<Prompt> prompts = List.of();
  private List<Prompt> negativePrompts = List.of();
  private Optional<Embeddings> embeddings = Optional.empty();
  private int width = 1024;
  private int height = 1024;
  private int steps = 28;
  private List<Double> sigmas = List.of();
  private double guidanceScale = 3.5;
  private double trueCfgScale = 1;
  private int imagesPerPrompt = 1;
  private List<Noise> noise = List.of();
  private Optional<Floats> latents = Optional.empty();
  private int maxSequenceLength = 512;
  private double loraScale = 1;
  private boolean decode = true;

  SamplingBuilder() {}

  SamplingBuilder(Sampling from) {
    prompts = from.prompts();
    negativePrompts = from.negativePrompts();
    embeddings = from.embeddings();
    width = from.width();
    height = from.height();
    steps = from.steps();
    sigmas = from.sigmas();
    guidanceScale = from.guidanceScale();
    trueCfgScale = from.trueCfgScale();
    imagesPerPrompt = from.imagesPerPrompt();
    noise = from.noise();
    latents = from.latents();
    maxSequenceLength = from.maxSequenceLength();
    loraScale = from.loraScale();
    decode = from.decode();
  }

  /** What to draw, one for each item of the batch. */
  public SamplingBuilder prompts(Prompt... batch) {
    return prompts(List.of(batch));
  }

  /** What to draw, one for each item of the batch. */
  public SamplingBuilder prompts(List<Prompt> batch) {
    prompts = batch;
    return this;
  }

  /** What not to draw, as many as prompts, or none. */
  public SamplingBuilder negativePrompts(List<Prompt> batch) {
    negativePrompts = batch;
    return this;
  }

  /** Prompts that are encoded already. */
  public SamplingBuilder embeddings(Optional<Embeddings> encoded) {
    embeddings = encoded;
    return this;
  }

  /** Size in pixels. */
  public SamplingBuilder size(int newWidth, int newHeight) {
    width = newWidth;
    height = newHeight;
    return this;
  }

  /** Denoising steps. */
  public SamplingBuilder steps(int count) {
    steps = count;
    return this;
  }

  /** Noise levels before the shift, descending; none for even ones. */
  public SamplingBuilder sigmas(List<Double> levels) {
    sigmas = levels;
    return this;
  }

  /** The guidance that the model takes as an input. */
  public SamplingBuilder guidanceScale(double scale) {
    guidanceScale = scale;
    return this;
  }

  /** Weight of the negative prompt; up to 1 is off. */
  public SamplingBuilder trueCfgScale(double scale) {
    trueCfgScale = scale;
    return this;
  }

  /** Pictures for each prompt. */
  public SamplingBuilder imagesPerPrompt(int count) {
    imagesPerPrompt = count;
    return this;
  }

  /** Fresh generators with these seeds: one for the whole batch, or one for each picture. */
  public SamplingBuilder seeds(long... seeds) {
    return noise(java.util.Arrays.stream(seeds).mapToObj(Noise::of).toList());
  }

  /** Where noise comes from: none is random, one is for the whole batch. */
  public SamplingBuilder noise(List<Noise> generators) {
    noise = generators;
    return this;
  }

  /** Noise to start from instead. */
  public SamplingBuilder latents(Optional<Floats> given) {
    latents = given;
    return this;
  }

  /** Text tokens that T5 reads, 1 to 512. */
  public SamplingBuilder maxSequenceLength(int tokens) {
    maxSequenceLength = tokens;
    return this;
  }

  /** Multiplies what LoRA adapters add in this call. */
  public SamplingBuilder loraScale(double scale) {
    loraScale = scale;
    return this;
  }

  /** Whether to return pixels, and not latents. */
  public SamplingBuilder decode(boolean pixels) {
    decode = pixels;
    return this;
  }

  /** Nothing is checked here: {@link FluxEngine#draw} does, which knows the checkpoint. */
  public Sampling build() {
    return new Sampling(
        prompts,
        negativePrompts,
        embeddings,
        width,
        height,
        steps,
        sigmas,
        guidanceScale,
        trueCfgScale,
        imagesPerPrompt,
        noise,
        latents,
        maxSequenceLength,
        loraScale,
        decode);
  }
}
