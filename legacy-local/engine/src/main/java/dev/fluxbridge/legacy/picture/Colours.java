package dev.fluxbridge.legacy.picture;

/** {@code PIL.Image.convert} between grey, RGB and RGBA, bit for bit. */
final class Colours {
  private Colours() {}

  /** To one channel by the weights of ITU-R 601, transparency left out. */
  static Bitmap grey(Bitmap picture) {
    if (picture.channels() == 1) {
      return picture;
    }
    byte[] from = picture.pixels();
    Bitmap grey = Bitmap.black(picture.size(), 1);
    for (int i = 0, at = 0; at < from.length; i++, at += picture.channels()) {
      int sum = (from[at] & 0xff) * 19595;
      sum += (from[at + 1] & 0xff) * 38470;
      sum += (from[at + 2] & 0xff) * 7471;
      grey.pixels()[i] = (byte) ((sum + 0x8000) >> 16);
    }
    return grey;
  }

  /** To three channels; transparency is left out, not blended. */
  static Bitmap rgb(Bitmap picture) {
    return withChannels(picture, 3);
  }

  /** To four channels, opaque unless the picture says otherwise. */
  static Bitmap rgba(Bitmap picture) {
    return withChannels(picture, 4);
  }

  private static Bitmap withChannels(Bitmap picture, int channels) {
    int had = picture.channels();
    if (had == channels) {
      return picture;
    }
    byte[] from = picture.pixels();
    Bitmap converted = Bitmap.black(picture.size(), channels);
    byte[] to = converted.pixels();
    for (int i = 0, at = 0; i < to.length; i += channels, at += had) {
      to[i] = from[at];
      to[i + 1] = from[had == 1 ? at : at + 1];
      to[i + 2] = from[had == 1 ? at : at + 2];
      if (channels == 4) {
        to[i + 3] = (byte) 255;
      }
    }
    return converted;
  }

  /** RGBA with colours multiplied by their opacity, Pillow's mode RGBa. */
  static Bitmap premultiplied(Bitmap rgba) {
    byte[] from = rgba.pixels();
    Bitmap scaled = Bitmap.black(rgba.size(), 4);
    byte[] to = scaled.pixels();
    for (int i = 0; i < to.length; i += 4) {
      int alpha = from[i + 3] & 0xff;
      for (int c = i; c < i + 3; c++) {
        to[c] = (byte) by255((from[c] & 0xff) * alpha);
      }
      to[i + 3] = (byte) alpha;
    }
    return scaled;
  }

  /** The way back from {@link #premultiplied}. */
  static Bitmap unmultiplied(Bitmap scaled) {
    byte[] from = scaled.pixels();
    Bitmap rgba = Bitmap.black(scaled.size(), 4);
    byte[] to = rgba.pixels();
    for (int i = 0; i < to.length; i += 4) {
      int alpha = from[i + 3] & 0xff;
      for (int c = i; c < i + 3; c++) {
        int value = from[c] & 0xff;
        to[c] = (byte) (alpha == 0 || alpha == 255 ? value : Math.min(255, 255 * value / alpha));
      }
      to[i + 3] = (byte) alpha;
    }
    return rgba;
  }

  /** A product of two bytes divided by 255, rounded, without a division. */
  static int by255(int product) {
    int rounded = product + 128;
    return ((rounded >> 8) + rounded) >> 8;
  }
}
