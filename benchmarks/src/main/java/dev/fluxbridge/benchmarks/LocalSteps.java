package dev.fluxbridge.benchmarks;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Draws pictures through the facade on the local road, and prints the seconds of their steps. */
public final class LocalSteps {
  private static final String PROMPT = "a large red circle at the left of a white background";

  private LocalSteps() {}

  /**
   * {@code args}: checkpoint, pixels of a side, steps, pictures to warm up, pictures to time,
   * device, precision, threads.
   */
  public static void main(String[] args) {
    Map<String, String> properties =
        Map.of(
            "fluxbridge.route.text-to-image",
            "local",
            Settings.LOCAL_CHECKPOINT,
            args[0],
            Settings.LOCAL_DEVICE,
            args[5],
            Settings.LOCAL_DTYPE,
            args[6]);
    int warmUp = Integer.parseInt(args[3]);
    Report report = new Report();
    try (Fluxbridge roads = Fluxbridge.of(Settings.of(properties, Map.of(), Map.of()))) {
      FluxPipeline pipe = FluxPipeline.fromPretrained("local", roads);
      for (int seed = 0; seed < warmUp + Integer.parseInt(args[4]); seed++) {
        List<Report.Moment> ended = new ArrayList<>();
        FluxArguments call =
            new FluxArguments()
                .prompt(PROMPT)
                .height(Integer.parseInt(args[1]))
                .width(Integer.parseInt(args[1]))
                .numInferenceSteps(Integer.parseInt(args[2]))
                .generator(new Generator().manualSeed(seed))
                .callbackOnStepEnd(
                    (p, index, timestep, tensors) -> {
                      ended.add(Report.Moment.now());
                      return Map.of();
                    })
                .callbackOnStepEndTensorInputs(List.of())
                .outputType("np");
        report.result(pipe.call(call).array().values());
        for (int i = 1; seed >= warmUp && i < ended.size(); i++) {
          report.took(ended.get(i - 1), ended.get(i));
        }
      }
    }
    report.print();
  }
}
