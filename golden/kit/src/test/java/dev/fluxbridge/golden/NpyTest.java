package dev.fluxbridge.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NpyTest {
  private static final byte[] FILE = Npy.write(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));

  /** numpy.save of numpy.array([[1, -2.5]], "f4"), by NumPy 2.4.6. */
  private static final String BY_NUMPY =
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog"
          + "KDEsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAgwA==";

  @Test
  void itIsByteForByteWhatNumpyWrites() {
    assertThat(Npy.write(Tensor.of(new float[] {1, -2.5f}, 1, 2)))
        .isEqualTo(Base64.getDecoder().decode(BY_NUMPY));
  }

  @Property(tries = 50)
  void everyShapeIsReadAgain(
      @ForAll @IntRange(max = 4) int a,
      @ForAll @IntRange(max = 4) int b,
      @ForAll @IntRange(max = 4) int sides) {
    int[] shape = Arrays.copyOf(new int[] {a, b, 2, 1}, sides);
    float[] values = new float[Arrays.stream(shape).reduce(1, (x, y) -> x * y)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 7f;
    }

    Tensor read = Npy.read(Npy.write(Tensor.of(values, shape)), "x");

    assertThat(read.shape()).isEqualTo(Tensor.of(values, shape).shape());
    assertThat(read.values()).containsExactly(values);
  }

  @Test
  void whatIsNotWholeOrOfAnotherKindIsTold() {
    assertTold(Arrays.copyOf(FILE, 5), "is not a NumPy file");
    assertTold(Arrays.copyOf(FILE, 60), "has a damaged header");
    assertTold(
        Arrays.copyOf(FILE, FILE.length - 1), "is cut off or damaged: shape [2, 3] takes 24");
    assertTold(Arrays.copyOf(FILE, FILE.length + 4), "is cut off or damaged");
    assertTold(replaced("<f4", "<f8"), "holds '<f8'");
    assertTold(replaced("False", "True "), "has a damaged header");
    assertTold(replaced("False", " True"), "has a damaged header");
    assertTold(replaced("False, ", "True,  "), "has a damaged header");
    assertTold(replaced("(2, 3)", "(2, -)"), "has a damaged header");
    assertTold(replaced("(2, 3)", "(999999999999, 3)"), "has a damaged header");
    assertTold(
        replaced("False, 'shape': (2, 3), } ", "True, 'shape': (2, 3), }  "), "column order");
  }

  private static void assertTold(byte[] file, String message) {
    assertThatThrownBy(() -> Npy.read(file, "latents.npy"))
        .isInstanceOf(GoldenException.class)
        .hasMessageStartingWith("latents.npy ")
        .hasMessageContaining(message);
  }

  /** In a file of the same length or longer; the data moves along. */
  private static byte[] replaced(String what, String by) {
    String text = new String(FILE, StandardCharsets.ISO_8859_1);
    return text.replace(what, by).getBytes(StandardCharsets.ISO_8859_1);
  }
}
