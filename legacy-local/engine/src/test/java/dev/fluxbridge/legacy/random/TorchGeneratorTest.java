package dev.fluxbridge.legacy.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fluxbridge.legacy.kernels.Precision;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The golden numbers come from torch.randn of torch 2.7.1 with a CPU generator. */
class TorchGeneratorTest {
  private static final float NEAR = 5e-7f;

  @Test
  void drawsBlocksAsTorchDoes() {
    assertThat(Arrays.copyOf(new TorchGenerator(0, 0).randn(64), 8))
        .containsExactly(
            new float[] {
              -1.1258398f,
              -1.1523602f,
              -0.2505786f,
              -0.4338788f,
              0.8487104f,
              0.6920092f,
              -0.3160128f,
              -2.1152194f
            },
            within(NEAR));
    assertThat(Arrays.copyOf(new TorchGenerator(42, 0).randn(64), 8))
        .containsExactly(
            new float[] {
              1.9269153f,
              1.4872841f,
              0.9007172f,
              -2.105521f,
              0.6784185f,
              -1.2345449f,
              -0.0430675f,
              -1.604667f
            },
            within(NEAR));
  }

  @Test
  void takesNegativeSeeds() {
    assertThat(Arrays.copyOf(new TorchGenerator(-5, 0).randn(64), 4))
        .containsExactly(
            new float[] {-2.2800524f, 1.2996848f, -2.4232116f, -0.862045f}, within(NEAR));
  }

  @Test
  void drawsFewNumbersOneByOne() {
    assertThat(new TorchGenerator(0, 0).randn(4))
        .containsExactly(
            new float[] {1.5409961f, -0.2934289f, -2.178789f, 0.5684313f}, within(NEAR));
    assertThat(new TorchGenerator(42, 0).randn(4))
        .containsExactly(new float[] {0.3366904f, 0.1288094f, 0.2344624f, 0.230333f}, within(NEAR));
  }

  @Test
  void drawsTheLastBlockAnewWhenItIsNotWhole() {
    float[] values = new TorchGenerator(0, 0).randn(20);
    assertThat(Arrays.copyOfRange(values, 16, 20))
        .containsExactly(
            new float[] {0.9318266f, 1.2590092f, 2.0049806f, 0.0537369f}, within(NEAR));
  }

  @Test
  void goesOnWhereAnEarlierCallStopped() {
    TorchGenerator whole = new TorchGenerator(7, 0);
    whole.randn(1024);
    assertThat(whole.drawn()).isEqualTo(1024);
    assertThat(new TorchGenerator(7, 1024).randn(64)).containsExactly(whole.randn(64));
  }

  @Test
  void drawsOtherNumbersInHalfPrecisionAsTorchDoes() {
    assertThat(Arrays.copyOf(new TorchGenerator(42, 0).randn(64, Precision.BFLOAT16), 8))
        .containsExactly(
            -0.80859375f,
            -1.53125f,
            0.40625f,
            0.171875f,
            -0.24707031f,
            0.20410156f,
            -0.87890625f,
            -0.38671875f);
    assertThat(Arrays.copyOf(new TorchGenerator(42, 0).randn(64, Precision.FLOAT16), 8))
        .containsExactly(
            0.3869629f,
            1.4707031f,
            0.14685059f,
            -1.1181641f,
            0.67089844f,
            -0.20385742f,
            1.8525391f,
            -0.49926758f);
    assertThat(Arrays.copyOfRange(new TorchGenerator(0, 0).randn(20, Precision.BFLOAT16), 12, 20))
        .containsExactly(
            2.03125f,
            0.5625f,
            0.20019531f,
            -0.69921875f,
            0.28320312f,
            -0.80859375f,
            -0.44335938f,
            -0.44921875f);
    assertThat(new TorchGenerator(0, 0).randn(4, Precision.FLOAT16))
        .containsExactly(1.5410156f, -0.29345703f, -2.1796875f, 0.5683594f);
  }

  @Test
  void drawsEveryNumberOfALongRowAsTorchDoes() {
    assertThat(sum(new TorchGenerator(-7, 0).randn(100_000, Precision.BFLOAT16)))
        .isCloseTo(-418.9938907623291, within(1e-6));
    assertThat(sum(new TorchGenerator(-7, 0).randn(100_000, Precision.FLOAT16)))
        .isCloseTo(103.45330291986465, within(1e-6));
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
