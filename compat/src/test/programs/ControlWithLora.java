import dev.fluxbridge.pipelines.FluxControlArguments;
import dev.fluxbridge.pipelines.FluxControlPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.Map;
import javax.imageio.ImageIO;

/** Canny edges with the LoRA weights that were made for them. */
public class ControlWithLora {
  public static void main(String[] args) throws Exception {
    FluxControlPipeline pipe =
        FluxControlPipeline.fromPretrained(
            "ChuckMcSneed/FLUX.1-dev", Map.of("torch_dtype", "bfloat16"));
    pipe.loadLoraWeights("black-forest-labs/FLUX.1-Canny-dev-lora");
    BufferedImage edges = ImageIO.read(new File(args[3], "control.png"));
    ImageIO.write(
        pipe.call(
                new FluxControlArguments()
                    .prompt("a large red circle at the left of a white background")
                    .controlImage(edges)
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
