package dev.fluxbridge.legacy.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.checkpoint.Weights;
import dev.fluxbridge.legacy.kernels.TorchScript;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The tensors of one model as the adapters want them, while they are made: fused weights, stacked
 * factors, replaced norms.
 */
final class Overlay {
  static final String FUNCTIONS =
      """
      def scaled(self, x: Tensor, scale: float) -> Tensor:
        return x * scale
      def padded(self, x: Tensor, columns: int) -> Tensor:
        return torch.constant_pad_nd(x, [0, columns - int(x.size(1))], 0.)
      def joined(self, x: Tensor, y: Tensor, dim: int) -> Tensor:
        return torch.cat([x, y], dim)
      def sum(self, x: Tensor, y: Tensor, scale: float) -> Tensor:
        return x + torch.type_as(y * scale, x)
      def fused(self, weight: Tensor, a: Tensor, b: Tensor, scale: float) -> Tensor:
        return weight + torch.type_as(torch.matmul(b, a) * scale, weight)
      def like(self, x: Tensor, other: Tensor) -> Tensor:
        return torch.type_as(x, other)
      """;

  private static final String INPUT = "x_embedder.weight";

  private final TorchScript script;
  private final NDManager scratch;
  private final Weights base;
  private final Map<String, NDArray> changed = new LinkedHashMap<>();

  /**
   * @param scratch who owns all that is made, also what is not needed in the end
   * @param kept what stands instead of {@code base} anyway
   */
  Overlay(TorchScript script, NDManager scratch, Weights base, Map<String, NDArray> kept) {
    this.script = script;
    this.scratch = scratch;
    this.base = base;
    changed.putAll(kept);
  }

  private NDArray current(String name) {
    NDArray tensor = changed.get(name);
    return tensor == null ? base.get(name) : tensor;
  }

  /** Makes the transformer read image tokens of that width; new columns are zero. */
  void widen(long columns) {
    if (base.has(INPUT) && current(INPUT).getShape().get(1) < columns) {
      changed.put(INPUT, padded(current(INPUT), columns));
    }
  }

  void replace(Map<String, NDArray> tensors) {
    tensors.forEach(
        (name, tensor) -> changed.put(name, script.call(scratch, "like", tensor, base.get(name))));
  }

  /**
   * Applies the adapters of one model.
   *
   * @param scale weight of all that is not fused
   */
  void apply(LoraPart part, Function<String, Map<String, Factors>> adapters, double scale) {
    Set<String> merged = new LinkedHashSet<>();
    part.fused()
        .forEach(
            (name, weight) ->
                adapters
                    .apply(name)
                    .forEach(
                        (layer, factors) -> {
                          fuse(layer, factors, weight);
                          merged.add(layer);
                        }));
    for (String name : part.active()) {
      double weight = part.weights().getOrDefault(name, 0.0);
      adapters
          .apply(name)
          .forEach(
              (layer, factors) -> {
                // A layer in which anything is fused computes with its fused weight alone.
                if (!merged.contains(layer)) {
                  stack(layer, factors, weight * scale);
                }
              });
    }
  }

  private void fuse(String layer, Factors factors, double weight) {
    NDArray old = current(layer + ".weight");
    NDArray a = padded(factors.a(), old.getShape().get(1));
    double scale = factors.scale() * weight;
    changed.put(layer + ".weight", script.call(scratch, "fused", old, a, factors.b(), scale));
    factors
        .bias()
        .ifPresent(
            bias ->
                changed.put(
                    layer + ".bias",
                    script.call(scratch, "sum", current(layer + ".bias"), bias, scale)));
  }

  private void stack(String layer, Factors factors, double weight) {
    NDArray like = base.get(layer + ".weight");
    NDArray a = padded(factors.a(), current(layer + ".weight").getShape().get(1));
    double scale = factors.scale() * weight;
    add(layer + ".lora_A", script.call(scratch, "like", a, like), 0);
    NDArray b = script.call(scratch, "scaled", factors.b(), scale);
    add(layer + ".lora_B", script.call(scratch, "like", b, like), 1);
    factors
        .bias()
        .ifPresent(
            bias -> {
              String name = layer + ".lora_bias";
              NDArray scaled = script.call(scratch, "scaled", bias, scale);
              NDArray before = changed.get(name);
              changed.put(
                  name,
                  before == null
                      ? script.call(scratch, "like", scaled, like)
                      : script.call(scratch, "sum", before, scaled, 1.0));
            });
  }

  private void add(String name, NDArray factor, long axis) {
    NDArray before = changed.get(name);
    changed.put(
        name, before == null ? factor : script.call(scratch, "joined", before, factor, axis));
  }

  private NDArray padded(NDArray x, long columns) {
    return x.getShape().get(1) == columns ? x : script.call(scratch, "padded", x, columns);
  }

  /** What the model is to be given, all of it owned by {@code owner} but what was kept. */
  Map<String, NDArray> owned(NDManager owner, Map<String, NDArray> kept) {
    changed.forEach(
        (name, tensor) -> {
          if (kept.get(name) != tensor) {
            tensor.attach(owner);
          }
        });
    return changed;
  }
}
