package dev.fluxbridge.legacy.checkpoint;

import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The tensors that a part must have, by diffusers' names, with their shapes: what a model lists
 * from its configuration before any weight is read.
 *
 * <p>Not safe for use by several threads.
 */
public final class ExpectedTensors {
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Set<String> wide = new HashSet<>();

  /** One tensor. */
  public ExpectedTensors tensor(String name, long... shape) {
    shapes.put(name, new Shape(shape));
    return this;
  }

  /** One tensor that computes in float32 where the others do in float16, whose range it leaves. */
  public ExpectedTensors wide(String name, long... shape) {
    wide.add(name);
    return tensor(name, shape);
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

  /** Where a tensor goes in a model that goes there. */
  Placement placement(String name, Placement model) {
    return model.precision() == Precision.FLOAT16 && wide.contains(name)
        ? model.in(Precision.FLOAT32)
        : model;
  }

  Map<String, Shape> shapes() {
    return shapes;
  }
}
