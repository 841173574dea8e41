package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * Real classifier-free guidance: away from what is not to be drawn.
 *
 * @param negative what that is
 * @param scale how far, above 1
 * @param together whether both are predicted in one batch, the negative first, as the de-distilled
 *     pipeline does; else one after the other, the positive first
 */
record Guidance(Conditioning negative, double scale, boolean together) {

  NDArray apply(NDArray positive, NDArray negativeVelocity) {
    return negativeVelocity.add(positive.sub(negativeVelocity).mul(scale));
  }

  NDArray apply(NDArray both) {
    NDList halves = both.split(2);
    return apply(halves.get(1), halves.get(0));
  }
}
