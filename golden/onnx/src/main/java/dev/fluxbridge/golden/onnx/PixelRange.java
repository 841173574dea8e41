package dev.fluxbridge.golden.onnx;

/** Between which numbers a network wants its pixels; its file does not say so. */
public enum PixelRange {
  /** Black is -1 and white 1, as for LPIPS of its authors (lpips 0.1.4). */
  MINUS_1_TO_1,
  /** Black is 0 and white 1, as for DISTS of its authors (DISTS-pytorch 0.1). */
  ZERO_TO_1;

  float of(byte level) {
    int value = level & 0xff;
    return this == MINUS_1_TO_1 ? value / 127.5f - 1 : value / 255f;
  }
}
