package dev.fluxbridge.golden;

import java.util.Locale;

/**
 * A guess at what is at fault, with the numbers that speak for it.
 *
 * @param suspect what may be at fault
 * @param because why, in words for people
 */
public record Finding(Suspect suspect, String because) {

  /** For example {@code 12.3 %}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.001 ? "%.3f %%" : "%.1f %%", 100 * share);
  }
}
