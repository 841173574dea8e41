package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Tensor;

/** What must hold of numbers before they are compared. Stateless. */
final class Numbers {
  private Numbers() {}

  static void requireFinite(Tensor tensor, String what) {
    float[] values = tensor.values();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new GoldenException(
            "%s of shape %s holds %s at number %d: what drew it broke down (often half precision), and nothing is like that"
                .formatted(what, tensor.shape(), values[i], i));
      }
    }
  }
}
