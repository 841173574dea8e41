package dev.fluxbridge.providers;

import java.util.List;
import java.util.Optional;

/**
 * Puts an {@link ImageRequest} together, from the old defaults of text to image. Each setter is
 * described at the component of that name. For one thread.
 */
public final class ImageRequestBuilder {
  private final Pipeline pipeline;
  private final Weights weights;
  private List<Prompt> prompts = List.of();
  private Optional<ImageRequest.Embeddings> embeddings = Optional.empty();
  private Edit edit = Edit.NONE;
  private List<Control> controls = List.of();
  private int width = 1024;
  private int height = 1024;
  private int steps = 28;
  private List<Double> sigmas = List.of();
  private double guidanceScale = 3.5;
  private double trueCfgScale = 1;
  private int imagesPerPrompt = 1;
  private List<Seed> seeds = List.of();
  private Optional<Tensor> latents = Optional.empty();
  private int maxSequenceLength = 512;
  private ImageRequest.Output output = ImageRequest.Output.PIXELS;
  private MemorySaving memory = MemorySaving.NONE;

  ImageRequestBuilder(Pipeline pipeline, Weights weights) {
    this.pipeline = pipeline;
    this.weights = weights;
  }

  /** One prompt for each item of the batch. */
  public ImageRequestBuilder prompts(Prompt... prompts) {
    return prompts(List.of(prompts));
  }

  /** Pixels. */
  public ImageRequestBuilder size(int width, int height) {
    this.width = width;
    this.height = height;
    return this;
  }

  /** See {@link ImageRequest#prompts()}. */
  public ImageRequestBuilder prompts(List<Prompt> prompts) {
    this.prompts = prompts;
    return this;
  }

  /** See {@link ImageRequest#embeddings()}. */
  public ImageRequestBuilder embeddings(Optional<ImageRequest.Embeddings> embeddings) {
    this.embeddings = embeddings;
    return this;
  }

  /** See {@link ImageRequest#edit()}. */
  public ImageRequestBuilder edit(Edit edit) {
    this.edit = edit;
    return this;
  }

  /** See {@link ImageRequest#controls()}. */
  public ImageRequestBuilder controls(List<Control> controls) {
    this.controls = controls;
    return this;
  }

  /** See {@link ImageRequest#steps()}. */
  public ImageRequestBuilder steps(int steps) {
    this.steps = steps;
    return this;
  }

  /** See {@link ImageRequest#sigmas()}. */
  public ImageRequestBuilder sigmas(List<Double> sigmas) {
    this.sigmas = sigmas;
    return this;
  }

  /** See {@link ImageRequest#guidanceScale()}. */
  public ImageRequestBuilder guidanceScale(double guidanceScale) {
    this.guidanceScale = guidanceScale;
    return this;
  }

  /** See {@link ImageRequest#trueCfgScale()}. */
  public ImageRequestBuilder trueCfgScale(double trueCfgScale) {
    this.trueCfgScale = trueCfgScale;
    return this;
  }

  /** See {@link ImageRequest#imagesPerPrompt()}. */
  public ImageRequestBuilder imagesPerPrompt(int imagesPerPrompt) {
    this.imagesPerPrompt = imagesPerPrompt;
    return this;
  }

  /** See {@link ImageRequest#seeds()}. */
  public ImageRequestBuilder seeds(List<Seed> seeds) {
    this.seeds = seeds;
    return this;
  }

  /** See {@link ImageRequest#latents()}. */
  public ImageRequestBuilder latents(Optional<Tensor> latents) {
    this.latents = latents;
    return this;
  }

  /** See {@link ImageRequest#maxSequenceLength()}. */
  public ImageRequestBuilder maxSequenceLength(int maxSequenceLength) {
    this.maxSequenceLength = maxSequenceLength;
    return this;
  }

  /** See {@link ImageRequest#output()}. */
  public ImageRequestBuilder output(ImageRequest.Output output) {
    this.output = output;
    return this;
  }

  /** See {@link ImageRequest#memory()}. */
  public ImageRequestBuilder memory(MemorySaving memory) {
    this.memory = memory;
    return this;
  }

  /**
   * The request.
   *
   * @throws IllegalArgumentException for a value out of its range, naming the old argument
   */
  public ImageRequest build() {
    return new ImageRequest(
        pipeline,
        weights,
        prompts,
        embeddings,
        edit,
        controls,
        width,
        height,
        steps,
        sigmas,
        guidanceScale,
        trueCfgScale,
        imagesPerPrompt,
        seeds,
        latents,
        maxSequenceLength,
        output,
        memory);
  }
}
