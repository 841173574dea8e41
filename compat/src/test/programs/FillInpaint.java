import dev.fluxbridge.pipelines.DiffusionPipeline;
import dev.fluxbridge.pipelines.FluxFillArguments;
import dev.fluxbridge.pipelines.FluxFillPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.Map;
import javax.imageio.ImageIO;

/** Inpainting with FLUX Fill, made out of another pipeline. */
public class FillInpaint {
  public static void main(String[] args) throws Exception {
    DiffusionPipeline<?> original = DiffusionPipeline.fromPretrained("ChuckMcSneed/FLUX.1-dev");
    FluxFillPipeline pipe =
        FluxFillPipeline.fromPipe(
            original,
            Map.of(
                "transformer", "sayakpaul/FLUX.1-Fill-dev-nf4",
                "text_encoder_2", "sayakpaul/FLUX.1-Fill-dev-nf4",
                "torch_dtype", "bfloat16"));
    pipe.enableModelCpuOffload();
    BufferedImage initImage = ImageIO.read(new File(args[3], "picture.png"));
    BufferedImage maskImage = ImageIO.read(new File(args[3], "mask.png"));
    maskImage = pipe.maskProcessor().blur(maskImage, 33);
    ImageIO.write(
        pipe.call(
                new FluxFillArguments()
                    .prompt("a large red circle at the left of a white background")
                    .maxSequenceLength(512)
                    .image(initImage)
                    .maskImage(maskImage)
                    .numInferenceSteps(4)
                    .guidanceScale(30.0)
                    .height(Integer.parseInt(args[2]))
                    .width(Integer.parseInt(args[1]))
                    .generator(new Generator().manualSeed(42)))
            .images()
            .get(0),
        "png",
        new File(args[0]));
  }
}
