package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Tensor;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what old callers hand over as a picture. Grey stays grey, with the numbers that the file
 * had; everything else becomes RGB, or RGBA where it is transparent; 16 bits become 8, rounded.
 */
final class GivenPictures {
  private static final Set<Integer> CHANNELS = Set.of(1, 3, 4);

  /** Bytes in a Java array. */
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  private GivenPictures() {}

  /**
   * A picture, a list of them, or numbers.
   *
   * @throws IllegalArgumentException for anything else, naming the argument
   */
  static Images read(String name, @Nullable Object value) {
    if (value instanceof BufferedImage image) {
      return Images.of(bitmap(name, image));
    }
    if (value instanceof Tensor tensor) {
      return numbers(name, tensor);
    }
    if (value instanceof List<?> list && !list.isEmpty()) {
      if (list.stream().allMatch(BufferedImage.class::isInstance)) {
        return new Images.Bitmaps(
            list.stream().map(image -> bitmap(name, (BufferedImage) image)).toList());
      }
      if (list.stream().allMatch(Tensor.class::isInstance)) {
        return numbers(name, joined(name, list.stream().map(Tensor.class::cast).toList()));
      }
    }
    throw new IllegalArgumentException(
        "`%s` must be a BufferedImage, a Tensor, or a list of one kind of them, but is of type %s"
            .formatted(name, Python.type(value)));
  }

  private static Images numbers(String name, Tensor tensor) {
    try {
      return Images.of(channelsFirst(tensor));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("`" + name + "`: " + e.getMessage(), e);
    }
  }

  /** Numpy had the channels last: three or four sides of which only the last can be channels. */
  private static Tensor channelsFirst(Tensor tensor) {
    List<Integer> shape = tensor.shape();
    int sides = shape.size();
    boolean last =
        (sides == 3 || sides == 4)
            && CHANNELS.contains(shape.get(sides - 1))
            && !CHANNELS.contains(shape.get(sides - 3));
    if (!last) {
      return tensor;
    }
    int channels = shape.get(sides - 1);
    int plane = shape.get(sides - 2) * shape.get(sides - 3);
    int count = sides == 4 ? shape.get(0) : 1;
    float[] from = tensor.values();
    float[] to = new float[from.length];
    for (int i = 0; i < from.length; i++) {
      int picture = i / (plane * channels);
      int pixel = i / channels % plane;
      to[(picture * channels + i % channels) * plane + pixel] = from[i];
    }
    return Tensor.of(to, count, channels, shape.get(sides - 3), shape.get(sides - 2));
  }

  /** Several tensors as one batch; those without a side for the batch are one picture each. */
  private static Tensor joined(String name, List<Tensor> tensors) {
    List<Integer> one = item(tensors.get(0).shape());
    int count = 0;
    int size = 0;
    for (Tensor tensor : tensors) {
      if (!item(tensor.shape()).equals(one)) {
        throw new IllegalArgumentException(
            "`%s`: its tensors must have the same shape to be one batch, but have %s and %s"
                .formatted(name, tensors.get(0).shape(), tensor.shape()));
      }
      count += tensor.shape().size() == 4 ? tensor.side(0) : 1;
      size = Math.addExact(size, tensor.values().length);
    }
    float[] all = new float[size];
    int at = 0;
    for (Tensor tensor : tensors) {
      System.arraycopy(tensor.values(), 0, all, at, tensor.values().length);
      at += tensor.values().length;
    }
    List<Integer> sides = new ArrayList<>(one);
    sides.add(0, count);
    return Tensor.of(all, sides.stream().mapToInt(Integer::intValue).toArray());
  }

  private static List<Integer> item(List<Integer> shape) {
    return shape.size() == 4 ? shape.subList(1, 4) : shape;
  }

  /**
   * One picture.
   *
   * @throws IllegalArgumentException for colours that it would get wrong, naming the argument
   */
  static Bitmap bitmap(String name, BufferedImage image) {
    if ((long) image.getWidth() * image.getHeight() * 4 > LARGEST) {
      throw new IllegalArgumentException(
          "`%s` has %dx%d pixels, more than a call can hold"
              .formatted(name, image.getWidth(), image.getHeight()));
    }
    ColorModel colours = image.getColorModel();
    int space = colours.getColorSpace().getType();
    if (space != ColorSpace.TYPE_RGB && space != ColorSpace.TYPE_GRAY) {
      throw new IllegalArgumentException(
          "`%s` is a picture in %s; convert it to RGB first"
              .formatted(name, space == ColorSpace.TYPE_CMYK ? "CMYK" : "other colours than RGB"));
    }
    // Java takes grey numbers for linear light and would change them on the way to RGB.
    return space == ColorSpace.TYPE_GRAY && !(colours instanceof IndexColorModel)
        ? grey(image)
        : rgb(image);
  }

  private static Bitmap grey(BufferedImage image) {
    Raster raster = image.getRaster();
    int width = image.getWidth();
    int height = image.getHeight();
    boolean transparent = image.getColorModel().hasAlpha() && raster.getNumBands() == 2;
    int[] samples = raster.getSamples(0, 0, width, height, 0, (int[]) null);
    int most = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
    if (!transparent) {
      byte[] pixels = new byte[samples.length];
      for (int i = 0; i < samples.length; i++) {
        pixels[i] = eightBits(samples[i], most);
      }
      return new Bitmap(width, height, 1, pixels);
    }
    int[] alphas = raster.getSamples(0, 0, width, height, 1, (int[]) null);
    int mostAlpha = (1 << raster.getSampleModel().getSampleSize(1)) - 1;
    byte[] pixels = new byte[4 * samples.length];
    for (int i = 0; i < samples.length; i++) {
      byte value = eightBits(samples[i], most);
      pixels[4 * i] = value;
      pixels[4 * i + 1] = value;
      pixels[4 * i + 2] = value;
      pixels[4 * i + 3] = eightBits(alphas[i], mostAlpha);
    }
    return new Bitmap(width, height, 4, pixels);
  }

  private static byte eightBits(int sample, int most) {
    return most == 255 ? (byte) sample : (byte) Math.round(sample * 255.0 / most);
  }

  private static Bitmap rgb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int channels = image.getColorModel().hasAlpha() ? 4 : 3;
    byte[] pixels = new byte[width * height * channels];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        pixels[at] = (byte) (argb >> 16);
        pixels[at + 1] = (byte) (argb >> 8);
        pixels[at + 2] = (byte) argb;
        if (channels == 4) {
          pixels[at + 3] = (byte) (argb >> 24);
        }
        at += channels;
      }
    }
    return new Bitmap(width, height, channels, pixels);
  }
}
