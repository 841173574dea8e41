package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.autoencoder.MemorySaving;
import dev.fluxbridge.legacy.autoencoder.Posterior;
import dev.fluxbridge.legacy.picture.ImageProcessor;
import dev.fluxbridge.legacy.picture.Images;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler.Schedule;
import dev.fluxbridge.legacy.transformer.RotaryEmbedding;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the pipelines share while they make one call ready: the parts, the dice, and the old code's
 * ways of getting pictures into latents.
 */
final class Session {
  private final Parts parts;
  private final NDManager own;
  private final Sampling sampling;
  private final LatentGrid grid;
  private final int batch;
  private final Dice dice;
  private final MemorySaving saving;

  Session(
      Parts parts,
      NDManager own,
      Sampling sampling,
      LatentGrid grid,
      int batch,
      MemorySaving saving) {
    this.parts = parts;
    this.own = own;
    this.sampling = sampling;
    this.grid = grid;
    this.batch = batch;
    dice = new Dice(sampling.noise(), parts.placement().precision());
    this.saving = saving;
  }

  NDManager own() {
    return own;
  }

  Parts parts() {
    return parts;
  }

  Dice dice() {
    return dice;
  }

  Sampling sampling() {
    return sampling;
  }

  NDArray decode(NDArray latents) {
    return parts.autoencoder().decode(latents, saving);
  }

  LatentGrid grid() {
    return grid;
  }

  /** B, the pictures that come out. */
  int batch() {
    return batch;
  }

  int height() {
    return grid.height() * parts.autoencoder().scale();
  }

  int width() {
    return grid.width() * parts.autoencoder().scale();
  }

  /** Reads pictures, masks and drawings as diffusers' processors do. */
  ImageProcessor images() {
    return ImageProcessor.forImages(2 * parts.autoencoder().scale(), grid.channels());
  }

  ImageProcessor masks() {
    return ImageProcessor.forMasks(2 * parts.autoencoder().scale(), grid.channels());
  }

  /** A picture as the encoder wants it, -1 to 1, or the caller's latents as they are. */
  Floats pixels(Images image) {
    return images().preprocess(image, height(), width());
  }

  NDArray array(Floats floats) {
    return parts.array(own, floats);
  }

  NDArray zeros(Shape shape) {
    return array(new float[Math.toIntExact(shape.size())], shape);
  }

  private NDArray array(float[] values, Shape shape) {
    return parts.placement().array(own, values, shape);
  }

  /** Noise, not packed, shape (B, C, h, w). */
  NDArray noise() {
    return array(
        dice.randn(batch, grid.size()),
        new Shape(batch, grid.channels(), grid.height(), grid.width()));
  }

  /** The call's own latents, which are packed already, or packed noise. */
  NDArray packedNoise() {
    return sampling.latents().map(this::array).orElseGet(() -> LatentGrid.pack(noise()));
  }

  /** Latents of pixels, drawn from what the encoder is sure of, shape (B, C, h, w). */
  NDArray sampled(Floats pixels) {
    return isLatents(pixels) ? array(pixels) : sampledPixels(pixels);
  }

  /** The same of pixels that are never latents, whatever their channels. */
  NDArray sampledPixels(Floats pixels) {
    Posterior posterior = parts.autoencoder().encode(array(pixels), saving);
    Shape shape = posterior.mean().getShape();
    int each = (int) (shape.size() / shape.get(0));
    NDArray noise = array(dice.randn((int) shape.get(0), each), shape);
    return parts.autoencoder().scaled(posterior.sample(noise));
  }

  /** Latents of pixels, the likeliest ones: nothing is drawn. */
  NDArray likeliest(Floats pixels) {
    return isLatents(pixels)
        ? array(pixels)
        : parts.autoencoder().scaled(parts.autoencoder().encode(array(pixels), saving).mean());
  }

  /** Pictures with as many channels as latents have are latents. */
  boolean isLatents(Floats pixels) {
    return pixels.shape().get(1) == grid.channels();
  }

  /** Repeats a batch of pictures as a whole until there is one for each that is drawn. */
  NDArray tiled(NDArray latents, String argument) {
    long found = latents.getShape().get(0);
    if (found > batch || batch % found != 0) {
      throw new IllegalArgumentException(
          "Cannot duplicate `%s` of batch size %d to %d text prompts."
              .formatted(argument, found, batch));
    }
    long[] times = new long[latents.getShape().dimension()];
    Arrays.fill(times, 1);
    times[0] = batch / found;
    return found == batch ? latents : latents.tile(times);
  }

  /**
   * A control image as pixels: pictures are processed, numbers are taken as they are; one serves
   * all, else there is one for each prompt.
   */
  Floats control(Images image) {
    Floats pixels =
        image instanceof Images.Values values
            ? values.tensor()
            : images().preprocess(image, height(), width());
    int found = pixels.shape().get(0);
    return repeatedEach(pixels, found == 1 ? batch : sampling.imagesPerPrompt());
  }

  /** Each picture that many times, one after the other. */
  static Floats repeatedEach(Floats pictures, int times) {
    if (times == 1) {
      return pictures;
    }
    int count = pictures.shape().get(0);
    int each = pictures.values().length / count;
    float[] all = new float[Math.multiplyExact(pictures.values().length, times)];
    for (int i = 0; i < count * times; i++) {
      System.arraycopy(pictures.values(), i / times * each, all, i * each, each);
    }
    int[] sides = pictures.shape().stream().mapToInt(Integer::intValue).toArray();
    sides[0] = count * times;
    return Floats.of(all, sides);
  }

  Schedule schedule() {
    return parts
        .scheduler()
        .schedule(
            sampling.sigmas().isEmpty()
                ? FlowMatchEulerScheduler.evenSigmas(sampling.steps())
                : sampling.sigmas(),
            grid.tokens());
  }

  /** The steps that a strength leaves. */
  Schedule schedule(double strength) {
    Schedule left = schedule().from(strength);
    if (left.steps() < 1) {
      throw new IllegalArgumentException(
          ("After adjusting the num_inference_steps by strength parameter: %s, the number of"
                  + " pipelinesteps is %d which is < 1 and not appropriate for this pipeline.")
              .formatted(strength, left.steps()));
    }
    return left;
  }

  NDArray rotary() {
    return rotary(grid);
  }

  /** The places of the drawn picture's tokens, and then of a reference's. */
  NDArray rotary(LatentGrid drawn, LatentGrid... references) {
    RotaryEmbedding.Grid[] grids = new RotaryEmbedding.Grid[1 + references.length];
    grids[0] = new RotaryEmbedding.Grid(0, drawn.rows(), drawn.columns());
    for (int i = 0; i < references.length; i++) {
      grids[i + 1] = new RotaryEmbedding.Grid(1, references[i].rows(), references[i].columns());
    }
    return RotaryEmbedding.of(own, parts.transformer().config().axesDimsRope(), grids);
  }

  Conditioning positive() {
    return Conditioning.positive(parts, own, sampling);
  }

  /** Two forwards a step, if the call weighs its negative prompt. */
  Optional<Guidance> trueCfg() {
    return sampling.trueCfgScale() > 1
        ? Conditioning.negative(parts, own, sampling)
            .map(negative -> new Guidance(negative, sampling.trueCfgScale(), false))
        : Optional.empty();
  }

  /** The same where the old code looked at negative texts only, and not at their embeddings. */
  Optional<Guidance> trueCfgOfTexts() {
    return sampling.negativePrompts().isEmpty() ? Optional.empty() : trueCfg();
  }
}
