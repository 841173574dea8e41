package dev.fluxbridge.legacy.picture;

/**
 * Finds the part of a mask that is worth drawing, by the arithmetic of get_crop_region.
 *
 * <p>Source: diffusers 0.35.2, image_processor.py.
 */
final class MaskRegion {
  private MaskRegion() {}

  static CropRegion of(Bitmap grey, Size drawn, int pad) {
    if (pad < 0) {
      throw new IllegalArgumentException(
          "the padding around a mask must be at least 0 but is " + pad);
    }
    Span columns = Span.none();
    Span rows = Span.none();
    byte[] pixels = grey.pixels();
    for (int y = 0, at = 0; y < grey.height(); y++) {
      for (int x = 0; x < grey.width(); x++, at++) {
        if (pixels[at] != 0) {
          columns = columns.with(x);
          rows = rows.with(y);
        }
      }
    }
    if (columns.equals(Span.none())) {
      throw new IllegalArgumentException(
          "the mask is black everywhere, so there is no region to crop to:"
              + " make white what is to be repainted, or leave padding_mask_crop out");
    }
    columns = columns.padded(pad, grey.width());
    rows = rows.padded(pad, grey.height());
    double wanted = (double) drawn.width() / drawn.height();
    if ((double) columns.length() / rows.length() > wanted) {
      rows = rows.widened(columns.length() / wanted, grey.height());
    } else {
      columns = columns.widened(rows.length() * wanted, grey.width());
    }
    return new CropRegion(columns.begin, rows.begin, columns.end, rows.end);
  }

  /** A stretch of rows or columns. */
  private record Span(int begin, int end) {
    static Span none() {
      return new Span(Integer.MAX_VALUE, 0);
    }

    int length() {
      return end - begin;
    }

    Span with(int place) {
      return new Span(Math.min(begin, place), Math.max(end, place + 1));
    }

    Span padded(int pad, int limit) {
      return new Span(Math.max(begin - pad, 0), (int) Math.min((long) end + pad, limit));
    }

    /** Grows to both sides, is pushed back into the picture, and is cut where that fails. */
    Span widened(double desired, int limit) {
      int more = (int) (desired - length());
      int from = begin - Math.floorDiv(more, 2);
      int to = end + more - Math.floorDiv(more, 2);
      if (to >= limit) {
        from -= to - limit;
        to = limit;
      }
      if (from < 0) {
        to -= from;
        from = 0;
      }
      return new Span(from, Math.min(to, limit));
    }
  }
}
