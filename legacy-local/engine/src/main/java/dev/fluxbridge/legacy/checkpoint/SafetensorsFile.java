package dev.fluxbridge.legacy.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One safetensors file: 8 bytes of little-endian header length, a JSON header, the tensors' bytes.
 *
 * <p>The header is believed only as far as it agrees with the file's size. Tensors are mapped into
 * memory; on the CPU those of the wanted precision are used where they lie, all others are
 * converted or copied once. The file must not be cut short while its tensors are in use.
 *
 * <p>Source: the safetensors format, https://github.com/huggingface/safetensors.
 */
final class SafetensorsFile {
  /** The longest header that the format allows, in bytes. */
  private static final long HEADER_CAP = 100_000_000;

  private static final String DAMAGED = "Copy or download it again; it is damaged.";

  private final Path file;
  private final long dataStart;
  private final Map<String, Entry> entries;

  private record Entry(String name, String type, Shape shape, long begin, long end) {
    long length() {
      return end - begin;
    }
  }

  private SafetensorsFile(Path file, long dataStart, Map<String, Entry> entries) {
    this.file = file;
    this.dataStart = dataStart;
    this.entries = entries;
  }

  /**
   * Reads and checks the header.
   *
   * @throws CheckpointException if the file is missing or its header cannot be right
   */
  static SafetensorsFile open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "the file is missing", file, "Copy the whole checkpoint folder as diffusers saved it.");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long header = headerLength(file, channel, size);
      byte[] text = new byte[(int) header];
      read(channel, 8, text.length).get(text);
      JsonNode root = parse(file, text);
      Map<String, Entry> entries = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : root.properties()) {
        if (!field.getKey().equals("__metadata__")) {
          entries.put(
              field.getKey(), entry(file, field.getKey(), field.getValue(), size - 8 - header));
        }
      }
      refuseOverlaps(file, entries);
      return new SafetensorsFile(file, 8 + header, entries);
    } catch (IOException e) {
      throw new CheckpointException(
          "the file cannot be read (" + e + ")", file, "Check its permissions.", e);
    }
  }

  private static long headerLength(Path file, FileChannel channel, long size) throws IOException {
    if (size < 8) {
      throw new CheckpointException(
          "the file is cut short: it has " + size + " bytes and no header", file, DAMAGED);
    }
    long header = read(channel, 0, 8).getLong();
    if (header < 2 || header > HEADER_CAP) {
      throw new CheckpointException(
          "the header says that it is "
              + Long.toUnsignedString(header)
              + " bytes long, and only 2 to "
              + HEADER_CAP
              + " are allowed",
          file,
          "It is damaged or no safetensors file; copy or download it again.");
    }
    if (header > size - 8) {
      throw new CheckpointException(
          "the header says that it is "
              + header
              + " bytes long, but only "
              + (size - 8)
              + " follow",
          file,
          DAMAGED);
    }
    return header;
  }

  private static ByteBuffer read(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new IOException("the file ended while it was read");
      }
    }
    return bytes.flip();
  }

  private static JsonNode parse(Path file, byte[] header) throws IOException {
    try {
      JsonNode root = Config.JSON.readTree(header);
      if (root != null && root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      e.clearLocation();
      throw new CheckpointException(
          "the header is not JSON (" + e.getOriginalMessage() + ")", file, DAMAGED, e);
    }
    throw new CheckpointException("the header is not a JSON object", file, DAMAGED);
  }

  private static Entry entry(Path file, String name, JsonNode node, long dataSize) {
    JsonNode type = node.path("dtype");
    JsonNode shape = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    if (!type.isTextual() || !shape.isArray() || !offsets.isArray() || offsets.size() != 2) {
      throw new CheckpointException(
          "the header's entry for " + name + " lacks dtype, shape or data_offsets", file, DAMAGED);
    }
    long[] sides = new long[shape.size()];
    for (int i = 0; i < sides.length; i++) {
      sides[i] = natural(file, name, shape.get(i));
    }
    long begin = natural(file, name, offsets.get(0));
    long end = natural(file, name, offsets.get(1));
    if (begin > end) {
      throw new CheckpointException(
          "the header places " + name + " at bytes " + begin + " to " + end, file, DAMAGED);
    }
    if (end > dataSize) {
      throw new CheckpointException(
          "the file is cut short: "
              + name
              + " ends at byte "
              + end
              + " of the data, which has "
              + dataSize,
          file,
          DAMAGED);
    }
    Entry entry = new Entry(name, type.textValue(), new Shape(sides), begin, end);
    long bytes = elementSize(entry.type);
    try {
      for (long side : sides) {
        bytes = Math.multiplyExact(bytes, side);
      }
    } catch (ArithmeticException e) {
      bytes = -1;
    }
    if (elementSize(entry.type) > 0 && bytes != entry.length()) {
      throw new CheckpointException(
          "the header gives "
              + name
              + " the shape "
              + entry.shape
              + " of "
              + entry.type
              + " but "
              + entry.length()
              + " bytes",
          file,
          DAMAGED);
    }
    return entry;
  }

  private static long natural(Path file, String name, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw new CheckpointException(
          "the header's entry for " + name + " has " + node + " where a size or an offset belongs",
          file,
          DAMAGED);
    }
    return node.longValue();
  }

  private static void refuseOverlaps(Path file, Map<String, Entry> entries) {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).begin < sorted.get(i - 1).end) {
        throw new CheckpointException(
            "the header lets " + sorted.get(i - 1).name + " and " + sorted.get(i).name + " overlap",
            file,
            DAMAGED);
      }
    }
  }

  /** Empty for a type that cannot be loaded. */
  private static Optional<Precision> precision(String type) {
    return switch (type) {
      case "F32" -> Optional.of(Precision.FLOAT32);
      case "F16" -> Optional.of(Precision.FLOAT16);
      case "BF16" -> Optional.of(Precision.BFLOAT16);
      default -> Optional.empty();
    };
  }

  /** Bytes of one element, or 0 for a type that cannot be loaded. */
  private static int elementSize(String type) {
    return precision(type).map(Precision::bytes).orElse(0);
  }

  /** The file itself. */
  Path file() {
    return file;
  }

  /** The names of all tensors. */
  Set<String> names() {
    return entries.keySet();
  }

  /** The shape of a tensor, empty if the file does not have it. */
  Optional<Shape> shape(String name) {
    return Optional.ofNullable(entries.get(name)).map(Entry::shape);
  }

  /**
   * Loads one tensor.
   *
   * @throws CheckpointException if its type cannot be loaded
   */
  NDArray load(String name, Placement placement) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no such tensor: " + name);
    }
    Precision stored =
        precision(entry.type)
            .orElseThrow(
                () ->
                    new CheckpointException(
                        name
                            + " is stored as "
                            + entry.type
                            + ", and only F32, F16 and BF16 can be loaded",
                        file,
                        "Use a checkpoint that is not quantised."));
    return placement.place(map(entry), entry.shape, stored);
  }

  private ByteBuffer map(Entry entry) {
    if (entry.length() > Integer.MAX_VALUE) {
      throw new CheckpointException(
          entry.name + " has " + entry.length() + " bytes, and 2 GiB is the most for one tensor",
          file,
          "Store it in half precision.");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long position = dataStart + entry.begin;
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, position, entry.length());
      if (position % elementSize(entry.type) != 0) {
        // Native code wants whole elements at aligned addresses; writers pad the header for that,
        // but the format does not make them.
        bytes = ByteBuffer.allocateDirect((int) entry.length()).put(bytes).flip();
      }
      return bytes.order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new CheckpointException(
          entry.name + " cannot be mapped into memory (" + e + ")", file, "Check the disk.", e);
    }
  }
}
