package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.MaskHonesty;
import java.util.Optional;

/**
 * Where two pictures of one size differ visibly: the pixels of which a channel differs by more than
 * {@link MaskHonesty#VISIBLE} levels, and the smallest box around them.
 *
 * @param share of all pixels, above 0 and up to 1
 * @param left first column, from 0
 * @param top first row, from 0
 * @param right last column
 * @param bottom last row
 */
public record Changed(double share, int left, int top, int right, int bottom) {

  /** Empty if no pixel does. */
  static Optional<Changed> between(Bitmap golden, Bitmap received) {
    int left = Integer.MAX_VALUE;
    int top = Integer.MAX_VALUE;
    int right = -1;
    int bottom = -1;
    int count = 0;
    for (int y = 0; y < golden.height(); y++) {
      for (int x = 0; x < golden.width(); x++) {
        if (at(golden, received, y * golden.width() + x)) {
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = y;
          count++;
        }
      }
    }
    double pixels = (double) golden.width() * golden.height();
    return count == 0
        ? Optional.empty()
        : Optional.of(new Changed(count / pixels, left, top, right, bottom));
  }

  /** Whether this pixel, counted row by row, does. */
  static boolean at(Bitmap golden, Bitmap received, int pixel) {
    int channels = golden.channels();
    for (int i = pixel * channels; i < (pixel + 1) * channels; i++) {
      int difference = (golden.pixels()[i] & 0xff) - (received.pixels()[i] & 0xff);
      if (Math.abs(difference) > MaskHonesty.VISIBLE) {
        return true;
      }
    }
    return false;
  }

  /** For example {@code 12.3 % of the pixels, from column 4, row 8 to column 20, row 31}. */
  String text() {
    return "%s of the pixels, from column %d, row %d to column %d, row %d"
        .formatted(Finding.percent(share), left, top, right, bottom);
  }
}
