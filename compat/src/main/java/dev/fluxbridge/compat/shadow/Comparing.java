package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.compat.shadow.Comparison.PictureScores;
import dev.fluxbridge.compat.shadow.Comparison.Side;
import dev.fluxbridge.compat.shadow.Difference.Kind;
import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.golden.metrics.Pair;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Colours;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.MaskHonesty;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Resampling;
import dev.fluxbridge.providers.Task;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares how a call ended on two roads. Pure. */
final class Comparing {
  /** By this much more of the protected pixels an honest edit and its encoder do not differ. */
  private static final double CLEARLY = 0.01;

  private static final Set<Metric> METRICS =
      EnumSet.of(Metric.PERCEPTUAL_DISTANCE, Metric.SSIM, Metric.MAE, Metric.PSNR);

  private final Ended served;
  private final Ended shadow;
  private final List<Difference> differences = new ArrayList<>();
  private final List<PictureScores> pictures = new ArrayList<>();

  private Comparing(Ended served, Ended shadow) {
    this.served = served;
    this.shadow = shadow;
  }

  /**
   * Compares them.
   *
   * @param limit from which distance on pictures differ; empty: not known
   */
  static Comparison of(Task task, Ended served, Ended shadow, OptionalDouble limit) {
    Comparing comparing = new Comparing(served, shadow);
    comparing.compare(limit);
    return new Comparison(
        task, side(served), side(shadow), comparing.pictures, comparing.differences);
  }

  /** How far two results are apart on average; empty where they cannot be compared. */
  static OptionalDouble distance(Task task, Ended one, Ended other) {
    return of(task, one, other, OptionalDouble.empty()).distance();
  }

  private static Side side(Ended ended) {
    return new Side(
        ended.backend(), ended.reason(), ended.took(), ended.cost(), maskChanged(ended));
  }

  private static OptionalDouble maskChanged(Ended ended) {
    ImageResult result = ended.result();
    return result == null
        ? OptionalDouble.empty()
        : result.maskHonesty().stream().mapToDouble(MaskHonesty::shareChanged).average();
  }

  private void compare(OptionalDouble limit) {
    ImageResult a = served.result();
    ImageResult b = shadow.result();
    if (a != null && b != null) {
      pictures(a, b);
      flags(a, b);
      masks();
      cost();
      distance(limit);
    } else if (a != null) {
      failure(Kind.FAILURE, shadow.reason(), "the shadow on " + shadow.backend());
    } else if (b != null) {
      failure(Kind.SERVED_FAILURE, served.reason(), "the served call on " + served.backend());
    }
  }

  private void failure(Kind kind, Optional<Reason> reason, String who) {
    String detail = reason.map(Reason::name).orElse("");
    differences.add(
        new Difference(kind, detail, 0, "%s failed, %s".formatted(who, detail).strip()));
  }

  private void differs(Kind kind, double value, String text, Object... parts) {
    differences.add(new Difference(kind, "", value, String.format(Locale.ROOT, text, parts)));
  }

  private void pictures(ImageResult a, ImageResult b) {
    if (a.images().size() != b.images().size()) {
      differs(
          Kind.COUNT, 0, "%d pictures were served, %d drawn", a.images().size(), b.images().size());
    }
    int both = Math.min(a.images().size(), b.images().size());
    for (int i = 0; i < both; i++) {
      Bitmap one = bitmap(a.images().get(i), "served", i);
      Bitmap other = bitmap(b.images().get(i), "drawn", i);
      if (one != null && other != null) {
        pair(one, other, i);
      }
    }
  }

  private void pair(Bitmap one, Bitmap drawn, int index) {
    Bitmap other = drawn;
    if (one.width() != other.width() || one.height() != other.height()) {
      differs(
          Kind.SIZE,
          0,
          "picture %d was served at %dx%d and drawn at %dx%d",
          index + 1,
          one.width(),
          one.height(),
          other.width(),
          other.height());
      other = Resampling.resize(other, one.width(), one.height());
    }
    Set<Metric> metrics = EnumSet.copyOf(METRICS);
    int smaller = Math.min(one.width(), one.height());
    metrics.removeIf(metric -> metric.smallestSide() > smaller);
    pictures.add(new PictureScores(Pair.of(one, other).compare(metrics).values()));
  }

  /** Null where there is none to look at: latents, or a file that cannot be read. */
  private @Nullable Bitmap bitmap(Picture picture, String which, int index) {
    if (picture instanceof Picture.Latents) {
      return null;
    }
    try {
      return Colours.rgb(Bitmaps.of(picture));
    } catch (RuntimeException e) {
      differs(Kind.DECODES, 0, "picture %d that was %s cannot be decoded", index + 1, which);
      return null;
    }
  }

  private void flags(ImageResult a, ImageResult b) {
    boolean bothSay = !a.flagged().isEmpty() && !b.flagged().isEmpty();
    // A road without a safety check says nothing; that the other flags is a difference all the
    // same.
    boolean one = a.flagged().contains(true);
    boolean other = b.flagged().contains(true);
    if (bothSay ? !a.flagged().equals(b.flagged()) : one != other) {
      differs(Kind.FLAGGED, 0, "the safety check marked other pictures");
    }
  }

  private void masks() {
    OptionalDouble drawn = maskChanged(shadow);
    double before = maskChanged(served).orElse(0);
    if (drawn.isPresent() && drawn.getAsDouble() > before + CLEARLY) {
      differs(
          Kind.MASK,
          drawn.getAsDouble(),
          "%.1f %% of the protected pixels changed, in what was served %.1f %%",
          100 * drawn.getAsDouble(),
          100 * before);
    }
  }

  private void cost() {
    boolean both =
        served.cost().filter(cost -> cost.signum() > 0).isPresent() && shadow.cost().isPresent();
    if (both && shadow.cost().orElseThrow().compareTo(served.cost().orElseThrow()) > 0) {
      differs(
          Kind.COST,
          0,
          "it cost %s, what was served %s",
          shadow.cost().orElseThrow().toPlainString(),
          served.cost().orElseThrow().toPlainString());
    }
  }

  private void distance(OptionalDouble limit) {
    OptionalDouble mean =
        pictures.stream()
            .map(pair -> pair.values().get(Metric.PERCEPTUAL_DISTANCE))
            .filter(Objects::nonNull)
            .mapToDouble(value -> value)
            .average();
    if (mean.isPresent() && limit.isPresent() && mean.getAsDouble() > limit.getAsDouble()) {
      differs(
          Kind.DISTANCE,
          mean.getAsDouble(),
          "the pictures are %.4f apart, above %.4f",
          mean.getAsDouble(),
          limit.getAsDouble());
    }
  }
}
