import dev.fluxbridge.pipelines.FluxKontextArguments;
import dev.fluxbridge.pipelines.FluxKontextPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;

/** Edits a picture as the text says, small and fast, and shows its progress. */
public class KontextPreview {
  public static void main(String[] args) throws Exception {
    int x = Integer.parseInt(args[1]);
    int y = Integer.parseInt(args[2]);
    AtomicInteger steps = new AtomicInteger();
    BufferedImage image = ImageIO.read(new File(args[3], "picture.png"));
    FluxKontextPipeline pipe =
        FluxKontextPipeline.fromPretrained("black-forest-labs/FLUX.1-Kontext-dev");
    ImageIO.write(
        pipe.call(
                new FluxKontextArguments()
                    .prompt("make the circle red")
                    .maxSequenceLength(512)
                    .image(image)
                    .numInferenceSteps(4)
                    .guidanceScale(4.0)
                    .height(y)
                    .width(x)
                    .maxArea(x * y)
                    .autoResize(false)
                    .generator(new Generator().manualSeed(42))
                    .callbackOnStepEnd(
                        (pipeline, index, timestep, tensors) -> {
                          steps.incrementAndGet();
                          return Map.of();
                        }))
            .images()
            .get(0),
        "png",
        new File(args[0]));
    System.setProperty("kontext.preview.steps", String.valueOf(steps.get()));
  }
}
