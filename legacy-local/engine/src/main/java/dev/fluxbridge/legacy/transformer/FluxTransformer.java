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
 * <p>It knows nothing of IP adapters and LoRA, and of ControlNets only what they add. Calls are
 * safe from several threads; {@link #close()} must come after the last one.
 *
 * <p>Source: diffusers 0.35, models/transformers/transformer_flux.py.
 */
public final class FluxTransformer implements AutoCloseable {
  private final FluxTransformerConfig config;
  private final TorchScript script;
  private final TorchScript.Table embedders;
  private final List<TorchScript.Table> doubleBlocks = new ArrayList<>();
  private final List<TorchScript.Table> singleBlocks = new ArrayList<>();

  private FluxTransformer(FluxTransformerConfig config, Weights weights, NDManager manager) {
    this.config = config;
    script = TorchScript.compile(manager, FluxBlocks.FUNCTIONS);
    embedders = new TorchScript.Table(weights.all());
    for (int i = 0; i < config.numLayers(); i++) {
      doubleBlocks.add(new TorchScript.Table(weights.of("transformer_blocks." + i).all()));
    }
    for (int i = 0; i < config.numSingleLayers(); i++) {
      singleBlocks.add(new TorchScript.Table(weights.of("single_transformer_blocks." + i).all()));
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

  /** The sizes. */
  public FluxTransformerConfig config() {
    return config;
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
        embedders,
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
              embedders,
              (double) (timestep * 1000),
              (double) (guidance * 1000),
              config.guidanceEmbeds(),
              pooledProjections);
      NDArray x = script.call(step, "linear", embedders, "x_embedder", hiddenStates);
      NDArray c = context;
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
      NDArray velocity = script.call(step, "output", embedders, x, temb);
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
    embedders.close();
    doubleBlocks.forEach(TorchScript.Table::close);
    singleBlocks.forEach(TorchScript.Table::close);
    script.close();
  }
}
