package dev.fluxbridge.legacy.picture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.array.Floats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The inputs of tools/reference/pictures.py, made again by the same formulas. */
final class Bitmaps {
  private Bitmaps() {}

  static List<JsonNode> goldens(String name) {
    List<JsonNode> cases = new ArrayList<>();
    Golden.json("pictures.json").path(name).forEach(cases::add);
    return cases;
  }

  /** A ramp with noise on it. */
  static Bitmap picture(int width, int height, int channels, int seed) {
    Bitmap picture = Bitmap.black(new Size(width, height), channels);
    int state = seed;
    for (int i = 0; i < picture.pixels().length; i++) {
      state = (state * 1103515245 + 12345) & 0x7fffffff;
      int pixel = i / channels;
      int ramp = pixel % width * 5 + pixel / width * 3 + i % channels * 70;
      picture.pixels()[i] = (byte) (ramp + (state >> 16) % 97);
    }
    return picture;
  }

  /** A black mask with a block that is bright and not quite even. */
  static Bitmap block(Size size, CropRegion bright) {
    Bitmap mask = Bitmap.black(size, 1);
    for (int y = bright.top(); y < bright.bottom(); y++) {
      for (int x = bright.left(); x < bright.right(); x++) {
        mask.pixels()[y * size.width() + x] = (byte) (255 - x * y % 40);
      }
    }
    return mask;
  }

  static Floats tensor(double low, int... shape) {
    int size = 1;
    for (int side : shape) {
      size *= side;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (Math.sin(0.37 * i) * 0.5 + 0.5 + low);
    }
    return Floats.of(values, shape);
  }

  static int[] ints(JsonNode list) {
    int[] ints = new int[list.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = list.get(i).asInt();
    }
    return ints;
  }

  static Size size(JsonNode list) {
    return new Size(list.get(0).asInt(), list.get(1).asInt());
  }

  static CropRegion region(JsonNode list) {
    int[] sides = ints(list);
    return new CropRegion(sides[0], sides[1], sides[2], sides[3]);
  }

  static String hash(Bitmap bitmap) {
    return hash(bitmap.pixels());
  }

  static String hash(Floats floats) {
    ByteBuffer bytes =
        ByteBuffer.allocate(floats.values().length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(floats.values());
    return hash(bytes.array());
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
