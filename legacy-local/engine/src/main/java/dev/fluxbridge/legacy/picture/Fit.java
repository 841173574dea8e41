package dev.fluxbridge.legacy.picture;

/** Pictures cut and laid on a canvas without a change of their proportions. */
final class Fit {
  private Fit() {}

  /** {@code PIL.Image.crop}: what lies outside is 0 in every channel. */
  static Bitmap cropped(Bitmap picture, CropRegion region) {
    Bitmap cropped = Bitmap.black(region.size(), picture.channels());
    paste(picture, cropped, -region.left(), -region.top());
    return cropped;
  }

  /**
   * The largest size that fits, in the middle; the strips that stay free on two sides repeat the
   * picture's edges. RGB.
   */
  static Bitmap filled(Bitmap picture, Size size) {
    int width = size.width();
    int height = size.height();
    boolean wide = ratio(size) < ratio(picture.size());
    int innerWidth = wide ? width : scaled(picture.width(), height, picture.height());
    int innerHeight = wide ? scaled(picture.height(), width, picture.width()) : height;
    Bitmap inner = Resize.whole(picture, new Size(innerWidth, innerHeight), Filter.LANCZOS);
    int left = width / 2 - innerWidth / 2;
    int top = height / 2 - innerHeight / 2;
    Bitmap canvas = Bitmap.black(size, 3);
    paste(inner, canvas, left, top);
    if (wide && top > 0) {
      Size strip = new Size(width, top);
      paste(Resize.row(inner, 0, strip, Filter.BICUBIC), canvas, 0, 0);
      paste(Resize.row(inner, innerHeight, strip, Filter.BICUBIC), canvas, 0, top + innerHeight);
    } else if (ratio(size) > ratio(picture.size()) && left > 0) {
      Size strip = new Size(left, height);
      paste(Resize.column(inner, 0, strip, Filter.BICUBIC), canvas, 0, 0);
      paste(Resize.column(inner, innerWidth, strip, Filter.BICUBIC), canvas, left + innerWidth, 0);
    }
    return canvas;
  }

  /** The smallest size that covers the canvas, in the middle; the rest is cut off. RGB. */
  static Bitmap covering(Bitmap picture, Size size) {
    boolean high = ratio(size) > ratio(picture.size());
    int innerWidth = high ? size.width() : scaled(picture.width(), size.height(), picture.height());
    int innerHeight =
        high ? scaled(picture.height(), size.width(), picture.width()) : size.height();
    Bitmap inner = Resize.whole(picture, new Size(innerWidth, innerHeight), Filter.LANCZOS);
    Bitmap canvas = Bitmap.black(size, 3);
    paste(inner, canvas, size.width() / 2 - innerWidth / 2, size.height() / 2 - innerHeight / 2);
    return canvas;
  }

  /** Copies what lies on the canvas, in the canvas's channels. */
  static void paste(Bitmap picture, Bitmap canvas, int left, int top) {
    int channels = canvas.channels();
    Bitmap same =
        picture.channels() == channels
            ? picture
            : channels == 3 ? Colours.rgb(picture) : Colours.rgba(picture);
    int begin = Math.max(0, left);
    int length = Math.min(canvas.width(), left + picture.width()) - begin;
    if (length <= 0) {
      return;
    }
    int end = Math.min(canvas.height(), top + picture.height());
    for (int y = Math.max(0, top); y < end; y++) {
      System.arraycopy(
          same.pixels(),
          ((y - top) * picture.width() + begin - left) * channels,
          canvas.pixels(),
          (y * canvas.width() + begin) * channels,
          length * channels);
    }
  }

  private static double ratio(Size size) {
    return (double) size.width() / size.height();
  }

  /** Floored as the old code did, to nothing for a very thin picture. */
  private static int scaled(int side, int to, int from) {
    return Math.toIntExact((long) side * to / from);
  }
}
