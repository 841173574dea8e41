import dev.fluxbridge.pipelines.FluxInpaintArguments;
import dev.fluxbridge.pipelines.FluxInpaintPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.awt.image.BufferedImage;
import java.io.File;
import javax.imageio.ImageIO;

/** Repaints what is under a mask, drawing only around it. */
public class InpaintWithCrop {
  public static void main(String[] args) throws Exception {
    BufferedImage image = ImageIO.read(new File(args[3], "picture.png"));
    BufferedImage mask = ImageIO.read(new File(args[3], "mask.png"));
    FluxInpaintPipeline pipe = FluxInpaintPipeline.fromPretrained("ChuckMcSneed/FLUX.1-dev");
    ImageIO.write(
        pipe.call(
                new FluxInpaintArguments()
                    .prompt("a large red circle at the left of a white background")
                    .image(image)
                    .maskImage(mask)
                    .paddingMaskCrop(8)
                    .strength(0.99)
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
