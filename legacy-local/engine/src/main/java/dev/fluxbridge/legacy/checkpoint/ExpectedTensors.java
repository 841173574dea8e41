package dev.fluxbridge.legacy.checkpoint;

import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tensors that a part must have, by diffusers' names, with their shapes: what a model lists
 * from its configuration before any weight is read.
 *
 * <p>Not safe for use by several threads.
 */
public final class ExpectedTensors {
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  /** One tensor. */
  public ExpectedTensors tensor(String name, long... shape) {
    shapes.put(name, new Shape(shape));
    return this;
  }

  /** A linear layer with a bias. */
  public ExpectedTensors linear(String name, long out, long in) {
    return tensor(name + ".weight", out, in).tensor(name + ".bias", out);
  }

  /** A normalisation with weight and bias. */
  public ExpectedTensors norm(String name, long width) {
    return tensor(name + ".weight", width).tensor(name + ".bias", width);
  }

  /** A square convolution with a bias. */
  public ExpectedTensors conv(String name, long out, long in, long side) {
    return tensor(name + ".weight", out, in, side, side).tensor(name + ".bias", out);
  }

  Map<String, Shape> shapes() {
    return shapes;
  }
}
