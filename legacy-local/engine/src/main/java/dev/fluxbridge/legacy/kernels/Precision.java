package dev.fluxbridge.legacy.kernels;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * The types of number in which weights lie on disk and models compute.
 *
 * <p>It stands between this engine and DJL's own DataType, because DJL's native code ends the whole
 * JVM when it is shown DataType.BFLOAT16. Immutable, safe for use by several threads.
 *
 * <p>Source: c10/core/ScalarType.h of PyTorch 2.7 for the numbers.
 */
public enum Precision {
  /** 8 bits of exponent and 23 of fraction: what CPUs compute in. */
  FLOAT32(6, Float.BYTES, DataType.FLOAT32),
  /** The upper half of a float32: its range with 7 bits of fraction. */
  BFLOAT16(15, Short.BYTES, DataType.FLOAT16),
  /** 5 bits of exponent and 10 of fraction: 65504 is its largest number. */
  FLOAT16(5, Short.BYTES, DataType.FLOAT16);

  private final long scalarType;
  private final int bytes;
  private final DataType carrier;

  Precision(long scalarType, int bytes, DataType carrier) {
    this.scalarType = scalarType;
    this.bytes = bytes;
    this.carrier = carrier;
  }

  /** TorchScript's number for the type. */
  public long scalarType() {
    return scalarType;
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }

  /**
   * DJL's name for the type, for calls into DJL.
   *
   * @throws UnsupportedOperationException for {@link #BFLOAT16}, which must not reach DJL's native
   *     code
   */
  public DataType type() {
    if (this == BFLOAT16) {
      throw new UnsupportedOperationException(
          "bfloat16 must not reach DJL, whose native code would end this JVM. Make the array in"
              + " float32 and turn it with Kernels.to, or make it in TorchScript with the number "
              + scalarType);
    }
    return carrier;
  }

  /** The type under which DJL may carry these numbers' bits. */
  DataType carrier() {
    return carrier;
  }

  /**
   * The precision of an array.
   *
   * @throws IllegalArgumentException if it holds other numbers than these
   */
  public static Precision of(NDArray array) {
    // DJL has no name for bfloat16 that comes out of TorchScript, and knows all else that the
    // kernels make.
    return switch (array.getDataType()) {
      case FLOAT32 -> FLOAT32;
      case FLOAT16 -> FLOAT16;
      case BFLOAT16, UNKNOWN -> BFLOAT16;
      default ->
          throw new IllegalArgumentException("an array of " + array.getDataType() + ", not floats");
    };
  }
}
