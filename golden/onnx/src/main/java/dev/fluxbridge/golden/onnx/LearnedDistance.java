package dev.fluxbridge.golden.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.golden.PictureMeasure;
import dev.fluxbridge.golden.metrics.Direction;
import dev.fluxbridge.golden.onnx.Network.Given;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Colours;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How far two pictures are apart for a network that learned it from people, such as LPIPS or DISTS;
 * 0 is the same. Which network is the user's choice, who names its ONNX file.
 *
 * <pre>{@code
 * try (LearnedDistance lpips = LearnedDistance.open(Path.of("lpips-alex.onnx"), PixelRange.MINUS_1_TO_1)) {
 *   assertThat(output.result()).withThreshold(lpips, 0.2).matchesGolden("red circle");
 * }
 * }</pre>
 *
 * <p>The file takes two inputs of shape (B, 3, H, W), 32-bit floats, red green blue, the golden
 * first; and gives one number a pair. Pictures keep their size. Safe for use by several threads,
 * which wait for each other; it holds native memory until it is closed.
 *
 * <p>Source: LPIPS is Zhang and others 2018, DISTS is Ding and others 2020.
 */
public final class LearnedDistance implements PictureMeasure, AutoCloseable {
  private static final String EXPECTED =
      "a distance of two pictures (two inputs of 32-bit floats, [B, 3, H, W] each, and one number a pair)";
  private static final int COLOURS = 3;
  private static final double SLACK = 0.005;

  private final Network network;
  private final PixelRange range;
  private final List<String> inputs;
  private final String output;
  private final Floats ofGolden = new Floats();
  private final Floats ofReceived = new Floats();
  private final String name;
  private final String label;

  private LearnedDistance(Network network, PixelRange range, Path file) {
    this.network = network;
    this.range = range;
    this.inputs = List.copyOf(network.inputs().keySet());
    this.output = network.outputs().keySet().iterator().next();
    String hash = WeightsHash.of(file, List.of());
    this.name = "LEARNED_DISTANCE:%s-sha256-%s".formatted(range, hash);
    this.label = "learned distance (%s)".formatted(file.getFileName());
  }

  /**
   * Opens a file.
   *
   * @param range of the pixels that its network was trained on
   * @throws GoldenException for a file that is missing, is no ONNX file, or takes or gives anything
   *     else, with what it has
   */
  public static LearnedDistance open(Path file, PixelRange range) {
    Network network = Network.open(file);
    try {
      check(network);
      return new LearnedDistance(network, range, file);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private static void check(Network network) {
    boolean fits = network.inputs().size() == 2 && network.outputs().size() == 1;
    for (TensorInfo input : network.inputs().values()) {
      long[] sides = input.getShape();
      fits &=
          input.type == OnnxJavaType.FLOAT
              && input.onnxType == TensorInfo.OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT
              && sides.length == 4
              && (sides[0] == 1 || sides[0] < 0)
              && (sides[1] == COLOURS || sides[1] < 0);
    }
    for (TensorInfo output : network.outputs().values()) {
      fits &= output.onnxType == TensorInfo.OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
      for (long side : output.getShape()) {
        fits &= side == 1 || side < 0;
      }
    }
    if (!fits) {
      throw network.not(EXPECTED);
    }
  }

  /** It holds the SHA-256 of the weights. */
  @Override
  public String name() {
    return name;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public Direction direction() {
    return Direction.LOWER_IS_NEARER;
  }

  @Override
  public double slack() {
    return SLACK;
  }

  /**
   * The distance.
   *
   * @throws GoldenException for two sizes, for a size that the file does not take, or where the
   *     network gives no number
   */
  @Override
  public synchronized double between(Bitmap golden, Bitmap received) {
    if (golden.width() != received.width() || golden.height() != received.height()) {
      throw new GoldenException(
          "%s takes two pictures of one size, and these are %dx%d and %dx%d"
              .formatted(
                  label, golden.width(), golden.height(), received.width(), received.height()));
    }
    requireSize(golden);
    String what = "two pictures of %dx%d".formatted(golden.width(), golden.height());
    float[] values =
        network
            .run(
                Map.of(
                    inputs.get(0),
                    floats(golden, ofGolden),
                    inputs.get(1),
                    floats(received, ofReceived)),
                List.of(output),
                what)
            .get(0);
    if (values.length != 1) {
      throw new GoldenException(
          "%s gives one number a pair, but for %s it gave %d"
              .formatted(network, what, values.length));
    }
    if (!Float.isFinite(values[0])) {
      throw new GoldenException(
          "%s gave %s for %s: its weights may be damaged, or it wants other pixels than %s"
              .formatted(network, values[0], what, range));
    }
    return values[0];
  }

  private void requireSize(Bitmap picture) {
    for (TensorInfo input : network.inputs().values()) {
      long height = input.getShape()[2];
      long width = input.getShape()[3];
      if ((height >= 0 && height != picture.height()) || (width >= 0 && width != picture.width())) {
        throw new GoldenException(
            "%s takes pictures of %sx%s pixels alone, and these are %dx%d: export it with sides that may vary (dynamic_axes)"
                .formatted(network, side(width), side(height), picture.width(), picture.height()));
      }
    }
  }

  private static String side(long side) {
    return side < 0 ? "any" : Long.toString(side);
  }

  private Given floats(Bitmap picture, Floats into) {
    byte[] pixels = Colours.rgb(picture).pixels();
    FloatBuffer floats = into.of(pixels.length);
    for (int c = 0; c < COLOURS; c++) {
      for (int at = c; at < pixels.length; at += COLOURS) {
        floats.put(range.of(pixels[at]));
      }
    }
    return new Given.Floats(floats.flip(), 1, COLOURS, picture.height(), picture.width());
  }

  @Override
  public void close() {
    network.close();
  }

  /** Tells the file and the range. */
  @Override
  public String toString() {
    return "LearnedDistance[%s, %s]".formatted(network, range);
  }
}
