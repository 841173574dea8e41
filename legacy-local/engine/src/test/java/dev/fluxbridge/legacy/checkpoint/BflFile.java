package dev.fluxbridge.legacy.checkpoint;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.legacy.Golden;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** Writes the golden numbers' transformer of one double and one single block in BFL's names. */
public final class BflFile {
  private BflFile() {}

  /** The same numbers as {@link SafetensorsWriter#filled} gives them in diffusers' names. */
  public static Path write(Path file, ExpectedTensors tensors, String prefix) {
    ObjectNode header = Config.JSON.createObjectNode();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    Golden.json("single_file.json")
        .path("stored")
        .fieldNames()
        .forEachRemaining(
            name -> {
              List<String> words = BflNames.inDiffusersWords(name);
              Shape first = tensors.shapes().get(words.get(0));
              if (first == null) {
                return;
              }
              int start = data.size();
              long rows = 0;
              for (String word : words) {
                Shape shape = tensors.shapes().getOrDefault(word, first);
                rows += shape.get(0);
                append(data, word, (int) shape.size());
              }
              ObjectNode entry = header.putObject(prefix + name).put("dtype", "F32");
              entry.withArray("shape").add(rows);
              if (first.dimension() > 1) {
                entry.withArray("shape").add(first.get(1));
              }
              entry.withArray("data_offsets").add(start).add(data.size());
            });
    return SafetensorsWriter.file(file, header.toString(), data.toByteArray());
  }

  private static void append(ByteArrayOutputStream data, String word, int count) {
    float[] values = SafetensorsWriter.filled(word, count);
    int shift = word.startsWith("norm_out.") ? count / 2 : 0;
    ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(values[(i + shift) % count]);
    }
    data.writeBytes(bytes.array());
  }
}
