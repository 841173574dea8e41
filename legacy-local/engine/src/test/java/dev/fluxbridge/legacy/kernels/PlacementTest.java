package dev.fluxbridge.legacy.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PlacementTest {
  private static final Shape PAIR = new Shape(2);
  private static NDManager manager;
  private static Kernels kernels;

  @BeforeAll
  static void starts() {
    manager = NativeEngine.newManager();
    kernels = new Kernels(manager);
  }

  @AfterAll
  static void frees() {
    kernels.close();
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, FLOAT32", "FLOAT32, BFLOAT16", "FLOAT32, FLOAT16",
    "BFLOAT16, FLOAT32", "BFLOAT16, BFLOAT16", "BFLOAT16, FLOAT16",
    "FLOAT16, FLOAT32", "FLOAT16, BFLOAT16", "FLOAT16, FLOAT16"
  })
  void turnsEveryStoredPrecisionIntoEveryWantedOne(Precision stored, Precision wanted) {
    NDArray array = new Placement(manager, kernels, wanted).place(bits(stored), PAIR, stored);
    assertThat(Precision.of(array)).isEqualTo(wanted);
    assertThat(array.getShape()).isEqualTo(PAIR);
    assertThat(array.getManager()).isSameAs(manager);
    assertThat(kernels.floats(array)).containsExactly(1.5f, -0.25f);
  }

  @ParameterizedTest
  @EnumSource
  void leavesNumbersOfTheWantedPrecisionWhereTheyLie(Precision precision) {
    ByteBuffer bits = bits(precision);
    NDArray array = new Placement(manager, kernels, precision).place(bits, PAIR, precision);
    bits.put(precision.bytes() - 1, (byte) -bits.get(precision.bytes() - 1));
    assertThat(kernels.floats(array)[0]).isNotEqualTo(1.5f);
  }

  @Test
  void keepsTheMemoryOfNumbersThatNobodyElseHolds() {
    Placement placement = new Placement(manager, kernels, Precision.BFLOAT16);
    NDArray[] arrays = new NDArray[64];
    for (int i = 0; i < arrays.length; i++) {
      ByteBuffer bits = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
      bits.putShort(0, (short) 0x3fc0);
      arrays[i] = placement.place(bits, new Shape(1 << 19), Precision.BFLOAT16);
      System.gc();
    }
    for (NDArray array : arrays) {
      assertThat(kernels.floats(array)[0]).isEqualTo(1.5f);
      array.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void copiesOnceToAnotherDevice(Precision wanted) {
    ByteBuffer numbers = bits(Precision.BFLOAT16);
    NDArray bits = manager.create(numbers, PAIR, DataType.FLOAT16);
    NDArray there = kernels.moved(manager, bits, Precision.BFLOAT16, Device.cpu(), wanted);
    numbers.putInt(0, 0);
    assertThat(Precision.of(there)).isEqualTo(wanted);
    assertThat(kernels.floats(there)).containsExactly(1.5f, -0.25f);
  }

  @Test
  void refusesAnArrayOfOtherNumbers() {
    assertThatThrownBy(() -> Precision.of(manager.create(new long[] {1})))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void turnsNothingThatHasThePrecisionAlready() {
    NDArray x = manager.create(new float[] {1});
    assertThat(kernels.to(x, Precision.FLOAT32)).isSameAs(x);
  }

  /** 1.5 and -0.25, which every precision holds exactly. */
  private static ByteBuffer bits(Precision precision) {
    ByteBuffer bits = ByteBuffer.allocateDirect(2 * precision.bytes());
    bits.order(ByteOrder.LITTLE_ENDIAN);
    switch (precision) {
      case FLOAT32 -> bits.putFloat(0, 1.5f).putFloat(4, -0.25f);
      case BFLOAT16 -> bits.putShort(0, (short) 0x3fc0).putShort(2, (short) 0xbe80);
      case FLOAT16 -> bits.putShort(0, (short) 0x3e00).putShort(2, (short) 0xb400);
    }
    return bits;
  }
}
