package dev.fluxbridge.golden;

import dev.fluxbridge.golden.metrics.Direction;
import dev.fluxbridge.providers.Bitmap;

/**
 * A measure that a test brings along, for example a learned distance with weights of its own. What
 * it says stands in messages and reports like what the kit's own metrics say.
 */
public interface PictureMeasure {
  /**
   * What limits and reports call it: a word, a colon, and what decides over its numbers, for
   * example {@code LEARNED_DISTANCE:sha256-0f3c...}. Two that could give one pair different numbers
   * never have one name, so a limit learned with one is not used for another.
   */
  String name();

  /** Its name for people. */
  String label();

  /** Which way is nearer. */
  Direction direction();

  /**
   * What a learned limit allows over the noise, at least 0: a difference that nobody minds. Runs
   * that are all the same have no noise, and the next one may differ by a rounding.
   */
  double slack();

  /**
   * How far the two are apart, in its own units. Both have three channels and one size.
   *
   * @throws GoldenException if it cannot say, with what to do
   */
  double between(Bitmap golden, Bitmap received);
}
