package dev.fluxbridge.legacy.autoencoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.checkpoint.Checkpoint;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.checkpoint.Weights;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Residency;
import dev.fluxbridge.legacy.kernels.TorchScript;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * AutoencoderKL: pixels to latents and latents to pixels, eight pixels a latent with the four
 * blocks of FLUX.
 *
 * <p>It draws no noise and knows no picture formats. Not safe for use by several threads at once;
 * all that is native here is freed with the manager that it was loaded with.
 *
 * <p>Source: diffusers 0.35, models/autoencoders/autoencoder_kl.py.
 */
public final class Autoencoder {
  /** Tiles share a quarter of their side with the next. */
  private static final double OVERLAP = 0.25;

  private final AutoencoderConfig config;
  private final Path part;
  private final boolean encodes;
  private final TorchScript script;
  private final Weights weights;
  private final Residency.Guest place;
  private TorchScript.@Nullable Table table;

  private Autoencoder(AutoencoderConfig config, Path part, Placement placement) {
    this.config = config;
    this.part = part;
    encodes = Checkpoint.has(part, "encoder.conv_in.weight");
    weights =
        Checkpoint.weights(
            part, AutoencoderTensors.of(config, encodes), AutoencoderTensors.aliases(), placement);
    place = placement.residency().guest(true, this::drop);
    NDManager manager = placement.manager();
    manager.attachInternal(UUID.randomUUID().toString(), this::drop);
    script = TorchScript.compile(manager, AutoencoderBlocks.functions(config));
  }

  private TorchScript.Table here() {
    place.arrive();
    TorchScript.Table now = table == null ? new TorchScript.Table(weights.at(place).all()) : table;
    table = now;
    return now;
  }

  private void drop() {
    if (table != null) {
      table.close();
      table = null;
    }
  }

  /**
   * Loads the part. A checkpoint without an encoder is fine for decoding.
   *
   * @param placement where the weights go
   * @throws CheckpointException if configuration or weights are not those of an AutoencoderKL
   */
  public static Autoencoder load(Path part, Placement placement) {
    AutoencoderConfig config = AutoencoderConfig.of(Config.read(part.resolve("config.json")));
    return new Autoencoder(config, part, placement);
  }

  /** C, channels of the latents. */
  public int latentChannels() {
    return config.latentChannels();
  }

  /** Pixels along one side of a latent. */
  public int scale() {
    return config.scale();
  }

  /**
   * Bytes that one picture's largest layer takes at the least, its input and its output.
   *
   * @param pixels width times height
   */
  public long leastBytes(long pixels, MemorySaving saving) {
    long tile = (long) config.sampleSize() * config.sampleSize();
    long atOnce = saving.tiling() ? Math.min(pixels, tile) : pixels;
    // The widest layer at full size is the last upsampling: it still has the channels of the
    // resolution below.
    int width = config.blockOutChannels().get(Math.min(1, config.blocks() - 1));
    return 2L * Float.BYTES * width * atOnce;
  }

  /**
   * Draws pictures from a transformer's latents.
   *
   * @param latents scaled, shape (B, C, h, w); consumed
   * @return shape (B, 3, scale · h, scale · w), about -1 to 1, in the manager of {@code latents}
   * @throws IllegalArgumentException if the latents have another shape
   */
  public NDArray decode(NDArray latents, MemorySaving saving) {
    try (latents) {
      refuseOtherShape("latents", latents.getShape(), config.latentChannels(), 1);
      int tile = config.sampleSize() / config.scale();
      refuseSmallTile(tile, saving);
      return script.call(
          latents.getManager(),
          "decode",
          here(),
          latents,
          config.scalingFactor(),
          config.shiftFactor(),
          saving.slicing(),
          saving.tiling(),
          (long) tile,
          stride(tile),
          overlap(config.sampleSize()),
          config.sampleSize() - overlap(config.sampleSize()));
    }
  }

  /**
   * Finds the latents of pictures.
   *
   * @param pixels shape (B, 3, H, W), -1 to 1; consumed
   * @return the distribution, not scaled, in the manager of {@code pixels}
   * @throws IllegalArgumentException if the pixels have another shape, or H or W is no multiple of
   *     {@link #scale()}
   * @throws CheckpointException if the checkpoint has no encoder
   */
  public Posterior encode(NDArray pixels, MemorySaving saving) {
    try (pixels) {
      if (!encodes) {
        throw new CheckpointException(
            "the autoencoder has no encoder, so it cannot read pictures",
            part,
            "Copy the whole part as diffusers saved it.");
      }
      refuseOtherShape("pixels", pixels.getShape(), 3, config.scale());
      int latents = config.sampleSize() / config.scale();
      refuseSmallTile(latents, saving);
      NDList moments =
          script.callForList(
              pixels.getManager(),
              "encode",
              here(),
              pixels,
              saving.slicing(),
              saving.tiling(),
              (long) config.sampleSize(),
              stride(config.sampleSize()),
              overlap(latents),
              latents - overlap(latents));
      return new Posterior(moments.get(0), moments.get(1));
    }
  }

  /**
   * Latents as a transformer wants them: (z - shift_factor) · scaling_factor.
   *
   * @param z what a {@link Posterior} gave; not consumed
   */
  public NDArray scaled(NDArray z) {
    return script.call(z.getManager(), "scaled", z, config.scalingFactor(), config.shiftFactor());
  }

  private static long stride(int tile) {
    return (long) (tile * (1 - OVERLAP));
  }

  private static long overlap(int tile) {
    return (long) (tile * OVERLAP);
  }

  private void refuseSmallTile(int latents, MemorySaving saving) {
    if (saving.tiling() && stride(latents) == 0) {
      throw new CheckpointException(
          "\"sample_size\" is "
              + config.sampleSize()
              + ", which is too small for tiles of two latents",
          part.resolve("config.json"),
          "Do without tiling.");
    }
  }

  private static void refuseOtherShape(String name, Shape shape, int channels, int multiple) {
    if (shape.dimension() != 4 || shape.get(0) < 1 || shape.get(1) != channels) {
      throw new IllegalArgumentException(
          name + " must have the shape (B, " + channels + ", height, width) but have " + shape);
    }
    for (int axis = 2; axis < 4; axis++) {
      if (shape.get(axis) < 1 || shape.get(axis) % multiple != 0) {
        throw new IllegalArgumentException(
            name
                + " must be a multiple of "
                + multiple
                + " high and wide but are "
                + shape.get(2)
                + " high and "
                + shape.get(3)
                + " wide");
      }
    }
  }
}
