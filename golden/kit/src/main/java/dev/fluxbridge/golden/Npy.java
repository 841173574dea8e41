package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Numbers as NumPy keeps them in a file: 32 bits, little endian, row by row. It reads nothing else.
 *
 * <p>Source: NumPy Enhancement Proposal 1, version 1.0 of the format.
 */
final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int START = MAGIC.length + Short.BYTES;
  private static final int ALIGNED = 64;
  private static final int MOST_SIDES = 8;
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \\(([\\d, ]*)\\), \\}\\s*");

  private Npy() {}

  static byte[] write(Tensor tensor) {
    String shape =
        tensor.shape().stream().map(side -> side + ",").collect(Collectors.joining(" ", "(", ")"));
    // Python writes a comma behind the only side of a line, and none behind the last of several.
    if (tensor.shape().size() != 1) {
      shape = shape.replace(",)", ")");
    }
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }".formatted(shape);
    int data = (START + header.length() + 1 + ALIGNED - 1) / ALIGNED * ALIGNED;
    ByteBuffer buffer =
        ByteBuffer.allocate(data + tensor.values().length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(MAGIC).putShort((short) (data - START));
    buffer.put(header.getBytes(StandardCharsets.US_ASCII));
    Arrays.fill(buffer.array(), buffer.position(), data - 1, (byte) ' ');
    buffer.array()[data - 1] = '\n';
    buffer.position(data);
    buffer.asFloatBuffer().put(tensor.values());
    return buffer.array();
  }

  /**
   * The numbers of a file.
   *
   * @param what the file, for messages
   * @throws GoldenException unless it is whole and holds 32-bit numbers in row order
   */
  static Tensor read(byte[] bytes, String what) {
    if (bytes.length < START || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new GoldenException(
          what + " is not a NumPy file of version 1.0: save it anew with numpy.save");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int data = START + (buffer.getShort(MAGIC.length) & 0xffff);
    String header =
        new String(bytes, START, Math.min(data, bytes.length) - START, StandardCharsets.ISO_8859_1);
    Matcher fields = HEADER.matcher(header);
    if (data > bytes.length || !fields.matches()) {
      throw new GoldenException(what + " has a damaged header: take the golden anew");
    }
    if (!fields.group(1).equals("<f4") || fields.group(2).equals("True")) {
      throw new GoldenException(
          "%s holds '%s'%s, but latents of a golden are '<f4' in row order: save numpy.ascontiguousarray(a, numpy.float32)"
              .formatted(
                  what, fields.group(1), fields.group(2).equals("True") ? " in column order" : ""));
    }
    int[] shape = shape(fields.group(3), what);
    long values = 1;
    for (int side : shape) {
      values = Math.min(values * side, Integer.MAX_VALUE);
    }
    if (values * Float.BYTES != bytes.length - data) {
      throw new GoldenException(
          "%s is cut off or damaged: shape %s takes %d bytes of numbers but it has %d"
              .formatted(what, Arrays.toString(shape), values * Float.BYTES, bytes.length - data));
    }
    float[] numbers = new float[(int) values];
    buffer.position(data);
    buffer.asFloatBuffer().get(numbers);
    return Tensor.of(numbers, shape);
  }

  private static int[] shape(String sides, String what) {
    List<String> texts =
        Arrays.stream(sides.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
    try {
      if (texts.size() <= MOST_SIDES) {
        return texts.stream().mapToInt(Integer::parseInt).toArray();
      }
    } catch (NumberFormatException tooLarge) {
      // told below
    }
    throw new GoldenException(what + " has a damaged header: its shape is (" + sides + ")");
  }
}
