package dev.fluxbridge.providers;

import java.util.Locale;

/** What a call is about. Each task has a flag of its own. */
public enum Task {
  TEXT_TO_IMAGE;

  /** The name in flags and reports, for example {@code text-to-image}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
