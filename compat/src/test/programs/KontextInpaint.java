import dev.fluxbridge.pipelines.FluxKontextInpaintArguments;
import dev.fluxbridge.pipelines.FluxKontextInpaintPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.awt.image.BufferedImage;
import java.io.File;
import javax.imageio.ImageIO;

/** Edits a part of a picture, with another picture to go by. */
public class KontextInpaint {
  public static void main(String[] args) throws Exception {
    int x = Integer.parseInt(args[1]);
    int y = Integer.parseInt(args[2]);
    BufferedImage image = ImageIO.read(new File(args[3], "picture.png"));
    BufferedImage mask = ImageIO.read(new File(args[3], "mask.png"));
    FluxKontextInpaintPipeline pipe =
        FluxKontextInpaintPipeline.fromPretrained("black-forest-labs/FLUX.1-Kontext-dev");
    ImageIO.write(
        pipe.call(
                new FluxKontextInpaintArguments()
                    .prompt("make the circle red")
                    .image(image)
                    .imageReference(image)
                    .maskImage(mask)
                    .strength(1.0 - 0.25)
                    .numInferenceSteps(4)
                    .guidanceScale(4.0)
                    .height(y)
                    .width(x)
                    .maxArea(x * y)
                    .autoResize(false)
                    .generator(new Generator().manualSeed(42)))
            .images()
            .get(0),
        "png",
        new File(args[0]));
  }
}
