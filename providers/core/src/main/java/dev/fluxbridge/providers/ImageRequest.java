package dev.fluxbridge.providers;

import java.util.List;
import java.util.Optional;

/**
 * One call, checked and complete: what an old caller asked for, with the old defaults already
 * filled in.
 *
 * <p>Immutable. It says nothing of where it will be drawn.
 *
 * @param task what the call is about
 * @param model the model as the caller named it: an old model id or a checkpoint folder
 * @param prompts the batch, one prompt for each item, never empty unless {@code embeddings} is
 *     there
 * @param width width of the picture in pixels, a multiple of 16
 * @param height height of the picture in pixels, a multiple of 16
 * @param steps denoising steps, at least 1
 * @param sigmas the noise schedule in place of the even one, descending; empty for the even one
 * @param guidanceScale the guidance that FLUX takes as an input
 * @param trueCfgScale weight of the negative prompt; above 1 only if there is one, 1 is off
 * @param imagesPerPrompt pictures for each prompt, at least 1
 * @param seeds none: random noise; one: the whole batch is drawn from it; several: one for each
 *     picture
 * @param latents noise to start from instead, packed, shape (B, S, 64)
 * @param embeddings encoded prompts instead of texts
 * @param maxSequenceLength text tokens that T5 reads, 1 to 512
 * @param output what the caller wants back
 */
public record ImageRequest(
    Task task,
    String model,
    List<Prompt> prompts,
    int width,
    int height,
    int steps,
    List<Double> sigmas,
    double guidanceScale,
    double trueCfgScale,
    int imagesPerPrompt,
    List<Seed> seeds,
    Optional<Tensor> latents,
    Optional<Embeddings> embeddings,
    int maxSequenceLength,
    Output output) {

  /** Far above any real call: a slip of the keyboard is not to be drawn, let alone paid for. */
  private static final int MOST_IMAGES = 10_000;

  public ImageRequest {
    prompts = List.copyOf(prompts);
    sigmas = List.copyOf(sigmas);
    seeds = List.copyOf(seeds);
    require(!prompts.isEmpty() || embeddings.isPresent(), "a prompt or embeddings must be given");
    requireSide("width", width);
    requireSide("height", height);
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

  private static void requireSide(String name, int side) {
    require(
        side > 0 && side % 16 == 0,
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
        .formatted(task.label(), imageCount(), width, height, steps, model);
  }
}
