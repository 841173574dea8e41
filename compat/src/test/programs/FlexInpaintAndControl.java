import dev.fluxbridge.pipelines.FlexArguments;
import dev.fluxbridge.pipelines.FlexPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.awt.image.BufferedImage;
import java.io.File;
import javax.imageio.ImageIO;

/** Inpainting and control in one call of Flex.2. */
public class FlexInpaintAndControl {
  public static void main(String[] args) throws Exception {
    int x = Integer.parseInt(args[1]);
    int y = Integer.parseInt(args[2]);
    BufferedImage picture = ImageIO.read(new File(args[3], "picture.png"));
    BufferedImage mask = ImageIO.read(new File(args[3], "mask.png"));
    BufferedImage pose = ImageIO.read(new File(args[3], "control.png"));
    FlexPipeline pipe = FlexPipeline.fromPretrained("ostris/Flex.2-preview");
    ImageIO.write(
        pipe.call(
                new FlexArguments()
                    .prompt("a large red circle at the left of a white background")
                    .inpaintImage(picture)
                    .inpaintMask(mask)
                    .controlImage(pose)
                    .controlStrength(0.5)
                    .controlStop(0.33)
                    .numInferenceSteps(4)
                    .guidanceScale(3.5)
                    .height(y)
                    .width(x)
                    .generator(new Generator().manualSeed(42)))
            .images()
            .get(0),
        "png",
        new File(args[0]));
  }
}
