package dev.fluxbridge.legacy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What tools/reference wrote: JSON and float32 safetensors, read without the engine's own reader.
 */
public final class Golden {
  private static final String FOLDER = "/dev/fluxbridge/legacy/golden/";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Golden() {}

  public static JsonNode json(String name) {
    try {
      return JSON.readTree(bytes(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public static float[] tensor(String file, String name) {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[(int) bytes.getLong()];
    bytes.get(header);
    try {
      JsonNode offsets = JSON.readTree(header).path(name).path("data_offsets");
      int begin = offsets.path(0).asInt();
      float[] values = new float[(offsets.path(1).asInt() - begin) / Float.BYTES];
      bytes.position(bytes.position() + begin);
      bytes.asFloatBuffer().get(values);
      return values;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String name) {
    try (InputStream in = Golden.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new AssertionError("no golden file " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
