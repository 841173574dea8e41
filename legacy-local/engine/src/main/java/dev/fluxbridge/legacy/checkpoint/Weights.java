package dev.fluxbridge.legacy.checkpoint;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.kernels.Residency;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tensors by name, all of the precision and the shape that the model asked for. Who loaded them
 * owns them.
 *
 * <p>Immutable, safe for use by several threads.
 */
public final class Weights {
  private final Map<String, NDArray> tensors;
  private final String prefix;

  Weights(Map<String, NDArray> tensors, String prefix) {
    this.tensors = tensors;
    this.prefix = prefix;
  }

  /** The tensor of that name, which was in the {@link ExpectedTensors}. */
  public NDArray get(String name) {
    NDArray tensor = tensors.get(prefix + name);
    if (tensor == null) {
      throw new IllegalArgumentException("not among the expected tensors: " + prefix + name);
    }
    return tensor;
  }

  /** Whether there is such a tensor. */
  public boolean has(String name) {
    return tensors.containsKey(prefix + name);
  }

  /** The tensors whose names begin with that and a dot, without it. */
  public Weights of(String module) {
    return new Weights(tensors, prefix + module + ".");
  }

  /** These tensors, and others instead of those of the same name or beside them. */
  public Weights with(Map<String, NDArray> others) {
    Map<String, NDArray> changed = new LinkedHashMap<>(tensors);
    others.forEach((name, tensor) -> changed.put(prefix + name, tensor));
    return new Weights(changed, prefix);
  }

  /** The same tensors where their model computes. */
  public Weights at(Residency.Guest place) {
    return new Weights(place.here(tensors), prefix);
  }

  /** All tensors of this view, by the names that {@link #get} takes. */
  public Map<String, NDArray> all() {
    Map<String, NDArray> own = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            own.put(name.substring(prefix.length()), tensor);
          }
        });
    return own;
  }
}
