package dev.fluxbridge.legacy.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.checkpoint.Checkpoint;
import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.checkpoint.ExpectedTensors;
import dev.fluxbridge.legacy.checkpoint.Weights;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import dev.fluxbridge.legacy.kernels.Residency;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * T5EncoderModel (version 1.1): one vector for every token of a text.
 *
 * <p>As in the Flux pipelines no attention mask hides the padding. Not safe for use by several
 * threads at once.
 *
 * <p>Source: transformers 4.57, models/t5/modeling_t5.py.
 */
public final class T5Encoder {
  private static final String TABLE = "shared.weight";
  private static final String BIAS =
      "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";

  private final Kernels kernels;
  private final Weights weights;
  private final Residency.Guest place;
  private @Nullable Weights here;
  private final int vocabSize;
  private final int dModel;
  private final int dKv;
  private final int dFf;
  private final int layers;
  private final int heads;
  private final int buckets;
  private final int maxDistance;
  private final double eps;

  private T5Encoder(Config config, Path part, Placement placement) {
    kernels = placement.kernels();
    vocabSize = config.size("vocab_size", 32128);
    dModel = config.size("d_model");
    dKv = config.size("d_kv", 64);
    dFf = config.size("d_ff");
    layers = config.layers("num_layers");
    heads = config.size("num_heads");
    buckets = config.size("relative_attention_num_buckets", 32);
    config.only("relative_attention_num_buckets % 4", buckets % 4, 0);
    maxDistance = config.size("relative_attention_max_distance", 128);
    eps = config.number("layer_norm_epsilon", 1e-6);
    config.only("feed_forward_proj", config.text("feed_forward_proj", "relu"), "gated-gelu");
    weights =
        Checkpoint.weights(
            part,
            tensors(vocabSize, dModel, dKv, dFf, layers, heads, buckets),
            Map.of(TABLE, "encoder.embed_tokens.weight"),
            placement);
    place = placement.residency().guest(true, () -> here = null);
  }

  private Weights here() {
    place.arrive();
    Weights now = here == null ? weights.at(place) : here;
    here = now;
    return now;
  }

  /**
   * Loads the part.
   *
   * @param placement where the weights go
   * @throws dev.fluxbridge.legacy.checkpoint.CheckpointException if configuration or weights are
   *     not those of a T5 1.1 encoder
   */
  public static T5Encoder load(Path part, Placement placement) {
    return new T5Encoder(Config.read(part.resolve("config.json")), part, placement);
  }

  /** How many different tokens it knows. */
  public int vocabSize() {
    return vocabSize;
  }

  /** Width of the vectors. */
  public int dModel() {
    return dModel;
  }

  /**
   * Encodes texts.
   *
   * @param inputIds token ids of each text, all of the same length
   * @return shape (B, T, d_model), owned by {@code manager}
   */
  public NDArray encode(NDManager manager, List<long[]> inputIds) {
    Weights all = here();
    Weights encoder = all.of("encoder");
    try (NDManager inner = manager.newSubManager()) {
      NDArray bias = positionBias(inner, all.get(BIAS), inputIds.get(0).length);
      NDArray x = kernels.embedding(ClipTextEncoder.ids(inner, inputIds), all.get(TABLE));
      for (int i = 0; i < layers; i++) {
        Weights block = encoder.of("block." + i);
        x = Kernels.freeing(x, y -> block(y, block, bias));
      }
      x = rmsNorm(x, encoder.of("final_layer_norm"));
      x.attach(manager);
      return x;
    }
  }

  private NDArray block(NDArray x, Weights w, NDArray bias) {
    NDArray h = rmsNorm(x, w.of("layer.0.layer_norm"));
    NDArray attended = x.add(selfAttention(h, w.of("layer.0.SelfAttention"), bias));
    h = rmsNorm(attended, w.of("layer.1.layer_norm"));
    return attended.add(gatedGelu(h, w.of("layer.1.DenseReluDense")));
  }

  /** Scores are not scaled: T5's initialisation takes care of their size. */
  private NDArray selfAttention(NDArray x, Weights w, NDArray bias) {
    NDArray q = heads(linear(x, w, "q"));
    NDArray k = heads(linear(x, w, "k"));
    NDArray v = heads(linear(x, w, "v"));
    NDArray h = kernels.biasedAttention(q, k, v, bias, 1).transpose(0, 2, 1, 3);
    return linear(h.reshape(x.getShape().get(0), x.getShape().get(1), -1), w, "o");
  }

  private NDArray gatedGelu(NDArray x, Weights w) {
    NDArray inner = kernels.geluTanh(linear(x, w, "wi_0")).mul(linear(x, w, "wi_1"));
    return linear(kernels.to(inner, Precision.of(w.get("wo.weight"))), w, "wo");
  }

  /** (B, L, H · d_kv) to (B, H, L, d_kv). */
  private NDArray heads(NDArray x) {
    Shape shape = x.getShape();
    return x.reshape(shape.get(0), shape.get(1), heads, dKv).transpose(0, 2, 1, 3);
  }

  private NDArray rmsNorm(NDArray x, Weights w) {
    return kernels.rmsNorm(x, w.get("weight"), eps);
  }

  private static NDArray linear(NDArray x, Weights w, String name) {
    return Kernels.linear(x, w.get(name + ".weight"), null);
  }

  /** What the distance of two tokens adds to their score, shape (1, H, L, L). */
  private NDArray positionBias(NDManager manager, NDArray table, int length) {
    long[] byDistance = new long[2 * length - 1];
    for (int i = 0; i < byDistance.length; i++) {
      byDistance[i] = bucket(i - (length - 1), buckets, maxDistance);
    }
    long[] bucket = new long[length * length];
    for (int query = 0; query < length; query++) {
      System.arraycopy(byDistance, length - 1 - query, bucket, query * length, length);
    }
    NDArray bias = kernels.embedding(manager.create(bucket), table);
    return bias.reshape(1, length, length, heads).transpose(0, 3, 1, 2);
  }

  /** Near distances have a bucket each, farther ones share them on a logarithmic scale. */
  static int bucket(int relativePosition, int buckets, int maxDistance) {
    int half = buckets / 2;
    int exact = half / 2;
    int distance = Math.abs(relativePosition);
    int start = relativePosition > 0 ? half : 0;
    if (distance < exact) {
      return start + distance;
    }
    float logs = (float) Math.log((float) distance / exact);
    float scale = (float) Math.log((double) maxDistance / exact);
    int far = exact + (int) (logs / scale * (half - exact));
    return start + Math.min(far, half - 1);
  }

  static ExpectedTensors tensors(
      int vocabSize, int dModel, int dKv, int dFf, int layers, int heads, int buckets) {
    long inner = (long) heads * dKv;
    ExpectedTensors tensors =
        new ExpectedTensors().tensor(TABLE, vocabSize, dModel).tensor(BIAS, buckets, heads);
    for (int i = 0; i < layers; i++) {
      String block = "encoder.block." + i + ".layer.";
      tensors
          .tensor(block + "0.SelfAttention.q.weight", inner, dModel)
          .tensor(block + "0.SelfAttention.k.weight", inner, dModel)
          .tensor(block + "0.SelfAttention.v.weight", inner, dModel)
          .tensor(block + "0.SelfAttention.o.weight", dModel, inner)
          .tensor(block + "0.layer_norm.weight", dModel)
          .tensor(block + "1.DenseReluDense.wi_0.weight", dFf, dModel)
          .tensor(block + "1.DenseReluDense.wi_1.weight", dFf, dModel)
          .wide(block + "1.DenseReluDense.wo.weight", dModel, dFf)
          .tensor(block + "1.layer_norm.weight", dModel);
    }
    return tensors.tensor("encoder.final_layer_norm.weight", dModel);
  }
}
