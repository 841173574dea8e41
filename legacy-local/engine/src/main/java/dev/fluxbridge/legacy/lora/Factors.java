package dev.fluxbridge.legacy.lora;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * What a LoRA adds to one linear layer: scale · B (A x) + scale · bias.
 *
 * @param a shape (R, I)
 * @param b shape (O, R)
 * @param bias shape (O)
 * @param scale alpha / R
 */
record Factors(NDArray a, NDArray b, Optional<NDArray> bias, double scale) {

  long rank() {
    return a.getShape().get(0);
  }

  /** I. */
  long columns() {
    return a.getShape().get(1);
  }
}
