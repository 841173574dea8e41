package dev.fluxbridge.legacy.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.checkpoint.Checkpoint;
import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.checkpoint.ExpectedTensors;
import dev.fluxbridge.legacy.checkpoint.Weights;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Residency;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * CLIPTextModel: one vector for a whole text.
 *
 * <p>It returns the pooled output only; FLUX uses nothing else of it. Not safe for use by several
 * threads at once.
 *
 * <p>Source: transformers 4.57, models/clip/modeling_clip.py.
 */
public final class ClipTextEncoder {
  /** The value that old configurations give for the end token, and that no vocabulary has there. */
  private static final int HISTORIC_EOS = 2;

  private final Kernels kernels;
  private final Weights weights;
  private final Residency.Guest place;
  private Weights changed;
  private @Nullable Weights here;
  private final int vocabSize;
  private final int hiddenSize;
  private final int layers;
  private final int heads;
  private final int intermediateSize;
  private final int maxPositions;
  private final int eosTokenId;
  private final double eps;
  private final boolean quickGelu;

  private ClipTextEncoder(Config config, Path part, Placement placement) {
    kernels = placement.kernels();
    vocabSize = config.size("vocab_size", 49408);
    hiddenSize = config.size("hidden_size", 512);
    layers = config.layers("num_hidden_layers");
    heads = config.size("num_attention_heads", 8);
    intermediateSize = config.size("intermediate_size", 2048);
    maxPositions = config.size("max_position_embeddings", 77);
    eosTokenId = config.count("eos_token_id", 49407);
    eps = config.number("layer_norm_eps", 1e-5);
    String activation = config.text("hidden_act", "quick_gelu");
    config.only("hidden_act", activation, "quick_gelu", "gelu");
    config.only("hidden_size % num_attention_heads", hiddenSize % heads, 0);
    quickGelu = activation.equals("quick_gelu");
    weights =
        Checkpoint.weights(
            part,
            tensors(vocabSize, maxPositions, hiddenSize, intermediateSize, layers),
            Map.of(),
            placement);
    changed = weights;
    place = placement.residency().guest(true, () -> here = null);
  }

  private Weights here() {
    place.arrive();
    Weights now = here == null ? changed.at(place) : here;
    here = now;
    return now;
  }

  /**
   * Loads the part.
   *
   * @param placement where the weights go
   * @throws dev.fluxbridge.legacy.checkpoint.CheckpointException if configuration or weights are
   *     not those of a CLIP text encoder
   */
  public static ClipTextEncoder load(Path part, Placement placement) {
    return new ClipTextEncoder(Config.read(part.resolve("config.json")), part, placement);
  }

  /** How many tokens it reads. */
  public int maxPositions() {
    return maxPositions;
  }

  /** How many different tokens it knows. */
  public int vocabSize() {
    return vocabSize;
  }

  /** Width of the vector. */
  public int hiddenSize() {
    return hiddenSize;
  }

  /** The checkpoint's own weights. */
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
    place.leave();
    here = null;
    changed = weights.with(changes);
  }

  /**
   * Encodes texts.
   *
   * @param inputIds token ids of each text, all of the same length
   * @return the pooled output, shape (B, D), owned by {@code manager}
   */
  public NDArray encode(NDManager manager, List<long[]> inputIds) {
    Weights model = here().of("text_model");
    try (NDManager inner = manager.newSubManager()) {
      long[] positions = LongStream.range(0, inputIds.get(0).length).toArray();
      NDArray x =
          kernels
              .embedding(ids(inner, inputIds), model.get("embeddings.token_embedding.weight"))
              .add(
                  kernels.embedding(
                      inner.create(positions), model.get("embeddings.position_embedding.weight")));
      for (int i = 0; i < layers; i++) {
        Weights layer = model.of("encoder.layers." + i);
        x = Kernels.freeing(x, y -> layer(y, layer));
      }
      x = layerNorm(x, model.of("final_layer_norm"));
      NDList pooled = new NDList();
      for (int i = 0; i < inputIds.size(); i++) {
        pooled.add(x.get(i).get(eosPosition(inputIds.get(i))));
      }
      NDArray result = NDArrays.stack(pooled);
      result.attach(manager);
      return result;
    }
  }

  /** Shape (B, L). */
  static NDArray ids(NDManager manager, List<long[]> inputIds) {
    long[] all = inputIds.stream().flatMapToLong(LongStream::of).toArray();
    return manager.create(all, new Shape(inputIds.size(), inputIds.get(0).length));
  }

  private NDArray layer(NDArray x, Weights w) {
    NDArray h = x.add(selfAttention(layerNorm(x, w.of("layer_norm1")), w.of("self_attn")));
    NDArray mlp = linear(layerNorm(h, w.of("layer_norm2")), w.of("mlp.fc1"));
    mlp = quickGelu ? kernels.quickGelu(mlp) : kernels.gelu(mlp);
    return h.add(linear(mlp, w.of("mlp.fc2")));
  }

  private NDArray selfAttention(NDArray x, Weights w) {
    NDArray q = heads(linear(x, w.of("q_proj")));
    NDArray k = heads(linear(x, w.of("k_proj")));
    NDArray v = heads(linear(x, w.of("v_proj")));
    NDArray h = kernels.causalAttention(q, k, v, 1 / Math.sqrt((double) hiddenSize / heads));
    return linear(h.transpose(0, 2, 1, 3).reshape(x.getShape()), w.of("out_proj"));
  }

  /** (B, L, D) to (B, H, L, D / H). */
  private NDArray heads(NDArray x) {
    Shape shape = x.getShape();
    return x.reshape(shape.get(0), shape.get(1), heads, -1).transpose(0, 2, 1, 3);
  }

  private NDArray layerNorm(NDArray x, Weights w) {
    return kernels.layerNorm(x, w.get("weight"), w.get("bias"), eps);
  }

  private static NDArray linear(NDArray x, Weights w) {
    NDArray y = Kernels.linear(x, w.get("weight"), w.get("bias"));
    if (w.has("lora_A")) {
      NDArray inner = Kernels.linear(x, w.get("lora_A"), null);
      y = y.add(Kernels.linear(inner, w.get("lora_B"), null));
    }
    return w.has("lora_bias") ? y.add(w.get("lora_bias")) : y;
  }

  /** Where the text ends: the first of the highest ids under an old configuration. */
  private int eosPosition(long[] ids) {
    int highest = 0;
    for (int i = 0; i < ids.length; i++) {
      if (eosTokenId != HISTORIC_EOS && ids[i] == eosTokenId) {
        return i;
      }
      if (ids[i] > ids[highest]) {
        highest = i;
      }
    }
    return eosTokenId == HISTORIC_EOS ? highest : 0;
  }

  static ExpectedTensors tensors(
      int vocabSize, int maxPositions, int hiddenSize, int intermediateSize, int layers) {
    ExpectedTensors tensors = new ExpectedTensors();
    tensors
        .tensor("text_model.embeddings.token_embedding.weight", vocabSize, hiddenSize)
        .tensor("text_model.embeddings.position_embedding.weight", maxPositions, hiddenSize);
    for (int i = 0; i < layers; i++) {
      String layer = "text_model.encoder.layers." + i + ".";
      for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        tensors.linear(layer + "self_attn." + projection, hiddenSize, hiddenSize);
      }
      tensors
          .norm(layer + "layer_norm1", hiddenSize)
          .norm(layer + "layer_norm2", hiddenSize)
          .linear(layer + "mlp.fc1", intermediateSize, hiddenSize)
          .linear(layer + "mlp.fc2", hiddenSize, intermediateSize);
    }
    return tensors.norm("text_model.final_layer_norm", hiddenSize);
  }
}
