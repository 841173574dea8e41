import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.FluxPipelineOutput;
import dev.fluxbridge.pipelines.Generator;
import java.awt.image.BufferedImage;
import java.io.File;
import javax.imageio.ImageIO;

/** Text to image with FLUX.1-dev and the stock pipeline, as the add-on did from June 2025 on. */
public class TextToImageStock {
  public static void main(String[] args) throws Exception {
    FluxPipeline pipe = FluxPipeline.fromPretrained("ChuckMcSneed/FLUX.1-dev").to("cuda");
    FluxPipelineOutput output =
        pipe.call(
            new FluxArguments()
                .prompt("a large red circle at the left of a white background")
                .prompt2((String) null)
                .maxSequenceLength(512)
                .numInferenceSteps(4)
                .guidanceScale(4.0)
                .height(Integer.parseInt(args[2]))
                .width(Integer.parseInt(args[1]))
                .generator(new Generator().manualSeed(42)));
    BufferedImage image = output.images().get(0);
    ImageIO.write(image, "png", new File(args[0]));
  }
}
