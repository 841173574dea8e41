package dev.fluxbridge.benchmarks;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Draws the default call at 64x64 several times on the local road, and prints the seconds of each
 * picture.
 */
public final class LocalTextToImage {
  private static final int WARM_UP = 3;

  private LocalTextToImage() {}

  /** {@code args}: the checkpoint folder, and how many pictures to time. */
  public static void main(String[] args) {
    Map<String, String> properties =
        Map.of("fluxbridge.route.text-to-image", "local", Settings.LOCAL_CHECKPOINT, args[0]);
    double[] seconds = new double[Integer.parseInt(args[1])];
    long start = System.nanoTime();
    try (Fluxbridge roads = Fluxbridge.of(Settings.of(properties, Map.of(), Map.of()))) {
      FluxPipeline pipe = FluxPipeline.fromPretrained("tiny", roads);
      draw(pipe, 0);
      double first = (System.nanoTime() - start) / 1e9;
      for (int i = 1; i < WARM_UP; i++) {
        draw(pipe, i);
      }
      for (int i = 0; i < seconds.length; i++) {
        long before = System.nanoTime();
        draw(pipe, i);
        seconds[i] = (System.nanoTime() - before) / 1e9;
      }
      System.out.printf(
          "{\"first\": %f, \"seconds\": %s}%n",
          first,
          Arrays.stream(seconds)
              .mapToObj(String::valueOf)
              .collect(Collectors.joining(", ", "[", "]")));
    }
  }

  private static void draw(FluxPipeline pipe, int seed) {
    pipe.call(
            new FluxArguments()
                .prompt("a large red circle at the left of a white background")
                .height(64)
                .width(64)
                .generator(new Generator().manualSeed(seed)))
        .images();
  }
}
