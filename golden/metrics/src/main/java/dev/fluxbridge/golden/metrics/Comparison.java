package dev.fluxbridge.golden.metrics;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Resampling;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run over a pair. It keeps what several metrics need. Not safe for use by several threads. */
final class Comparison {
  private static final int SMALL = 256;
  private static final double MOST = 95;

  /** A mean colour difference that leaves nothing of a picture's colours. */
  private static final double NOTHING_IN_COMMON = 50;

  private final Side a;
  private final Side b;
  private final Supplier<Pointwise> pointwise;
  private final Supplier<Similarity> similarity;
  private final Supplier<PixelScores> colours;
  private final Supplier<Protected> kept;

  Comparison(Side a, Side b, Optional<Bitmap> mask, Set<Metric> wanted) {
    this.a = a;
    this.b = b;
    this.pointwise = new Once<>(() -> Pointwise.of(a, b));
    this.similarity = new Once<>(() -> Similarity.of(a, b, wanted.contains(Metric.MS_SSIM)));
    this.colours = new Once<>(() -> map(Metric.CIEDE2000));
    this.kept = new Once<>(() -> Protected.of(a, b, mask.orElseThrow()));
  }

  double value(Metric metric) {
    return switch (metric) {
      case MAE -> pointwise.get().meanAbsolute();
      case RMSE -> pointwise.get().rootMeanSquared();
      case PSNR -> pointwise.get().decibels();
      case SSIM -> similarity.get().single();
      case MS_SSIM -> similarity.get().multiple();
      case GMSD -> Gradients.deviation(a, b);
      case CIEDE2000 -> colours.get().mean();
      case CIEDE2000_P95 -> colours.get().percentile(MOST);
      case FLIP -> map(metric).mean();
      case EDGE_OVERLAP -> Overlap.ofEdges(a, b);
      case STRUCTURE_OVERLAP -> Overlap.ofOrientations(a, b);
      case PROTECTED_MAE -> kept.get().meanAbsolute();
      case PROTECTED_CHANGED -> kept.get().shareChanged();
      case DHASH ->
          PictureHash.distance(PictureHash.difference(a.grey()), PictureHash.difference(b.grey()));
      case PHASH ->
          PictureHash.distance(PictureHash.perceptual(a.grey()), PictureHash.perceptual(b.grey()));
      case CHANNEL_ORDER -> ChannelOrder.gain(a, b);
      case BLOCKING -> Blocking.difference(a, b);
      case PERCEPTUAL_DISTANCE -> distance(small(a), small(b));
    };
  }

  PixelScores map(Metric metric) {
    float[] values =
        switch (metric) {
          case SSIM -> Similarity.map(a, b);
          case CIEDE2000 -> ColourDifference.map(a, b);
          case FLIP -> Flip.map(a, b);
          default ->
              throw new IllegalArgumentException(
                  "%s has no value at each pixel, but SSIM, CIEDE2000 and FLIP have"
                      .formatted(metric.label()));
        };
    return new PixelScores(metric, a.width(), a.height(), values);
  }

  private static double distance(Side a, Side b) {
    Comparison small = new Comparison(a, b, Optional.empty(), Set.of());
    double structure = Math.max(0, small.value(Metric.SSIM));
    double colour = 1 - Math.min(1, small.value(Metric.CIEDE2000) / NOTHING_IN_COMMON);
    return 1 - structure * colour;
  }

  private static Side small(Side side) {
    Bitmap bitmap = side.bitmap();
    double scale = Math.min(1, (double) SMALL / Math.max(bitmap.width(), bitmap.height()));
    return new Side(
        Resampling.resize(bitmap, scaled(bitmap.width(), scale), scaled(bitmap.height(), scale)));
  }

  private static int scaled(int side, double scale) {
    return Math.max(Structure.WINDOW, (int) Math.round(side * scale));
  }

  /** Worked out when it is first asked for. */
  private static final class Once<T> implements Supplier<T> {
    private final Supplier<T> source;
    private @Nullable T value;

    Once(Supplier<T> source) {
      this.source = source;
    }

    @Override
    public T get() {
      T known = value;
      if (known == null) {
        known = source.get();
        value = known;
      }
      return known;
    }
  }
}
