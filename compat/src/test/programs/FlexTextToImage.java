import dev.fluxbridge.pipelines.Flex2Pipeline;
import dev.fluxbridge.pipelines.FlexArguments;
import dev.fluxbridge.pipelines.Generator;
import java.io.File;
import java.util.Map;
import javax.imageio.ImageIO;

/** Text to image with Flex.2, under its old class name and with its custom pipeline's keywords. */
public class FlexTextToImage {
  public static void main(String[] args) throws Exception {
    Flex2Pipeline pipe =
        Flex2Pipeline.fromPretrained(
            "ostris/Flex.2-preview",
            Map.of("custom_pipeline", "pipelines/flex_pipeline.py", "trust_remote_code", true));
    ImageIO.write(
        pipe.call(
                new FlexArguments()
                    .prompt("a large red circle at the left of a white background")
                    .maxSequenceLength(512)
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
