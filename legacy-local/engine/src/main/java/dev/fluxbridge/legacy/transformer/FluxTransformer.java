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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * FluxTransformer2DModel: predicts the velocity from noise to picture.
 *
 * <p>It knows nothing of IP adapters, and of ControlNets only what they add. Calls are safe from
 * several threads; {@link #adapt} and {@link #close()} must not run beside one.
 *
 * <p>Source: diffusers 0.35, models/transformers/transformer_flux.py.
 */
public final class FluxTransformer implements AutoCloseable {
  private final Weights weights;
  private final TorchScript script;
  private volatile FluxTransformerConfig config;
  private Tables tables;

  private FluxTransformer(FluxTransformerConfig config, Weights weights, NDManager manager) {
    this.config = config;
    this.weights = weights;
    script = TorchScript.compile(manager, FluxBlocks.FUNCTIONS);
    tables = Tables.of(config, weights);
  }

  /** The weights as TorchScript takes them. */
  private record Tables(
      TorchScript.Table embedders,
      List<TorchScript.Table> doubleBlocks,
      List<TorchScript.Table> singleBlocks) {

    static Tables of(FluxTransformerConfig config, Weights weights) {
      Tables tables =
          new Tables(new TorchScript.Table(weights.all()), new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < config.numLayers(); i++) {
        Weights block = weights.of("transformer_blocks." + i);
        tables.doubleBlocks.add(new TorchScript.Table(block.all()));
      }
      for (int i = 0; i < config.numSingleLayers(); i++) {
        Weights block = weights.of("single_transformer_blocks." + i);
        tables.singleBlocks.add(new TorchScript.Table(block.all()));
      }
      return tables;
    }

    void close() {
      embedders.close();
      doubleBlocks.forEach(TorchScript.Table::close);
      singleBlocks.forEach(TorchScript.Table::close);
    }
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
      return new FluxTransformer(
          config, file.weights(config.tensors(), placement), placement.manager());
    }
    FluxTransformerConfig config =
        FluxTransformerConfig.of(Config.read(part.resolve("config.json")));
    return new FluxTransformer(
        config,
        Checkpoint.weights(part, config.tensors(), Map.of(), placement),
        placement.manager());
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
    Tables next = Tables.of(config, changed);
    tables.close();
    tables = next;
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
        tables.embedders,
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
    NDManager owner = hiddenStates.getManager();
    try (NDManager step = owner.newSubManager()) {
      NDArray temb =
          script.call(
              step,
              "time_text_embed",
              tables.embedders,
              (double) (timestep * 1000),
              (double) (guidance * 1000),
              config.guidanceEmbeds(),
              pooledProjections);
      NDArray x = script.call(step, "linear", tables.embedders, "x_embedder", hiddenStates);
      NDArray c = context;
      List<TorchScript.Table> doubleBlocks = tables.doubleBlocks;
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
      List<TorchScript.Table> singleBlocks = tables.singleBlocks;
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
      NDArray velocity = script.call(step, "output", tables.embedders, x, temb);
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
