package dev.fluxbridge.legacy.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.checkpoint.Checkpoint;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.checkpoint.SingleFile;
import dev.fluxbridge.legacy.checkpoint.Weights;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.TorchScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * FluxTransformer2DModel: predicts the velocity from noise to picture.
 *
 * <p>It knows nothing of IP adapters, and of ControlNets only what they add. Not safe for use by
 * several threads at once.
 *
 * <p>Source: diffusers 0.35, models/transformers/transformer_flux.py.
 */
public final class FluxTransformer implements AutoCloseable {
  private final Weights weights;
  private final TorchScript script;
  private final FluxTables tables;
  private volatile FluxTransformerConfig config;

  private FluxTransformer(FluxTransformerConfig config, Weights weights, Placement placement) {
    this.config = config;
    this.weights = weights;
    script = TorchScript.compile(placement.manager(), FluxBlocks.FUNCTIONS);
    tables = new FluxTables(config, weights, placement, true);
  }

  /**
   * Loads the part.
   *
   * @param part its folder, or a single file with diffusers' names or those of Black Forest Labs
   * @param placement where the weights go
   * @throws CheckpointException if configuration or weights are not those of a FLUX transformer
   */
  public static FluxTransformer load(Path part, Placement placement) {
    if (Files.isRegularFile(part)) {
      SingleFile file = SingleFile.open(part);
      FluxTransformerConfig config = FluxTransformerConfig.of(file.config());
      return new FluxTransformer(config, file.weights(config.tensors(), placement), placement);
    }
    FluxTransformerConfig config =
        FluxTransformerConfig.of(Config.read(part.resolve("config.json")));
    return new FluxTransformer(
        config, Checkpoint.weights(part, config.tensors(), Map.of(), placement), placement);
  }

  /** The sizes, as they are with what {@link #adapt} was given. */
  public FluxTransformerConfig config() {
    return config;
  }

  /** The checkpoint's own weights, by diffusers' names. */
  public Weights weights() {
    return weights;
  }

  /**
   * Computes with changed weights from the next call on. What an earlier call of this method was
   * given is forgotten.
   *
   * @param changes what stands instead of the checkpoint's own tensors, by their names, and for
   *     LoRA beside them {@code <layer>.lora_A} of shape (rank, in), {@code <layer>.lora_B} (out,
   *     rank) and {@code <layer>.lora_bias} (out); they must live until the next call
   */
  public void adapt(Map<String, NDArray> changes) {
    Weights changed = weights.with(changes);
    int width = (int) changed.get("x_embedder.weight").getShape().get(1);
    tables.change(changed);
    config = config.withInChannels(width);
  }

  /**
   * The text as the blocks want it. It is the same at every step, so a call computes it once.
   *
   * @param encoderHiddenStates T5's output, shape (B, T, width of T5)
   * @return shape (B, T, D)
   */
  public NDArray contextEmbedder(NDArray encoderHiddenStates) {
    return script.call(
        encoderHiddenStates.getManager(),
        "linear",
        tables.here().all(),
        "context_embedder",
        encoderHiddenStates);
  }

  /**
   * Predicts the velocity.
   *
   * @param hiddenStates packed latents, shape (B, S, in_channels)
   * @param context what {@link #contextEmbedder} made of the text, shape (B, T, D)
   * @param pooledProjections CLIP's output, shape (B, width of CLIP)
   * @param timestep noise level, 0 to 1
   * @param guidance strength of the distilled guidance; no meaning for a model without it
   * @param imageRotaryEmb the tokens' places, made by {@link RotaryEmbedding}
   * @return shape (B, S, out_channels), in the manager of {@code hiddenStates}
   */
  public NDArray forward(
      NDArray hiddenStates,
      NDArray context,
      NDArray pooledProjections,
      float timestep,
      float guidance,
      NDArray imageRotaryEmb) {
    return forward(
        hiddenStates,
        context,
        pooledProjections,
        timestep,
        guidance,
        imageRotaryEmb,
        Residuals.NONE);
  }

  /**
   * Predicts the velocity, steered by ControlNets.
   *
   * @param residuals what they add behind the blocks, shape (B, S, D) each
   */
  public NDArray forward(
      NDArray hiddenStates,
      NDArray context,
      NDArray pooledProjections,
      float timestep,
      float guidance,
      NDArray imageRotaryEmb,
      Residuals residuals) {
    long heads = config.numAttentionHeads();
    FluxTables.Tables here = tables.here();
    NDManager owner = hiddenStates.getManager();
    try (NDManager step = owner.newSubManager()) {
      NDArray temb =
          script.call(
              step,
              "time_text_embed",
              here.all(),
              (double) timestep,
              (double) guidance,
              config.guidanceEmbeds(),
              pooledProjections);
      NDArray x = script.call(step, "linear", here.all(), "x_embedder", hiddenStates);
      NDArray c = context;
      List<TorchScript.Table> doubleBlocks = here.doubleBlocks();
      for (int i = 0; i < doubleBlocks.size(); i++) {
        NDList xc =
            script.callForList(
                step, "double_block", doubleBlocks.get(i), x, c, temb, imageRotaryEmb, heads);
        x.close();
        if (c != context) {
          c.close();
        }
        x = steered(xc.get(0), residuals.behindDouble(i, doubleBlocks.size()), 0);
        c = xc.get(1);
      }
      List<TorchScript.Table> singleBlocks = here.singleBlocks();
      if (!singleBlocks.isEmpty()) {
        long text = c.getShape().get(1);
        NDArray z = script.call(step, "joined", c, x);
        for (int i = 0; i < singleBlocks.size(); i++) {
          long first = i == singleBlocks.size() - 1 ? text : 0;
          x =
              script.call(
                  step,
                  "single_block",
                  singleBlocks.get(i),
                  z,
                  temb,
                  imageRotaryEmb,
                  heads,
                  text,
                  first);
          z.close();
          x = steered(x, residuals.behindSingle(i, singleBlocks.size()), text - first);
          z = x;
        }
      }
      NDArray velocity = script.call(step, "output", here.all(), x, temb);
      velocity.attach(owner);
      return velocity;
    }
  }

  /**
   * Adds to the tokens from the first image token on, in place; the array that goes in is freed.
   */
  private NDArray steered(NDArray x, Optional<NDArray> residual, long first) {
    if (residual.isEmpty()) {
      return x;
    }
    try (x) {
      return script.call(x.getManager(), "steered", x, residual.get(), first);
    }
  }

  @Override
  public void close() {
    tables.close();
    script.close();
  }
}
