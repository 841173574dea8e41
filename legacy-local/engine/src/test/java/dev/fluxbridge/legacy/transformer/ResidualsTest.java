package dev.fluxbridge.legacy.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** diffusers divides the blocks by the samples and rounds up: the last sample may serve fewer. */
class ResidualsTest {

  @Test
  void everySampleServesSomeBlocksInARow() {
    assertThat(samples(19, 5))
        .containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4);
    assertThat(samples(5, 3)).containsExactly(0, 0, 1, 1, 2);
  }

  @Test
  void lastSamplesMayServeNone() {
    assertThat(samples(5, 4)).containsExactly(0, 0, 1, 1, 2);
    assertThat(samples(2, 3)).containsExactly(0, 1);
  }

  @Test
  void oneSampleServesAllBlocks() {
    assertThat(samples(3, 1)).containsExactly(0, 0, 0);
  }

  @Test
  void nothingIsAddedWithoutSamples() {
    assertThat(Residuals.NONE.behindDouble(0, 3)).isEmpty();
    assertThat(Residuals.NONE.behindSingle(2, 3)).isEmpty();
  }

  private static int[] samples(int blocks, int samples) {
    return IntStream.range(0, blocks).map(i -> Residuals.sample(i, blocks, samples)).toArray();
  }
}
