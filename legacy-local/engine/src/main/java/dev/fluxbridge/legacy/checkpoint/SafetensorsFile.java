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
import java.nio.file.attribute.FileTime;
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
public final class SafetensorsFile {
  /** The longest header that the format allows, in bytes. */
  private static final long HEADER_CAP = 100_000_000;

  private static final String DAMAGED = "Copy or download it again; it is damaged.";

  private final Path file;
  private final long size;
  private final FileTime changed;
  private final long dataStart;
  private final Map<String, Entry> entries;
  private final Map<String, String> metadata;

  private record Entry(String name, String type, Shape shape, long begin, long end) {
    long length() {
      return end - begin;
    }
  }

  private SafetensorsFile(
      Path file,
      long size,
      FileTime changed,
      long dataStart,
      Map<String, Entry> entries,
      Map<String, String> metadata) {
    this.file = file;
    this.size = size;
    this.changed = changed;
    this.dataStart = dataStart;
    this.entries = entries;
    this.metadata = metadata;
  }

  /**
   * Reads and checks the header.
   *
   * @throws CheckpointException if the file is missing or its header cannot be right
   */
  public static SafetensorsFile open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "the file is missing", file, "Copy the whole checkpoint folder as diffusers saved it.");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FileTime changed = Files.getLastModifiedTime(file);
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
      Map<String, String> metadata = new LinkedHashMap<>();
      root.path("__metadata__")
          .properties()
          .forEach(field -> metadata.put(field.getKey(), field.getValue().asText()));
      return new SafetensorsFile(file, size, changed, 8 + header, entries, metadata);
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
    byte[] first = new byte[8];
    ByteBuffer start = read(channel, 0, first.length);
    start.duplicate().get(first);
    Foreign.refuseMagic(file, first);
    long header = start.getLong();
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
  private static Optional<Precision> precisionOf(String type) {
    return switch (type) {
      case "F32" -> Optional.of(Precision.FLOAT32);
      case "F16" -> Optional.of(Precision.FLOAT16);
      case "BF16" -> Optional.of(Precision.BFLOAT16);
      default -> Optional.empty();
    };
  }

  /** Bytes of one element, or 0 for a type that cannot be loaded. */
  private static int elementSize(String type) {
    return precisionOf(type).map(Precision::bytes).orElse(0);
  }

  /** The file itself. */
  public Path file() {
    return file;
  }

  /** The names of all tensors. */
  public Set<String> names() {
    return entries.keySet();
  }

  /** What the writer noted beside the tensors. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The shape of a tensor, empty if the file does not have it. */
  public Optional<Shape> shape(String name) {
    return Optional.ofNullable(entries.get(name)).map(Entry::shape);
  }

  /** Whether the file has that tensor. */
  boolean has(String name) {
    return entries.containsKey(name);
  }

  /** How many rows a tensor has: its outermost side, 1 for a single number. */
  long rows(String name) {
    Shape shape = find(name).shape;
    return shape.dimension() == 0 ? 1 : shape.get(0);
  }

  /** The shape of that many rows of a tensor. */
  Shape shape(String name, long rows) {
    long[] sides = find(name).shape.getShape().clone();
    if (sides.length > 0) {
      sides[0] = rows;
    }
    return new Shape(sides);
  }

  /**
   * The precision in which a tensor is stored.
   *
   * @throws CheckpointException if it cannot be loaded
   */
  Precision precision(String name) {
    String type = find(name).type;
    return precisionOf(type)
        .orElseThrow(
            () ->
                new CheckpointException(
                    name
                        + " is stored as "
                        + type
                        + Foreign.quantised(names()).map(how -> " (" + how + ")").orElse("")
                        + ", and only F32, F16 and BF16 can be loaded",
                    file,
                    "Use a checkpoint that is not quantised. " + Foreign.LOADABLE));
  }

  /**
   * Refuses a file whose tensors' names tell that it is quantised.
   *
   * @throws CheckpointException if so
   */
  void refuseQuantised() {
    Foreign.quantised(names())
        .ifPresent(
            how -> {
              throw new CheckpointException("the weights are " + how, file, Foreign.LOADABLE);
            });
  }

  /**
   * Refuses a file that is not what was opened: its tensors would be another file's bytes.
   *
   * @throws CheckpointException if its size or its time of change is another
   */
  void refuseChanged() {
    try {
      if (Files.size(file) != size || !Files.getLastModifiedTime(file).equals(changed)) {
        throw new CheckpointException(
            "the file changed while it was loaded", file, "Load it again when it is complete.");
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "the file went away while it was loaded (" + e + ")", file, DAMAGED, e);
    }
  }

  /**
   * Loads some rows of a tensor.
   *
   * @throws CheckpointException if its type cannot be loaded
   */
  NDArray load(String name, long firstRow, long rows, Placement placement) {
    Precision stored = precision(name);
    Entry entry = find(name);
    long row = entry.length() / Math.max(1, rows(name));
    ByteBuffer bytes = map(name, stored, entry.begin + firstRow * row, rows * row);
    return placement.place(bytes, shape(name, rows), stored);
  }

  /**
   * Loads a tensor.
   *
   * @throws CheckpointException if its type cannot be loaded
   */
  public NDArray load(String name, Placement placement) {
    return load(name, 0, rows(name), placement);
  }

  /** Loads a tensor with the second half of its rows before the first: a copy. */
  NDArray loadSwapped(String name, Placement placement) {
    Precision stored = precision(name);
    Entry entry = find(name);
    int half = Math.toIntExact(entry.length() / 2);
    ByteBuffer bytes = map(name, stored, entry.begin, entry.length());
    ByteBuffer swapped = ByteBuffer.allocateDirect(2 * half).order(ByteOrder.LITTLE_ENDIAN);
    swapped.put(bytes.duplicate().position(half)).put(bytes.duplicate().limit(half)).flip();
    return placement.place(swapped, entry.shape, stored);
  }

  private Entry find(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no such tensor: " + name);
    }
    return entry;
  }

  private ByteBuffer map(String name, Precision stored, long begin, long length) {
    if (length > Integer.MAX_VALUE) {
      throw new CheckpointException(
          name + " has " + length + " bytes, and 2 GiB is the most for one tensor",
          file,
          "Store it in half precision.");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long position = dataStart + begin;
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, position, length);
      if (position % stored.bytes() != 0) {
        // Native code wants whole elements at aligned addresses; writers pad the header for that,
        // but the format does not make them.
        bytes = ByteBuffer.allocateDirect((int) length).put(bytes).flip();
      }
      return bytes.order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new CheckpointException(
          name + " cannot be mapped into memory (" + e + ")", file, DAMAGED, e);
    }
  }
}
