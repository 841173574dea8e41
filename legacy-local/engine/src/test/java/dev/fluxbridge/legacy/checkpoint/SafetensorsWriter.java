package dev.fluxbridge.legacy.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/** Writes safetensors files for tests, right ones and, by {@link #file}, any other. */
public final class SafetensorsWriter {
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private BiFunction<String, Integer, float[]> values = SafetensorsWriter::filled;
  private String type = "F32";

  public static SafetensorsWriter of(ExpectedTensors tensors) {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.shapes.putAll(tensors.shapes());
    return writer;
  }

  public SafetensorsWriter values(BiFunction<String, Integer, float[]> values) {
    this.values = values;
    return this;
  }

  public SafetensorsWriter type(String type) {
    this.type = type;
    return this;
  }

  public Map<String, Shape> shapes() {
    return shapes;
  }

  /** The fill rule of the golden numbers: a sine whose phase comes from the name. */
  public static float[] filled(String name, int count) {
    long hash = 0;
    for (int i = 0; i < name.length(); i++) {
      hash += name.charAt(i) * (i + 1L);
    }
    float[] filled = new float[count];
    for (int j = 0; j < count; j++) {
      filled[j] = (float) (0.08 * Math.sin(0.37 * j + 0.01 * (hash % 997)));
    }
    if (name.contains("norm") && name.endsWith("weight") && !name.endsWith("linear.weight")) {
      for (int j = 0; j < count; j++) {
        filled[j] += 1;
      }
    }
    return filled;
  }

  public Path write(Path file) {
    ObjectNode header = Config.JSON.createObjectNode();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    shapes.forEach(
        (name, shape) -> {
          ObjectNode entry = header.putObject(name).put("dtype", type);
          for (long side : shape.getShape()) {
            entry.withArray("shape").add(side);
          }
          entry.withArray("data_offsets").add(data.size());
          for (float value : values.apply(name, (int) shape.size())) {
            data.writeBytes(bytes(value));
          }
          entry.withArray("data_offsets").add(data.size());
        });
    return file(file, header.toString(), data.toByteArray());
  }

  private byte[] bytes(float value) {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    if (type.equals("F32")) {
      return bytes.putFloat(value).array();
    }
    short half =
        type.equals("BF16") ? (short) (Float.floatToRawIntBits(value) >>> 16) : halfOf(value);
    return ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(half).array();
  }

  /** float16 of a normal number, cut and not rounded. */
  private static short halfOf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int exponent = ((bits >>> 23) & 0xff) - 127 + 15;
    int sign = (bits >>> 16) & 0x8000;
    return (short) (exponent <= 0 ? sign : sign | (exponent << 10) | ((bits >>> 13) & 0x3ff));
  }

  /** A file of just that header and data, padded as writers do. */
  public static Path file(Path file, String header, byte[] data) {
    byte[] text = (header + " ".repeat(Math.floorMod(-header.length(), 8))).getBytes(UTF_8);
    return file(file, text.length, text, data);
  }

  /** A file that claims some other length of its header. */
  public static Path file(Path file, long claimed, byte[] header, byte[] data) {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    try {
      return Files.write(file, bytes.putLong(claimed).put(header).put(data).array());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
