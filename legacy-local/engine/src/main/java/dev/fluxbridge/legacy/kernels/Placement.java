package dev.fluxbridge.legacy.kernels;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;

/**
 * Where the weights of a model go, and the precision in which they compute there.
 *
 * <p>Immutable, safe for use by several threads.
 *
 * @param manager who owns them; they lie on its device
 * @param kernels the operators
 * @param precision what they are turned into, once, when they are loaded
 * @param residency where they are while their model computes
 */
public record Placement(
    NDManager manager, Kernels kernels, Precision precision, Residency residency) {

  /** Where they compute where they lie. */
  public Placement(NDManager manager, Kernels kernels, Precision precision) {
    this(manager, kernels, precision, Residency.permanent());
  }

  /** The same place, with another owner. */
  public Placement of(NDManager owner) {
    return new Placement(owner, kernels, precision, residency);
  }

  /** The same place, in another precision. */
  public Placement in(Precision other) {
    return new Placement(manager, kernels, other, residency);
  }

  /**
   * A caller's numbers as an array that the models can compute with.
   *
   * @param owner who frees it; it lies on its device
   */
  public NDArray array(NDManager owner, float[] values, Shape shape) {
    NDArray wide = owner.create(values, shape);
    NDArray array = kernels.to(wide, precision);
    if (array != wide) {
      wide.close();
    }
    return array;
  }

  /** The device on which they lie. */
  public Device device() {
    return manager.getDevice();
  }

  /**
   * An array of numbers that lie in memory. On the CPU in the same precision they stay where they
   * are, and must not change or go away before the manager is closed; else they are copied once.
   *
   * @param numbers little-endian, a direct buffer that begins at a whole number's address
   * @param stored the precision of {@code numbers}
   */
  public NDArray place(ByteBuffer numbers, Shape shape, Precision stored) {
    if (!device().equals(Device.cpu())) {
      try (NDManager host = manager.newSubManager(Device.cpu())) {
        NDArray bits = host.create(numbers, shape, stored.carrier());
        return kernels.moved(manager, bits, stored, device(), precision);
      }
    }
    NDArray bits = manager.create(numbers, shape, stored.carrier());
    if (stored != precision) {
      try (bits) {
        return kernels.converted(manager, bits, stored, precision);
      }
    }
    // Of bfloat16 the first array stays with the manager, because it alone holds the memory.
    return stored == Precision.BFLOAT16 ? kernels.reinterpreted(manager, bits, stored) : bits;
  }
}
