package dev.fluxbridge.providers;

/**
 * Other channels for a bitmap, as Pillow converts them. Stateless and safe for use by several
 * threads; it changes no picture, and may return the one it was given.
 */
public final class Colours {
  private static final int HALF = 128;

  private Colours() {}

  /** Three channels; transparency is left out, not blended. */
  public static Bitmap rgb(Bitmap picture) {
    int had = picture.channels();
    if (had == 3) {
      return picture;
    }
    byte[] from = picture.pixels();
    byte[] to = new byte[picture.width() * picture.height() * 3];
    for (int i = 0, at = 0; i < to.length; i += 3, at += had) {
      to[i] = from[at];
      to[i + 1] = from[had == 1 ? at : at + 1];
      to[i + 2] = from[had == 1 ? at : at + 2];
    }
    return new Bitmap(picture.width(), picture.height(), 3, to);
  }

  /** One channel by the weights of ITU-R 601; transparency is left out. */
  public static Bitmap grey(Bitmap picture) {
    int had = picture.channels();
    if (had == 1) {
      return picture;
    }
    byte[] from = picture.pixels();
    byte[] to = new byte[picture.width() * picture.height()];
    for (int i = 0, at = 0; i < to.length; i++, at += had) {
      int sum = (from[at] & 0xff) * 19595;
      sum += (from[at + 1] & 0xff) * 38470;
      sum += (from[at + 2] & 0xff) * 7471;
      to[i] = (byte) ((sum + 0x8000) >> 16);
    }
    return new Bitmap(picture.width(), picture.height(), 1, to);
  }

  /** White from the middle on, else black. */
  public static Bitmap blackAndWhite(Bitmap picture) {
    byte[] to = grey(picture).pixels().clone();
    for (int i = 0; i < to.length; i++) {
      to[i] = (byte) ((to[i] & 0xff) >= HALF ? 255 : 0);
    }
    return new Bitmap(picture.width(), picture.height(), 1, to);
  }
}
