package dev.fluxbridge.legacy.kernels;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.Locale;

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
  FLOAT32(6, Float.BYTES, 24, DataType.FLOAT32),
  /** The upper half of a float32: its range with 7 bits of fraction. */
  BFLOAT16(15, Short.BYTES, 8, DataType.FLOAT16),
  /** 5 bits of exponent and 10 of fraction: 65504 is its largest number. */
  FLOAT16(5, Short.BYTES, 11, DataType.FLOAT16);

  private final long scalarType;
  private final int bytes;
  private final int digits;
  private final DataType carrier;

  Precision(long scalarType, int bytes, int digits, DataType carrier) {
    this.scalarType = scalarType;
    this.bytes = bytes;
    this.digits = digits;
    this.carrier = carrier;
  }

  /**
   * The precision of that name, as torch calls it.
   *
   * @param dtype {@code float32}, {@code bfloat16} or {@code float16}
   * @throws IllegalArgumentException if it is none of these
   */
  public static Precision named(String dtype) {
    return Arrays.stream(values())
        .filter(precision -> precision.dtype().equals(dtype))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "dtype must be float32, bfloat16 or float16 but is " + dtype));
  }

  /** Torch's name of it, such as {@code bfloat16}. */
  public String dtype() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** TorchScript's number for the type. */
  public long scalarType() {
    return scalarType;
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }

  /** Bits of the fraction, the leading one among them. */
  public int digits() {
    return digits;
  }

  /** The nearest number of this precision, the even one of two that are as near. */
  public float rounded(float x) {
    if (this == FLOAT32 || !Float.isFinite(x)) {
      return x;
    }
    if (this == FLOAT16 && Math.abs(x) < 0x1p-14f) {
      return (float) Math.rint(x * 0x1p24) * 0x1p-24f;
    }
    int dropped = Precision.FLOAT32.digits - digits;
    int bits = Float.floatToRawIntBits(x);
    int half = (1 << (dropped - 1)) - 1 + ((bits >>> dropped) & 1);
    float rounded = Float.intBitsToFloat((bits + half) & (-1 << dropped));
    return this == FLOAT16 && Math.abs(rounded) > 65504
        ? Math.copySign(Float.POSITIVE_INFINITY, x)
        : rounded;
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
