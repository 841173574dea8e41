package dev.fluxbridge.legacy.picture;

import dev.fluxbridge.legacy.array.Floats;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes pictures and masks ready for the autoencoder, and puts what it drew back into pictures, as
 * diffusers' VaeImageProcessor does.
 *
 * <p>It encodes and decodes nothing, and makes no RGB of RGBA or of grey: the channels of a picture
 * are the channels of its values. Immutable, safe for use by several threads.
 *
 * <p>Source: diffusers 0.35.2, image_processor.py; Pillow 13.0.0.
 */
public final class ImageProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(ImageProcessor.class);

  private final int scaleFactor;
  private final int latentChannels;
  private final boolean mask;

  private ImageProcessor(int scaleFactor, int latentChannels, boolean mask) {
    if (scaleFactor < 1 || latentChannels < 1) {
      throw new IllegalArgumentException(
          "scale factor and latent channels must be at least 1 but are %d and %d"
              .formatted(scaleFactor, latentChannels));
    }
    this.scaleFactor = scaleFactor;
    this.latentChannels = latentChannels;
    this.mask = mask;
  }

  /**
   * For pictures: their values come out from -1 to 1.
   *
   * @param scaleFactor sides are cut down to multiples of it; 16 for Flux
   * @param latentChannels a tensor with as many channels is taken for latents
   */
  public static ImageProcessor forImages(int scaleFactor, int latentChannels) {
    return new ImageProcessor(scaleFactor, latentChannels, false);
  }

  /**
   * For masks: they turn grey, and their values come out as 0 or 1; from a half on it is 1, which
   * means repaint.
   *
   * @param scaleFactor sides are cut down to multiples of it; 16 for Flux
   * @param latentChannels a tensor with as many channels is taken for latents
   */
  public static ImageProcessor forMasks(int scaleFactor, int latentChannels) {
    return new ImageProcessor(scaleFactor, latentChannels, true);
  }

  /**
   * The first picture's size, cut down to multiples of the scale factor.
   *
   * @throws IllegalArgumentException if it is smaller than the scale factor
   */
  public Size defaultSize(Images images) {
    return sizeOf(images).floored(scaleFactor);
  }

  private static Size sizeOf(Images images) {
    if (images instanceof Images.Bitmaps bitmaps) {
      return bitmaps.bitmaps().get(0).size();
    }
    List<Integer> shape = ((Images.Values) images).tensor().shape();
    return new Size(shape.get(shape.size() - 1), shape.get(shape.size() - 2));
  }

  /**
   * Resizes pictures (bitmaps with Lanczos, numbers by their nearest neighbour) and maps their
   * values.
   *
   * <p>Values below 0 say that a picture is mapped to -1 to 1 already: it is left so, with a
   * warning. Latents are returned as they are.
   *
   * @param height pixels, cut down to a multiple of the scale factor
   * @param width pixels, cut down to a multiple of the scale factor
   * @return shape (B, C, H, W)
   * @throws IllegalArgumentException if pictures differ in their channels, have a shape that
   *     pictures do not have, or the size is smaller than the scale factor
   */
  public Floats preprocess(Images images, int height, int width) {
    Size size = new Size(width, height).floored(scaleFactor);
    if (images instanceof Images.Bitmaps bitmaps) {
      return stacked(
          bitmaps.bitmaps().stream()
              .map(bitmap -> Resize.whole(bitmap, size, Filter.LANCZOS))
              .toList());
    }
    Floats planes = planes(((Images.Values) images).tensor());
    if (planes.shape().get(1) == latentChannels) {
      return planes;
    }
    return mapped(Planes.nearest(planes, size.height(), size.width()));
  }

  /**
   * The same for a part of the pictures that keeps its proportions: what is missing on two sides is
   * filled with the colours of the edges. Every picture comes out with three channels, masks with
   * one.
   *
   * @param crop what lies outside of a picture is black
   * @return shape (B, C, H, W)
   * @throws IllegalArgumentException if the images are no bitmaps, or the size is smaller than the
   *     scale factor
   */
  public Floats preprocess(Images images, int height, int width, CropRegion crop) {
    if (!(images instanceof Images.Bitmaps bitmaps)) {
      throw new IllegalArgumentException(
          "only bitmaps can be cropped to the region of a mask, and these are numbers");
    }
    Size size = new Size(width, height).floored(scaleFactor);
    return stacked(
        bitmaps.bitmaps().stream()
            .map(bitmap -> Fit.filled(Fit.cropped(bitmap, crop), size))
            .toList());
  }

  /**
   * The pictures in another size: bitmaps by Lanczos, numbers by the nearest pixel.
   *
   * @param height pixels, cut down to a multiple of the scale factor
   * @param width pixels, cut down to a multiple of the scale factor
   * @throws IllegalArgumentException if the size is smaller than the scale factor
   */
  public Images resize(Images images, int height, int width) {
    Size size = new Size(width, height).floored(scaleFactor);
    if (images instanceof Images.Bitmaps bitmaps) {
      return new Images.Bitmaps(
          bitmaps.bitmaps().stream()
              .map(bitmap -> Resize.whole(bitmap, size, Filter.LANCZOS))
              .toList());
    }
    Floats planes = planes(((Images.Values) images).tensor());
    return Images.of(Planes.nearest(planes, size.height(), size.width()));
  }

  /**
   * One picture as {@code output_type="pil"} gives it: halves are rounded to even.
   *
   * @param values shape (C, H, W), 0 to 1; C is 1, 3 or 4
   * @throws IllegalArgumentException for another shape
   */
  public static Bitmap postprocess(Floats values) {
    List<Integer> shape = values.shape();
    if (shape.size() != 3) {
      throw new IllegalArgumentException("one picture has the shape (C, H, W), not " + shape);
    }
    int channels = shape.get(0);
    int plane = shape.get(1) * shape.get(2);
    float[] from = values.values();
    byte[] to = new byte[from.length];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < plane; i++) {
        float value = Math.max(0, Math.min(1, from[c * plane + i]));
        to[i * channels + c] = (byte) (int) Math.rint(value * 255f);
      }
    }
    return new Bitmap(shape.get(2), shape.get(1), channels, to);
  }

  /**
   * A mask with soft edges, as Pillow's GaussianBlur makes it.
   *
   * @param factor radius in pixels (the standard deviation), at least 0; 0 leaves it as it is
   * @throws IllegalArgumentException for a radius below 0, or none at all
   */
  public Bitmap blur(Bitmap mask, float factor) {
    return GaussianBlur.blurred(mask, factor);
  }

  /**
   * The region around everything in a mask that is not black, with some more on each side, widened
   * to the proportions of what will be drawn as far as the mask reaches.
   *
   * @param width of what will be drawn
   * @param height of what will be drawn
   * @param pad pixels more on each side, at least 0
   * @throws IllegalArgumentException if the mask is black everywhere
   */
  public static CropRegion cropRegion(Bitmap mask, int width, int height, int pad) {
    return MaskRegion.of(Colours.grey(mask), new Size(width, height), pad);
  }

  /**
   * Puts a drawn picture back into the one it was made for: where the mask is black, the old
   * picture stays.
   *
   * @param mask white is drawn anew; as large as {@code initImage}
   * @param initImage the picture before
   * @param image what was drawn
   * @param crop the part of {@code initImage} that was drawn; empty if it was all of it
   * @return RGB
   * @throws IllegalArgumentException if the mask and the picture differ in size
   */
  public Bitmap applyOverlay(
      Bitmap mask, Bitmap initImage, Bitmap image, Optional<CropRegion> crop) {
    return Overlay.apply(mask, initImage, image, crop);
  }

  private Floats planes(Floats tensor) {
    List<Integer> shape = tensor.shape();
    int sides = shape.size();
    if (sides == 4) {
      return tensor;
    }
    int height = shape.get(sides - 2);
    int width = shape.get(sides - 1);
    if (mask) {
      // Three sides of a mask are a batch of grey pictures, and never channels.
      return Floats.of(tensor.values(), sides == 3 ? shape.get(0) : 1, 1, height, width);
    }
    if (sides == 2) {
      throw new IllegalArgumentException(
          "pictures as numbers have the shape (B, C, H, W) or (C, H, W), not " + shape);
    }
    return Floats.of(tensor.values(), 1, shape.get(0), height, width);
  }

  private Floats stacked(List<Bitmap> resized) {
    List<Bitmap> bitmaps = mask ? resized.stream().map(Colours::grey).toList() : resized;
    Bitmap first = bitmaps.get(0);
    int plane = first.width() * first.height();
    float[] levels = levels();
    float[] values = new float[first.size().numbers((long) first.channels() * bitmaps.size())];
    int start = 0;
    for (Bitmap bitmap : bitmaps) {
      int channels = first.channels();
      if (bitmap.channels() != channels) {
        throw new IllegalArgumentException(
            "the pictures of one batch must have the same channels, but they have %d and %d"
                .formatted(channels, bitmap.channels()));
      }
      byte[] pixels = bitmap.pixels();
      for (int c = 0; c < channels; c++) {
        for (int i = 0; i < plane; i++) {
          values[start++] = levels[pixels[i * channels + c] & 0xff];
        }
      }
    }
    return Floats.of(values, bitmaps.size(), first.channels(), first.height(), first.width());
  }

  /** What each byte becomes, with the roundings of numpy's and torch's float32. */
  private float[] levels() {
    float[] levels = new float[256];
    for (int i = 0; i < levels.length; i++) {
      float level = i / 255f;
      levels[i] = mask ? binary(level) : 2 * level - 1;
    }
    return levels;
  }

  private Floats mapped(Floats planes) {
    float[] from = planes.values();
    float[] to = new float[from.length];
    boolean normalized = !mask && smallest(from) < 0;
    if (normalized) {
      LOG.warn(
          "The picture has values below 0 and is taken to lie between -1 and 1 already;"
              + " pass values between 0 and 1");
    }
    for (int i = 0; i < to.length; i++) {
      to[i] = mask ? binary(from[i]) : normalized ? from[i] : 2 * from[i] - 1;
    }
    List<Integer> shape = planes.shape();
    return Floats.of(to, shape.get(0), shape.get(1), shape.get(2), shape.get(3));
  }

  private static float binary(float value) {
    if (value < 0.5f) {
      return 0;
    }
    return value >= 0.5f ? 1 : value;
  }

  private static float smallest(float[] values) {
    float smallest = Float.POSITIVE_INFINITY;
    for (float value : values) {
      smallest = Math.min(smallest, value);
    }
    return smallest;
  }
}
