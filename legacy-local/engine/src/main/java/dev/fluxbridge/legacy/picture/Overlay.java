package dev.fluxbridge.legacy.picture;

import java.util.Optional;

/**
 * Blends the old picture over the drawn one, with the integer formulas of Pillow's paste and
 * alpha_composite.
 */
final class Overlay {
  /** alpha_composite's additional bits. */
  private static final int BITS = 7;

  private Overlay() {}

  static Bitmap apply(Bitmap mask, Bitmap before, Bitmap drawn, Optional<CropRegion> crop) {
    if (!mask.size().equals(before.size())) {
      throw new IllegalArgumentException(
          "the mask is %s and the picture %s: to be laid over each other they must be of one size"
              .formatted(mask.size(), before.size()));
    }
    Bitmap canvas = Bitmap.black(crop.isPresent() ? before.size() : drawn.size(), 4);
    if (crop.isPresent()) {
      CropRegion region = crop.get();
      Fit.paste(Fit.covering(drawn, region.size()), canvas, region.left(), region.top());
      canvas = Colours.rgba(Colours.rgb(canvas));
    } else {
      Fit.paste(drawn, canvas, 0, 0);
    }
    blend(protectedPart(mask, before), canvas);
    return Colours.rgb(canvas);
  }

  /** The old picture, transparent where the mask is white. */
  private static Bitmap protectedPart(Bitmap mask, Bitmap before) {
    Bitmap scaled = Colours.premultiplied(Colours.rgba(before));
    byte[] grey = Colours.grey(mask).pixels();
    byte[] values = scaled.pixels();
    for (int i = 0; i < values.length; i++) {
      int kept = 255 - (grey[i / 4] & 0xff);
      values[i] = (byte) Colours.by255((values[i] & 0xff) * kept);
    }
    return Colours.unmultiplied(scaled);
  }

  private static void blend(Bitmap over, Bitmap under) {
    byte[] top = over.pixels();
    byte[] bottom = under.pixels();
    int width = Math.min(over.width(), under.width());
    for (int y = 0; y < Math.min(over.height(), under.height()); y++) {
      int from = y * over.width() * 4;
      int to = y * under.width() * 4;
      for (int x = 0; x < width; x++, from += 4, to += 4) {
        int alpha = top[from + 3] & 0xff;
        if (alpha == 0) {
          continue;
        }
        int sum = alpha * 255 + (bottom[to + 3] & 0xff) * (255 - alpha);
        int weight = (int) ((long) alpha * 255 * (255 << BITS) / sum);
        for (int c = 0; c < 3; c++) {
          int mixed = (top[from + c] & 0xff) * weight;
          mixed += (bottom[to + c] & 0xff) * ((255 << BITS) - weight);
          mixed += 0x80 << BITS;
          bottom[to + c] = (byte) (((mixed >> 8) + mixed) >> 8 >> BITS);
        }
      }
    }
  }
}
