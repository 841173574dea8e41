package dev.fluxbridge.legacy.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The golden numbers come from torch.randn with a CPU generator, float32. */
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
}
