package dev.fluxbridge.legacy.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** The golden numbers come from torch.Tensor.to of torch 2.7.1. */
class PrecisionTest {
  private static final float[] NUMBERS = {
    0x1.01p0f, 0x1.03p0f, 3.1415927f, -65519.9f, 65520f, 6.1e-5f, 5.97e-8f, 2.9e-8f
  };

  @Test
  void roundsToBfloat16AsTorchDoes() {
    assertThat(rounded(Precision.BFLOAT16))
        .containsExactly(
            1f, 1.015625f, 3.140625f, -65536f, 65536f, 0x1p-14f, 0x1p-24f, 0x1.f2p-26f);
  }

  @Test
  void roundsToFloat16AsTorchDoesAlsoBeyondItsRange() {
    assertThat(rounded(Precision.FLOAT16))
        .containsExactly(
            0x1.01p0f,
            0x1.03p0f,
            3.140625f,
            -65504f,
            Float.POSITIVE_INFINITY,
            0x3ffp-24f,
            0x1p-24f,
            0f);
  }

  @Test
  void leavesFloat32AndWhatIsNoNumberAsTheyAre() {
    assertThat(rounded(Precision.FLOAT32)).containsExactly(NUMBERS);
    assertThat(Precision.BFLOAT16.rounded(Float.NaN)).isNaN();
    assertThat(Precision.FLOAT16.rounded(Float.NEGATIVE_INFINITY)).isEqualTo(-1f / 0);
  }

  @Test
  void goesByTorchsNames() {
    assertThat(Precision.named("bfloat16")).isEqualTo(Precision.BFLOAT16);
    assertThat(Precision.named("float32").dtype()).isEqualTo("float32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Precision.named("float64"))
        .withMessageContaining("float32, bfloat16 or float16");
  }

  private static float[] rounded(Precision precision) {
    float[] rounded = NUMBERS.clone();
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = precision.rounded(rounded[i]);
    }
    return rounded;
  }
}
