package dev.fluxbridge.legacy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.array.Floats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A picture or a mask of a golden case, made by the formulas of tools/reference/made.py: 8-bit
 * samples, row by row, channels innermost, 3 of a picture and 1 of a mask.
 */
public final class MadeInput {
  private final int width;
  private final int height;
  private final int channels;
  private final byte[] pixels;

  private MadeInput(int width, int height, int channels, byte[] pixels) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.pixels = pixels;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  public int channels() {
    return channels;
  }

  /** The samples themselves, not a copy. */
  public byte[] pixels() {
    return pixels;
  }

  /** A picture or a mask. */
  public static MadeInput of(JsonNode input) {
    int width = input.path("width").asInt();
    int height = input.path("height").asInt();
    if (input.path("make").asText().equals("picture")) {
      return picture(width, height, input.path("kind").asInt());
    }
    return mask(width, height, input.path("kind").asText());
  }

  /** Numbers of some shape, such as latents. */
  public static Floats numbers(JsonNode input) {
    int[] shape = new int[input.path("shape").size()];
    int count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = input.path("shape").path(i).asInt();
      count *= shape[i];
    }
    float[] values =
        Recipe.numbers(input.path("name").asText(), count, input.path("amplitude").asDouble());
    return Floats.of(values, shape);
  }

  private static MadeInput picture(int width, int height, int kind) {
    byte[] pixels = new byte[width * height * 3];
    int radius = Math.min(width, height) / 3;
    int centreX = width * (1 + kind % 3) / 4;
    int centreY = height * (1 + kind / 3 % 3) / 4;
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at += 3) {
        boolean inside = away(x, y, centreX, centreY) <= radius * radius;
        pixels[at] = (byte) (inside ? 240 + kind * 60 : x * 255 / Math.max(width - 1, 1));
        pixels[at + 1] = (byte) (inside ? 30 + kind * 90 : y * 255 / Math.max(height - 1, 1));
        pixels[at + 2] = (byte) (inside ? 50 + kind * 40 : x * (kind + 1) * 5 + y * 3);
      }
    }
    return new MadeInput(width, height, 3, pixels);
  }

  private static MadeInput mask(int width, int height, String kind) {
    byte[] pixels = new byte[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        pixels[y * width + x] = (byte) white(x, y, width, height, kind);
      }
    }
    return new MadeInput(width, height, 1, pixels);
  }

  private static int white(int x, int y, int width, int height, String kind) {
    return switch (kind) {
      case "box" ->
          4 * x >= width && 4 * x < 3 * width && 4 * y >= height && 4 * y < 3 * height ? 255 : 0;
      case "right" -> 2 * x >= width ? 255 : 0;
      case "soft" -> {
        int radius = Math.max(Math.min(width, height) / 3, 1);
        int square = radius * radius;
        int inward = square - away(x, y, width / 2, height / 2);
        yield Math.max(0, Math.min(255, 128 + Math.floorDiv(inward * 127, square)));
      }
      default -> throw new AssertionError("no mask of kind " + kind);
    };
  }

  private static int away(int x, int y, int centreX, int centreY) {
    return (x - centreX) * (x - centreX) + (y - centreY) * (y - centreY);
  }

  /** As a tensor of shape (1, channels, H, W), 0 to 1, or -1 to 1 if signed. */
  public Floats tensor(boolean signed) {
    float[] values = new float[pixels.length];
    int plane = width * height;
    for (int at = 0; at < plane; at++) {
      for (int c = 0; c < channels; c++) {
        float unit = (pixels[at * channels + c] & 0xff) / 255f;
        values[c * plane + at] = signed ? unit * 2 - 1 : unit;
      }
    }
    return Floats.of(values, 1, channels, height, width);
  }

  /** The bytes that the reference hashed. */
  static byte[] hashed(JsonNode input) {
    if (!input.path("make").asText().equals("numbers")) {
      return of(input).pixels();
    }
    float[] values = numbers(input).values();
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }
}
