package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fluxbridge.providers.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FreeLunchUtilsTest {

  @Test
  void filtersAsTheOldFunctionDid() {
    float[] ramp = new float[32];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = 0.1f * i;
    }
    float[] filtered = FreeLunchUtils.fourierFilter(Tensor.of(ramp, 1, 2, 4, 4), 1, 0.2).values();
    assertThat(Arrays.copyOf(filtered, 16))
        .containsExactly(
            new float[] {
              -0.4f, -0.3f, -0.28f, -0.18f, 0, 0.1f, 0.12f, 0.22f, 0.08f, 0.18f, 0.2f, 0.3f, 0.48f,
              0.58f, 0.6f, 0.7f
            },
            within(1e-5f));
  }

  @Test
  void filtersSidesThatAreNoPowersOfTwo() {
    float[] wave = new float[30];
    for (int i = 0; i < wave.length; i++) {
      wave[i] = (float) Math.sin(i);
    }
    float[] filtered = FreeLunchUtils.fourierFilter(Tensor.of(wave, 1, 2, 3, 5), 1, 0.9).values();
    assertThat(Arrays.copyOf(filtered, 5))
        .containsExactly(
            new float[] {0.013607f, 0.830227f, 0.867134f, 0.104697f, -0.758757f}, within(1e-6f));
  }

  @Test
  void knowsClassesByTheirNames() {
    FluxPipeline pipe = FluxPipeline.fromPretrained("m");
    assertThat(FreeLunchUtils.isinstanceStr(pipe, "FluxPipeline")).isTrue();
    assertThat(FreeLunchUtils.isinstanceStr(pipe, "DiffusionPipeline")).isTrue();
    assertThat(FreeLunchUtils.isinstanceStr(pipe, "UpBlock2D")).isFalse();
  }

  @Test
  void keepsEveryOldName() {
    Set<String> names =
        Arrays.stream(FreeLunchUtils.class.getMethods())
            .map(method -> method.getName().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    for (String old :
        new String[] {
          "isinstance_str",
          "Fourier_filter",
          "register_upblock2d",
          "register_free_upblock2d",
          "register_crossattn_upblock2d",
          "register_free_crossattn_upblock2d",
          "register_upblock3d",
          "register_free_upblock3d",
          "register_crossattn_upblock3d",
          "register_free_crossattn_upblock3d"
        }) {
      assertThat(names).contains(old.replace("_", "").toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void changesNothingInAPipelineWithoutAUnet() {
    FluxPipeline pipe = FluxPipeline.fromPretrained("m");
    Loaded before = pipe.loaded();
    FreeLunchUtils.registerFreeUpblock2d(pipe, 1.1, 1.2, 0.6, 0.4);
    FreeLunchUtils.registerFreeCrossattnUpblock2d(pipe);
    assertThat(pipe.loaded()).isSameAs(before);
  }
}
