package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Tensor;

/** How far two latents of one shape are apart; 0 is the same. Safe for use by several threads. */
public enum LatentMeasure {
  /**
   * One less the cosine between them, 0 to 2.
   *
   * <p>Source: the tests of diffusers, which allow 1e-3 on one device.
   */
  COSINE_DISTANCE("cosine distance"),
  /** The root of their mean squared difference over that of the golden; 0 and up. */
  RELATIVE_ERROR("relative error");

  private final String label;

  LatentMeasure(String label) {
    this.label = label;
  }

  /** Its name in reports. */
  public String label() {
    return label;
  }

  double between(Tensor golden, Tensor received) {
    double dot = 0;
    double ofGolden = 0;
    double ofReceived = 0;
    double ofDifference = 0;
    for (int i = 0; i < golden.values().length; i++) {
      double a = golden.values()[i];
      double b = received.values()[i];
      dot += a * b;
      ofGolden += a * a;
      ofReceived += b * b;
      ofDifference += (a - b) * (a - b);
    }
    if (this == RELATIVE_ERROR) {
      return ofDifference == 0 ? 0 : Math.sqrt(ofDifference / ofGolden);
    }
    if (ofGolden == 0 || ofReceived == 0) {
      return ofGolden == ofReceived ? 0 : 1;
    }
    return Math.max(0, 1 - dot / Math.sqrt(ofGolden * ofReceived));
  }
}
