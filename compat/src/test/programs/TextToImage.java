import dev.fluxbridge.pipelines.FluxDeDistilledArguments;
import dev.fluxbridge.pipelines.FluxDeDistilledPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.io.File;
import java.util.Map;
import javax.imageio.ImageIO;

/** Text to image with FLUX.1-schnell and the de-distilled pipeline, as the add-on did in May 2025. */
public class TextToImage {
  public static void main(String[] args) throws Exception {
    FluxDeDistilledPipeline pipe =
        FluxDeDistilledPipeline.fromPretrained(
            "black-forest-labs/FLUX.1-schnell",
            Map.of(
                "transformer", "InstantX/flux-dev-de-distill-diffusers",
                "torch_dtype", "bfloat16"));
    pipe.enableModelCpuOffload();
    pipe.enableVaeSlicing();
    pipe.enableVaeTiling();
    ImageIO.write(
        pipe.call(
                new FluxDeDistilledArguments()
                    .prompt("a large red circle at the left of a white background")
                    .negativePrompt("nsfw, nude, nudity,")
                    .maxSequenceLength(512)
                    .numInferenceSteps(4)
                    .guidanceScale(4.0)
                    .height(Integer.parseInt(args[2]))
                    .width(Integer.parseInt(args[1]))
                    .generator(new Generator().manualSeed(-1234)))
            .images()
            .get(0),
        "png",
        new File(args[0]));
  }
}
