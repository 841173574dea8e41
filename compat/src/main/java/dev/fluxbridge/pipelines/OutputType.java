package dev.fluxbridge.pipelines;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code output_type} asks for. */
enum OutputType {
  PIL,
  NP,
  PT,
  LATENT;

  private static final Logger log = LoggerFactory.getLogger(FluxPipeline.class);

  /** The old names; anything else means {@code np}, with the old warning. */
  static OutputType of(String name) {
    for (OutputType type : values()) {
      if (type.label().equals(name)) {
        return type;
      }
    }
    log.warn(
        "the output_type {} is outdated and has been set to `np`. Please make sure to set it to one of"
            + " these instead: `pil`, `np`, `pt`, `latent`",
        name);
    return NP;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
