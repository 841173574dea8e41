import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Loads every LoRA file that the user ticked, and weighs them. */
public class LoraLoop {
  public static void main(String[] args) throws Exception {
    FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev");
    List<String> enabledNames = new ArrayList<>();
    List<Double> enabledWeights = new ArrayList<>();
    for (String name : List.of("red", "blue")) {
      enabledNames.add(name);
      enabledWeights.add(0.5);
      pipe.loadLoraWeights(
          args[3], Map.of("weight_name", name + ".safetensors", "adapter_name", name));
    }
    pipe.setAdapters(enabledNames, enabledWeights);
    ImageIO.write(
        pipe.call(
                new FluxArguments()
                    .prompt("a large red circle at the left of a white background")
                    .numInferenceSteps(4)
                    .guidanceScale(4.0)
                    .height(Integer.parseInt(args[2]))
                    .width(Integer.parseInt(args[1]))
                    .generator(new Generator().manualSeed(42)))
            .images()
            .get(0),
        "png",
        new File(args[0]));
  }
}
