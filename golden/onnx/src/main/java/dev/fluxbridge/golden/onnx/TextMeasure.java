package dev.fluxbridge.golden.onnx;

import dev.fluxbridge.golden.PictureMeasure;
import dev.fluxbridge.golden.metrics.Direction;
import dev.fluxbridge.providers.Bitmap;

/**
 * Whether a picture still shows its text.
 *
 * @param name without the text, which may be somebody's secret
 */
record TextMeasure(ImageTextScore score, String text, String name, String label)
    implements PictureMeasure {
  private static final double SLACK = 0.5;

  @Override
  public Direction direction() {
    return Direction.HIGHER_IS_NEARER;
  }

  @Override
  public double slack() {
    return SLACK;
  }

  @Override
  public double between(Bitmap golden, Bitmap received) {
    return score.of(received, text);
  }

  /** Tells no text. */
  @Override
  public String toString() {
    return "TextMeasure[%s]".formatted(name);
  }
}
