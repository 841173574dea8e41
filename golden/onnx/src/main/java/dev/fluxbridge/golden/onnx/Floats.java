package dev.fluxbridge.golden.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Memory that native code reads where it lies. It is taken once and used again, as the JVM gives
 * such memory back late. For one thread at a time.
 */
final class Floats {
  private FloatBuffer buffer = direct(0);

  /** Room for so many, whose numbers before are lost. */
  FloatBuffer of(int count) {
    if (buffer.capacity() < count) {
      buffer = direct(count);
    }
    return buffer.clear().limit(count);
  }

  private static FloatBuffer direct(int count) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
