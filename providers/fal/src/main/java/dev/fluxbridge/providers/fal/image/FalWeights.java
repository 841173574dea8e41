package dev.fluxbridge.providers.fal.image;

import java.util.Map;
import java.util.Optional;

/** Weights that fal hosts. */
enum FalWeights {
  DEV("FLUX.1 dev"),
  SCHNELL("FLUX.1 schnell"),
  KREA("FLUX.1 Krea"),
  FILL("FLUX.1 Fill dev"),
  FILL_PRO("FLUX.1 Fill pro"),
  CANNY("FLUX.1 dev with its Canny LoRA"),
  DEPTH("FLUX.1 dev with its Depth LoRA"),
  KONTEXT("FLUX.1 Kontext dev"),
  KONTEXT_PRO("FLUX.1 Kontext pro");

  /** The model ids under which old callers know them. Source: the model hub. */
  private static final Map<String, FalWeights> BY_OLD_ID =
      Map.of(
          "black-forest-labs/FLUX.1-dev", DEV,
          "ChuckMcSneed/FLUX.1-dev", DEV,
          "black-forest-labs/FLUX.1-schnell", SCHNELL,
          "black-forest-labs/FLUX.1-Krea-dev", KREA,
          "black-forest-labs/FLUX.1-Fill-dev", FILL,
          "sayakpaul/FLUX.1-Fill-dev-nf4", FILL,
          "black-forest-labs/FLUX.1-Kontext-dev", KONTEXT);

  private final String label;

  FalWeights(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  static Optional<FalWeights> ofOldId(String model) {
    return Optional.ofNullable(BY_OLD_ID.get(model));
  }
}
