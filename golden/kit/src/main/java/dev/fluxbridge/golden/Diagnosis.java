package dev.fluxbridge.golden;

import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.golden.metrics.Pair;
import dev.fluxbridge.golden.metrics.PictureHash;
import dev.fluxbridge.golden.metrics.Scores;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Colours;
import dev.fluxbridge.providers.Resampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Guesses from two pictures why they differ. It decides nothing: limits do. Its own limits were set
 * on generated pictures, of which the tests hold some. Stateless.
 */
final class Diagnosis {
  private static final int[][] ORDERS = {{2, 1, 0}, {1, 0, 2}, {0, 2, 1}, {1, 2, 0}, {2, 0, 1}};
  private static final String NAMES = "RGB";

  /** Share of the visible differences that the right order of channels leaves, at most. */
  private static final double REORDERED = 0.2;

  private static final double PROTECTED_SHARE = 0.01;
  private static final double UNTOUCHED = 0.2;

  /** Bits of 64 up to which two perceptual hashes are of one composition. */
  private static final int ONE_COMPOSITION = 14;

  private static final double NEAR = 0.03;

  private static final double BLOCKY = 0.4;

  /** Share of pixels in colours that the other picture lacks. */
  private static final double NEW_COLOURS = 0.02;

  private Diagnosis() {}

  /** The likeliest first; empty where the pictures do not differ. */
  static List<Finding> of(Bitmap golden, Bitmap received, Optional<Bitmap> mask) {
    if (golden.width() != received.width() || golden.height() != received.height()) {
      return List.of(size(golden, received));
    }
    if (golden.equals(received)) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    channels(golden, received).ifPresent(findings::add);
    mask.flatMap(m -> mask(golden, received, m)).ifPresent(findings::add);
    if (findings.isEmpty()) {
      findings.add(content(golden, received));
    }
    return findings;
  }

  private static Finding size(Bitmap golden, Bitmap received) {
    boolean alike =
        Math.abs(
                received.width() * (double) golden.height()
                    - golden.width() * (double) received.height())
            <= Math.max(golden.width(), golden.height());
    return new Finding(
        Suspect.SIZE,
        "it is %dx%d and the golden %dx%d, %s"
            .formatted(
                received.width(),
                received.height(),
                golden.width(),
                golden.height(),
                alike
                    ? Verdict.shown((double) received.width() / golden.width())
                        + " times as wide and high"
                    : "of other proportions"));
  }

  private static Optional<Finding> channels(Bitmap golden, Bitmap received) {
    double asItIs = Changed.between(golden, received).map(Changed::share).orElse(0.0);
    for (int[] order : ORDERS) {
      double left =
          Changed.between(golden, reordered(received, order)).map(Changed::share).orElse(0.0);
      if (left < REORDERED * asItIs) {
        return Optional.of(
            new Finding(
                Suspect.CHANNELS,
                "with its channels as %c%c%c, %s of the pixels differ visibly instead of %s"
                    .formatted(
                        NAMES.charAt(order[0]),
                        NAMES.charAt(order[1]),
                        NAMES.charAt(order[2]),
                        Finding.percent(left),
                        Finding.percent(asItIs))));
      }
    }
    return Optional.empty();
  }

  private static Bitmap reordered(Bitmap picture, int[] order) {
    byte[] pixels = new byte[picture.pixels().length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = picture.pixels()[i - i % 3 + order[i % 3]];
    }
    return new Bitmap(picture.width(), picture.height(), 3, pixels);
  }

  private static Optional<Finding> mask(Bitmap golden, Bitmap received, Bitmap mask) {
    byte[] white = Colours.grey(Resampling.nearest(mask, golden.width(), golden.height())).pixels();
    int[] pixels = new int[2];
    int[] changed = new int[2];
    for (int i = 0; i < white.length; i++) {
      int side = (white[i] & 0xff) >= 128 ? 1 : 0;
      pixels[side]++;
      changed[side] += Changed.at(golden, received, i) ? 1 : 0;
    }
    double kept = (double) changed[0] / Math.max(1, pixels[0]);
    double repainted = (double) changed[1] / Math.max(1, pixels[1]);
    if (kept < PROTECTED_SHARE) {
      return Optional.empty();
    }
    boolean inverted = repainted < UNTOUCHED * kept;
    return Optional.of(
        new Finding(
            Suspect.MASK,
            "%s of the pixels that the mask protects changed, and %s of those to be repainted: the mask was %s"
                .formatted(
                    Finding.percent(kept),
                    Finding.percent(repainted),
                    inverted ? "turned around" : "dropped or not kept to")));
  }

  private static Finding content(Bitmap golden, Bitmap received) {
    Scores scores = Pair.of(golden, received).compare(Metric.MAE, Metric.PHASH, Metric.BLOCKING);
    double strange = ColourShares.lacking(golden, received);
    if (scores.of(Metric.MAE) <= NEAR
        && strange < NEW_COLOURS
        && scores.of(Metric.PHASH) <= ONE_COMPOSITION) {
      double blocking = scores.of(Metric.BLOCKING);
      return blocking > BLOCKY
          ? new Finding(
              Suspect.COMPRESSION,
              "the same picture, but in one of both the borders of 8x8 blocks stand out %s times as much"
                  .formatted(Verdict.shown(1 + blocking)))
          : new Finding(
              Suspect.NOISE,
              "the same picture but for a mean difference of %s levels: another device, library or precision"
                  .formatted(Verdict.shown(255 * scores.of(Metric.MAE))));
    }
    String hashes =
        "%d of 64 bits of their hashes (pHash) differ"
            .formatted(
                PictureHash.distance(
                    PictureHash.perceptual(golden), PictureHash.perceptual(received)));
    return strange < NEW_COLOURS
        ? new Finding(
            Suspect.SEED,
            "the colours are alike (%s of the pixels are in others), and their places are not: %s"
                .formatted(Finding.percent(strange), hashes))
        : new Finding(
            Suspect.PROMPT,
            "%s of the pixels are in colours that the other picture lacks; %s"
                .formatted(Finding.percent(strange), hashes));
  }
}
