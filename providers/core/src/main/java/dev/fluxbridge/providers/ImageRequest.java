package dev.fluxbridge.providers;

import java.util.List;
import java.util.Optional;

/**
 * One call, checked and complete: what an old caller asked for, with the old defaults already
 * filled in.
 *
 * <p>Immutable. It says nothing of where it will be drawn. Made by {@link #builder}.
 *
 * @param pipeline the old pipeline that the call came through
 * @param weights what is to draw, in the caller's names
 * @param prompts the batch, one prompt for each item, never empty unless {@code embeddings} is
 *     there
 * @param embeddings encoded prompts instead of texts
 * @param edit the picture and mask to start from; {@link Edit#NONE} for none
 * @param controls what the drawing follows; empty for none
 * @param width width of the picture in pixels, a multiple of 16 unless the pipeline chooses the
 *     size itself
 * @param height height of the picture in pixels, likewise
 * @param steps denoising steps, at least 1
 * @param sigmas the noise schedule in place of the even one, descending; empty for the even one
 * @param guidanceScale the guidance that FLUX takes as an input; for {@link Pipeline#DE_DISTILLED}
 *     the weight of the negative prompt
 * @param trueCfgScale weight of the negative prompt; above 1 only if there is one, 1 is off
 * @param imagesPerPrompt pictures for each prompt, at least 1
 * @param seeds none: random noise; one: the whole batch is drawn from it; several: one for each
 *     picture
 * @param latents noise to start from instead: packed, shape (B, S, 64), but not packed, shape (B,
 *     16, H / 8, W / 8), where a mask is given and the pipeline is not {@link Pipeline#FILL} or
 *     {@link Pipeline#FLEX}
 * @param maxSequenceLength text tokens that T5 reads, 1 to 512
 * @param output what the caller wants back
 * @param memory how the local road is to save memory
 */
public record ImageRequest(
    Pipeline pipeline,
    Weights weights,
    List<Prompt> prompts,
    Optional<Embeddings> embeddings,
    Edit edit,
    List<Control> controls,
    int width,
    int height,
    int steps,
    List<Double> sigmas,
    double guidanceScale,
    double trueCfgScale,
    int imagesPerPrompt,
    List<Seed> seeds,
    Optional<Tensor> latents,
    int maxSequenceLength,
    Output output,
    MemorySaving memory) {

  /** Far above any real call: a slip of the keyboard is not to be drawn, let alone paid for. */
  private static final int MOST_IMAGES = 10_000;

  public ImageRequest {
    prompts = List.copyOf(prompts);
    controls = List.copyOf(controls);
    sigmas = List.copyOf(sigmas);
    seeds = List.copyOf(seeds);
    require(!prompts.isEmpty() || embeddings.isPresent(), "a prompt or embeddings must be given");
    requireSide("width", width, pipeline);
    requireSide("height", height, pipeline);
    require(steps >= 1, "`num_inference_steps` must be at least 1 but is " + steps);
    require(
        imagesPerPrompt >= 1,
        "`num_images_per_prompt` must be at least 1 but is " + imagesPerPrompt);
    require(
        maxSequenceLength >= 1 && maxSequenceLength <= 512,
        "`max_sequence_length` must be from 1 to 512 but is " + maxSequenceLength);
    require(
        Double.isFinite(guidanceScale),
        "`guidance_scale` must be a number but is " + guidanceScale);
    long batch = embeddings.map(e -> e.prompt().side(0)).orElse(prompts.size());
    long images = batch * imagesPerPrompt;
    require(images <= MOST_IMAGES, images + " pictures are more than one call may ask for");
    require(
        seeds.size() <= 1 || seeds.size() == images,
        "there are %d seeds for %d pictures".formatted(seeds.size(), images));
  }

  /** A request with the old defaults of text to image: 1024x1024, 28 steps, guidance 3.5. */
  public static ImageRequestBuilder builder(Pipeline pipeline, Weights weights) {
    return new ImageRequestBuilder(pipeline, weights);
  }

  private static void requireSide(String name, int side, Pipeline pipeline) {
    require(
        side > 0 && (side % 16 == 0 || pipeline.choosesSize()),
        "`%s` must be a positive multiple of 16 pixels but is %d".formatted(name, side));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** What a caller wants back: pixels, or the latents before the autoencoder draws them. */
  public enum Output {
    PIXELS,
    LATENTS
  }

  /**
   * Prompts that the caller encoded already.
   *
   * @param prompt what T5 says, shape (B, T, width of T5)
   * @param pooled what CLIP says, shape (B, width of CLIP)
   * @param negative the same for the negative prompt
   * @param negativePooled the same for the negative prompt
   */
  public record Embeddings(
      Tensor prompt, Tensor pooled, Optional<Tensor> negative, Optional<Tensor> negativePooled) {}

  /** What the call is about, by what it brings along. */
  public Task task() {
    if (edit.masked()) {
      return Task.INPAINT;
    }
    if (!controls.isEmpty()) {
      return Task.CONTROL;
    }
    return edit.image().isPresent() ? Task.IMAGE_TO_IMAGE : Task.TEXT_TO_IMAGE;
  }

  /** The model as the caller named it: an old model id or a checkpoint folder. */
  public String model() {
    return weights.model();
  }

  /** Items in the batch, before {@link #imagesPerPrompt()}. */
  public int batch() {
    return embeddings.map(e -> e.prompt().side(0)).orElse(prompts.size());
  }

  /** Pictures that come back. */
  public int imageCount() {
    return batch() * imagesPerPrompt;
  }

  /** Tells what the call is about and how large it is, and no word of the prompts. */
  @Override
  public String toString() {
    return "%s of %d pictures, %dx%d, %d steps, model %s"
        .formatted(task().label(), imageCount(), width, height, steps, model());
  }
}
