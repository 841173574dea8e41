package dev.fluxbridge.legacy.controlnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.checkpoint.Checkpoint;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.checkpoint.Weights;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.TorchScript;
import dev.fluxbridge.legacy.transformer.FluxBlocks;
import dev.fluxbridge.legacy.transformer.FluxTables;
import dev.fluxbridge.legacy.transformer.Residuals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * FluxControlNetModel: looks at noisy latents and a control picture, and says what the transformer
 * shall add behind its blocks.
 *
 * <p>It reads control pictures as latents only, and not as pixels. Not safe for use by several
 * threads at once; {@link #close()} frees all but the weights, which are the placement's.
 *
 * <p>Source: diffusers 0.35, models/controlnets/controlnet_flux.py.
 */
public final class FluxControlNet implements AutoCloseable {
  private static final String FUNCTIONS =
      """

      def embedded(self, w: Dict[str, Tensor], x: Tensor, control: Tensor) -> Tensor:
        return self.linear(w, "x_embedder", x) + self.linear(w, "controlnet_x_embedder", control)

      def with_mode(self, w: Dict[str, Tensor], mode: int, c: Tensor) -> Tensor:
        token = torch.slice(w["controlnet_mode_embedder.weight"], 0, mode, mode + 1)
        batch = [int(c.size(0)), -1, -1]
        return torch.cat([torch.expand(torch.unsqueeze(token, 0), batch), c], 1)

      def sample(
          self, w: Dict[str, Tensor], name: str, x: Tensor, first: int, scale: float) -> Tensor:
        return self.linear(w, name, torch.slice(x, 1, first)) * scale
      """;

  private final FluxControlNetConfig config;
  private final TorchScript script;
  private final FluxTables tables;

  private FluxControlNet(FluxControlNetConfig config, Weights weights, Placement placement) {
    this.config = config;
    script = TorchScript.compile(placement.manager(), FluxBlocks.FUNCTIONS + FUNCTIONS);
    // It computes at every step, in turn with the transformer: neither leaves for the other.
    tables = new FluxTables(config.sizes(), weights, placement, false);
  }

  /**
   * Loads a net.
   *
   * @param folder config.json and the weights, in one file or in shards
   * @param placement where the weights go
   * @throws CheckpointException if configuration or weights are not those of such a net
   */
  public static FluxControlNet load(Path folder, Placement placement) {
    FluxControlNetConfig config =
        FluxControlNetConfig.of(Config.read(folder.resolve("config.json")));
    return new FluxControlNet(
        config, Checkpoint.weights(folder, config.tensors(), Map.of(), placement), placement);
  }

  /** The sizes. */
  public FluxControlNetConfig config() {
    return config;
  }

  /**
   * The text as the net's blocks want it, which is not as the transformer's want it. It is the same
   * at every step.
   *
   * @param encoderHiddenStates T5's output, shape (B, T, width of T5)
   * @param mode the kind of control picture, for a union net and for no other
   * @return shape (B, T, D), or (B, 1 + T, D) with a mode
   * @throws IllegalArgumentException if the mode is missing, unknown or too much
   */
  public NDArray contextEmbedder(NDArray encoderHiddenStates, OptionalInt mode) {
    refuseMode(mode);
    NDManager manager = encoderHiddenStates.getManager();
    TorchScript.Table own = tables.here().all();
    NDArray context = script.call(manager, "linear", own, "context_embedder", encoderHiddenStates);
    if (mode.isEmpty()) {
      return context;
    }
    try (context) {
      return script.call(manager, "with_mode", own, (long) mode.getAsInt(), context);
    }
  }

  /**
   * Checks a mode.
   *
   * @throws IllegalArgumentException if it is missing, unknown or too much
   */
  public void refuseMode(OptionalInt mode) {
    if (config.modes() > 0 && mode.isEmpty()) {
      throw new IllegalArgumentException(
          "`controlnet_mode` cannot be `None` when applying ControlNet-Union");
    }
    if (config.modes() == 0 && mode.isPresent()) {
      throw new IllegalArgumentException(
          "control_mode is " + mode.getAsInt() + ", but this ControlNet is no union: leave it out");
    }
    if (mode.isPresent() && (mode.getAsInt() < 0 || mode.getAsInt() >= config.modes())) {
      throw new IllegalArgumentException(
          "control_mode is "
              + mode.getAsInt()
              + ", but this ControlNet-Union has the modes 0 to "
              + (config.modes() - 1));
    }
  }

  /**
   * What the transformer shall add.
   *
   * @param hiddenStates packed latents, shape (B, S, in_channels)
   * @param control packed latents of the control picture, shape (B, S, in_channels)
   * @param context what {@link #contextEmbedder} made of the text
   * @param pooledProjections CLIP's output, shape (B, width of CLIP)
   * @param timestep noise level, 0 to 1
   * @param guidance strength of the distilled guidance; no meaning for a net without it
   * @param imageRotaryEmb the image tokens' places, for the net's own axes
   * @param scale multiplies all that is added
   * @return in the manager of {@code hiddenStates}
   */
  public Residuals forward(
      NDArray hiddenStates,
      NDArray control,
      NDArray context,
      NDArray pooledProjections,
      float timestep,
      float guidance,
      NDArray imageRotaryEmb,
      double scale) {
    long heads = config.sizes().numAttentionHeads();
    FluxTables.Tables here = tables.here();
    NDManager owner = hiddenStates.getManager();
    List<NDArray> doubles = new ArrayList<>();
    List<NDArray> singles = new ArrayList<>();
    try (NDManager step = owner.newSubManager()) {
      NDArray temb =
          script.call(
              step,
              "time_text_embed",
              here.all(),
              (double) timestep,
              (double) guidance,
              config.sizes().guidanceEmbeds(),
              pooledProjections);
      NDArray x = script.call(step, "embedded", here.all(), hiddenStates, control);
      NDArray c = context;
      for (int i = 0; i < here.doubleBlocks().size(); i++) {
        NDList xc =
            script.callForList(
                step,
                "double_block",
                here.doubleBlocks().get(i),
                x,
                c,
                temb,
                imageRotaryEmb,
                heads);
        x.close();
        if (c != context) {
          c.close();
        }
        x = xc.get(0);
        c = xc.get(1);
        doubles.add(sample(step, here, "controlnet_blocks." + i, x, 0, scale));
      }
      if (!here.singleBlocks().isEmpty()) {
        long text = c.getShape().get(1);
        NDArray z = script.call(step, "joined", c, x);
        for (int i = 0; i < here.singleBlocks().size(); i++) {
          long first = i == here.singleBlocks().size() - 1 ? text : 0;
          TorchScript.Table block = here.singleBlocks().get(i);
          x = script.call(step, "single_block", block, z, temb, imageRotaryEmb, heads, text, first);
          z.close();
          z = x;
          singles.add(sample(step, here, "controlnet_single_blocks." + i, z, text - first, scale));
        }
      }
      doubles.forEach(sample -> sample.attach(owner));
      singles.forEach(sample -> sample.attach(owner));
      return new Residuals(doubles, singles);
    }
  }

  private NDArray sample(
      NDManager step, FluxTables.Tables here, String name, NDArray x, long first, double scale) {
    return script.call(step, "sample", here.all(), name, x, first, scale);
  }

  @Override
  public void close() {
    tables.close();
    script.close();
  }
}
