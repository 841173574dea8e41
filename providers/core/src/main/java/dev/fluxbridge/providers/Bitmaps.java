package dev.fluxbridge.providers;

import dev.fluxbridge.providers.BackendException.Reason;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Turns what callers hand over and what backends give back into 8-bit pixels, and those into PNG
 * files. Writes nothing to disk.
 */
public final class Bitmaps {
  private static final int CHANNELS = 3;

  private Bitmaps() {}

  /**
   * A result's picture in red, green and blue; an alpha channel is left out.
   *
   * @throws BackendException {@code BAD_REPLY} if the file that came cannot be decoded
   * @throws IllegalArgumentException for latents, which are no pixels
   */
  public static Bitmap of(Picture picture) {
    if (picture instanceof Picture.Encoded encoded) {
      return ofFile(encoded);
    }
    if (picture instanceof Picture.Pixels pixels) {
      return ofPlanes(pixels.values(), 0, CHANNELS);
    }
    throw new IllegalArgumentException("latents are no pixels: decode them first");
  }

  /**
   * The picture of a file in red, green, blue and alpha, opaque where the file has no alpha.
   *
   * @throws BackendException {@code BAD_REPLY} if the file cannot be decoded
   */
  public static Bitmap withAlpha(Picture.Encoded picture) {
    BufferedImage image = decoded(picture);
    Bitmap rgb = colours(image);
    int[] packed = image.getRGB(0, 0, rgb.width(), rgb.height(), null, 0, rgb.width());
    byte[] pixels = new byte[packed.length * 4];
    for (int i = 0; i < packed.length; i++) {
      System.arraycopy(rgb.pixels(), i * CHANNELS, pixels, i * 4, CHANNELS);
      pixels[i * 4 + CHANNELS] = (byte) (packed[i] >> 24);
    }
    return new Bitmap(rgb.width(), rgb.height(), 4, pixels);
  }

  /**
   * What a caller handed over, as 8-bit pixels with the channels that it has. Numbers go from 0 to
   * 1, or, where one of them is below 0, from -1 to 1, as the old image processors took them.
   *
   * @throws IllegalArgumentException for tensors of other than 1, 3 or 4 channels, such as latents
   */
  public static List<Bitmap> of(Images images) {
    if (images instanceof Images.Bitmaps given) {
      return given.bitmaps();
    }
    Tensor tensor = ((Images.Values) images).tensor();
    int sides = tensor.shape().size();
    int channels = sides == 2 ? 1 : tensor.side(sides - 3);
    // Of three sides the first is the channels, or for masks the batch: both are read the same.
    boolean greys = sides == 3 && channels != 3 && channels != 4;
    int each = greys ? 1 : channels;
    int count = sides == 4 ? tensor.side(0) : greys ? channels : 1;
    if (each != 1 && each != 3 && each != 4) {
      throw new IllegalArgumentException(
          "a tensor of %d channels is no picture (1, 3 or 4 channels): its shape is %s"
              .formatted(each, tensor.shape()));
    }
    Tensor from0To1 = anyBelow0(tensor) ? raised(tensor) : tensor;
    List<Bitmap> bitmaps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bitmaps.add(ofPlanes(from0To1, i, each));
    }
    return List.copyOf(bitmaps);
  }

  private static boolean anyBelow0(Tensor tensor) {
    for (float value : tensor.values()) {
      if (value < 0) {
        return true;
      }
    }
    return false;
  }

  /** From -1 to 1 to 0 to 1. */
  private static Tensor raised(Tensor tensor) {
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] * 0.5f + 0.5f;
    }
    return Tensor.of(values, tensor.shape().stream().mapToInt(side -> side).toArray());
  }

  /** A PNG file of the same pixels. */
  public static byte[] png(Bitmap bitmap) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image(bitmap), "png", out)) {
        throw new IllegalStateException("this JDK writes no PNG files");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a picture could not be written into memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * A JPEG file of about the same pixels, to be looked at and never to be compared.
   *
   * @param bitmap with one or three channels
   * @param quality from 0 to 1
   */
  public static byte[] jpeg(Bitmap bitmap, double quality) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality((float) quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image(bitmap), null, null), how);
    } catch (IOException e) {
      throw new UncheckedIOException("a picture could not be written into memory", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static Bitmap ofPlanes(Tensor tensor, int index, int channels) {
    int sides = tensor.shape().size();
    int height = tensor.side(sides - 2);
    int width = tensor.side(sides - 1);
    int plane = width * height;
    int start = index * channels * plane;
    byte[] pixels = new byte[channels * plane];
    for (int i = 0; i < plane; i++) {
      for (int c = 0; c < channels; c++) {
        pixels[i * channels + c] = (byte) toByte(tensor.values()[start + c * plane + i]);
      }
    }
    return new Bitmap(width, height, channels, pixels);
  }

  /** As the old image processor did: round half to even. */
  private static int toByte(float value) {
    return (int) Math.rint(Math.min(1f, Math.max(0f, value)) * 255f);
  }

  private static Bitmap ofFile(Picture.Encoded picture) {
    return colours(decoded(picture));
  }

  private static Bitmap colours(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] pixels = new byte[CHANNELS * width * height];
    if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      // The JDK takes greys for linear light and would make them brighter.
      int shift = image.getSampleModel().getSampleSize(0) - 8;
      for (int i = 0; i < pixels.length; i++) {
        int at = i / CHANNELS;
        int grey = image.getRaster().getSample(at % width, at / width, 0);
        pixels[i] = (byte) (shift > 0 ? grey >> shift : grey);
      }
      return new Bitmap(width, height, CHANNELS, pixels);
    }
    if (isPlain(image)) {
      image.getRaster().getDataElements(0, 0, width, height, pixels);
      return new Bitmap(width, height, CHANNELS, pixels);
    }
    int[] packed = image.getRGB(0, 0, width, height, null, 0, width);
    for (int i = 0; i < packed.length; i++) {
      pixels[CHANNELS * i] = (byte) (packed[i] >> 16);
      pixels[CHANNELS * i + 1] = (byte) (packed[i] >> 8);
      pixels[CHANNELS * i + 2] = (byte) packed[i];
    }
    return new Bitmap(width, height, CHANNELS, pixels);
  }

  /** Whether its samples are the very bytes that are wanted, which are then copied as they are. */
  private static boolean isPlain(BufferedImage image) {
    return image.getColorModel() instanceof ComponentColorModel colours
        && colours.getColorSpace().isCS_sRGB()
        && colours.getTransferType() == DataBuffer.TYPE_BYTE
        && colours.getNumComponents() == CHANNELS
        && colours.getComponentSize(0) == Byte.SIZE;
  }

  private static BufferedImage decoded(Picture.Encoded picture) {
    try {
      // It closes what it reads from, and keeps nothing on disk.
      BufferedImage image =
          ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(picture.bytes())));
      if (image != null) {
        return image;
      }
    } catch (IOException | RuntimeException e) {
      throw new BackendException(
          Reason.BAD_REPLY, "The %s that came back cannot be decoded".formatted(picture), e);
    }
    throw new BackendException(
        Reason.BAD_REPLY, "No decoder is installed for the %s that came back".formatted(picture));
  }

  private static BufferedImage image(Bitmap bitmap) {
    int type =
        switch (bitmap.channels()) {
          case 1 -> BufferedImage.TYPE_BYTE_GRAY;
          case 3 -> BufferedImage.TYPE_3BYTE_BGR;
          default -> BufferedImage.TYPE_4BYTE_ABGR;
        };
    BufferedImage image = new BufferedImage(bitmap.width(), bitmap.height(), type);
    int[] samples = new int[bitmap.pixels().length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = bitmap.pixels()[i] & 0xff;
    }
    image.getRaster().setPixels(0, 0, bitmap.width(), bitmap.height(), samples);
    return image;
  }
}
