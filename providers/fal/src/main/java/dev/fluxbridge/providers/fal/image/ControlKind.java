package dev.fluxbridge.providers.fal.image;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a control picture shows, in the order in which union ControlNets count.
 *
 * <p>Source: fal's ControlNetUnionInput; InstantX's model card.
 */
enum ControlKind {
  CANNY("canny"),
  TILE("tile"),
  DEPTH("depth"),
  BLUR("blur"),
  POSE("pose"),
  GRAY("gray"),
  LOW_QUALITY("low-quality");

  private final String label;

  ControlKind(String label) {
    this.label = label;
  }

  /** fal's name. */
  String label() {
    return label;
  }

  /** The kind that an old control_mode means. */
  static Optional<ControlKind> of(int mode) {
    return mode >= 0 && mode < values().length ? Optional.of(values()[mode]) : Optional.empty();
  }

  static Optional<ControlKind> named(String name) {
    return Arrays.stream(values()).filter(kind -> kind.label.equals(name)).findFirst();
  }

  static String names() {
    return Arrays.stream(values()).map(ControlKind::label).collect(Collectors.joining(", "));
  }
}
