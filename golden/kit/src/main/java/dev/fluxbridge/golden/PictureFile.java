package dev.fluxbridge.golden;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Colours;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Resampling;
import java.util.Arrays;

/**
 * A picture as a PNG file and as the pixels in it. Immutable as long as nobody writes to the bytes.
 *
 * @param png byte for byte as it came where it came as PNG, else encoded here
 * @param pixels red, green and blue
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by pixels, and nowhere by itself.
record PictureFile(byte[] png, Bitmap pixels) {
  static final String PNG = "image/png";
  private static final int ALPHA = 4;
  private static final double NEARLY = 0.02;

  /**
   * A file of a store.
   *
   * @param what the file, for messages
   */
  static PictureFile ofPng(byte[] bytes, String what) {
    return ofFile(bytes, PNG, what);
  }

  /** A file of any kind that is taken. */
  static PictureFile ofFile(byte[] bytes, String what) {
    return ofFile(bytes, "", what);
  }

  /** What a backend gave. */
  static PictureFile of(Picture picture, String what) {
    if (picture instanceof Picture.Encoded encoded) {
      return ofFile(encoded.bytes(), encoded.mediaType(), what);
    }
    if (picture instanceof Picture.Pixels pixels) {
      Numbers.requireFinite(pixels.values(), what);
    }
    return of(Bitmaps.of(picture), what);
  }

  /** Pixels with one, three or four channels; the fourth must be opaque throughout. */
  static PictureFile of(Bitmap bitmap, String what) {
    if (bitmap.channels() == ALPHA) {
      requireOpaque(bitmap, what);
    }
    Bitmap rgb = Colours.rgb(bitmap);
    return new PictureFile(Bitmaps.png(rgb), rgb);
  }

  /** The same as large as another one, if both have the same proportions, or nearly. */
  PictureFile scaledTo(PictureFile other) {
    int width = other.pixels.width();
    int height = other.pixels.height();
    double proportion = (double) pixels.width() * height / ((double) pixels.height() * width);
    if ((pixels.width() == width && pixels.height() == height)
        || Math.abs(proportion - 1) > NEARLY) {
      return this;
    }
    Bitmap scaled = Resampling.resize(pixels, width, height);
    return new PictureFile(Bitmaps.png(scaled), scaled);
  }

  private static PictureFile ofFile(byte[] bytes, String claimed, String what) {
    PictureHead head = PictureHead.of(bytes, what);
    if (!claimed.isEmpty() && !claimed.equals(head.mediaType())) {
      throw new GoldenException(
          "%s is called %s but is %s inside: name it for what it is, or convert it"
              .formatted(what, claimed, head.mediaType()));
    }
    Picture.Encoded encoded = new Picture.Encoded(bytes, head.mediaType());
    try {
      if (head.alpha()) {
        requireOpaque(Bitmaps.withAlpha(encoded), what);
      }
      Bitmap pixels = Bitmaps.of(encoded);
      return new PictureFile(head.mediaType().equals(PNG) ? bytes : Bitmaps.png(pixels), pixels);
    } catch (BackendException e) {
      throw new GoldenException("%s cannot be decoded: %s".formatted(what, e.getMessage()), e);
    }
  }

  private static void requireOpaque(Bitmap picture, String what) {
    byte[] pixels = picture.pixels();
    for (int i = 3; i < pixels.length; i += ALPHA) {
      if (pixels[i] != -1) {
        throw new GoldenException(
            "%s is transparent in places, and looks different on each background: lay it on one first, or leave its alpha out (Colours.rgb)"
                .formatted(what));
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PictureFile that && pixels.equals(that.pixels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pixels.pixels());
  }

  /** Tells the size only. */
  @Override
  public String toString() {
    return "%dx%d".formatted(pixels.width(), pixels.height());
  }
}
