import dev.fluxbridge.pipelines.FluxControlNetArguments;
import dev.fluxbridge.pipelines.FluxControlNetModel;
import dev.fluxbridge.pipelines.FluxControlNetPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.awt.image.BufferedImage;
import java.io.File;
import javax.imageio.ImageIO;

/** A pose with the union ControlNet. */
public class ControlNetUnion {
  public static void main(String[] args) throws Exception {
    FluxControlNetModel controlnet =
        FluxControlNetModel.fromPretrained("InstantX/FLUX.1-dev-Controlnet-Union");
    FluxControlNetPipeline pipe =
        FluxControlNetPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", controlnet);
    BufferedImage pose = ImageIO.read(new File(args[3], "control.png"));
    ImageIO.write(
        pipe.call(
                new FluxControlNetArguments()
                    .prompt("a large red circle at the left of a white background")
                    .controlImage(pose)
                    .controlMode(4)
                    .controlnetConditioningScale(0.5)
                    .numInferenceSteps(4)
                    .guidanceScale(3.5)
                    .height(Integer.parseInt(args[2]))
                    .width(Integer.parseInt(args[1]))
                    .generator(new Generator().manualSeed(42)))
            .images()
            .get(0),
        "png",
        new File(args[0]));
  }
}
