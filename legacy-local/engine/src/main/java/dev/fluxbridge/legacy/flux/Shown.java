package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;

/** A tensor of a call that a watcher may see, and replace for the steps that come. */
final class Shown {
  private NDArray now;

  Shown(NDArray first) {
    now = first;
  }

  NDArray now() {
    return now;
  }

  /** Takes another of the same shape; the one before is freed. */
  void replace(NDArray other) {
    now.close();
    now = other;
  }
}
