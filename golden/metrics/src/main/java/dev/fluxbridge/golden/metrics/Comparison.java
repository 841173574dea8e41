package dev.fluxbridge.golden.metrics;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Resampling;
import org.jspecify.annotations.Nullable;

/** One run over a pair. It keeps what several metrics need. Not safe for use by several threads. */
final class Comparison {
  private static final int SMALL = 256;

  private final Side a;
  private final Side b;
  private @Nullable Pointwise pointwise;

  Comparison(Side a, Side b) {
    this.a = a;
    this.b = b;
  }

  double value(Metric metric) {
    return switch (metric) {
      case MAE -> pointwise().meanAbsolute();
      case RMSE -> pointwise().rootMeanSquared();
      case PSNR -> pointwise().decibels();
      case SSIM -> similarity(a, b);
      case DHASH ->
          PictureHash.distance(PictureHash.difference(a.grey()), PictureHash.difference(b.grey()));
      case PHASH ->
          PictureHash.distance(PictureHash.perceptual(a.grey()), PictureHash.perceptual(b.grey()));
      case PERCEPTUAL_DISTANCE -> 1 - Math.max(0, similarity(small(a), small(b)));
    };
  }

  private Pointwise pointwise() {
    if (pointwise == null) {
      pointwise = Pointwise.of(a, b);
    }
    return pointwise;
  }

  private static double similarity(Side a, Side b) {
    double sum = 0;
    for (int channel = 0; channel < a.channels(); channel++) {
      sum += Structure.compare(Planes.of(a, b, channel), null).similarity();
    }
    return sum / a.channels();
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
}
