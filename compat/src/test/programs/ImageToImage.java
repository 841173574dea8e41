import dev.fluxbridge.pipelines.AutoPipelineForImage2Image;
import dev.fluxbridge.pipelines.FluxImg2ImgArguments;
import dev.fluxbridge.pipelines.FluxImg2ImgPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.Map;
import javax.imageio.ImageIO;

/** Image to image with FLUX.1-schnell: guidance 0, and a strength from the strip's power. */
public class ImageToImage {
  public static void main(String[] args) throws Exception {
    double imagePower = 0.5;
    BufferedImage initImage = ImageIO.read(new File(args[3], "picture.png"));
    FluxImg2ImgPipeline converter =
        AutoPipelineForImage2Image.fromPretrained(
            "black-forest-labs/FLUX.1-schnell",
            Map.of("torch_dtype", "bfloat16", "local_files_only", false));
    converter.enableModelCpuOffload();
    ImageIO.write(
        converter
            .call(
                new FluxImg2ImgArguments()
                    .prompt("a large red circle at the left of a white background")
                    .prompt2((String) null)
                    .maxSequenceLength(512)
                    .image(initImage)
                    .strength(1.0 - imagePower)
                    .numInferenceSteps(4)
                    .guidanceScale(0.0)
                    .height(Integer.parseInt(args[2]))
                    .width(Integer.parseInt(args[1]))
                    .generator(new Generator().manualSeed(42)))
            .images()
            .get(0),
        "png",
        new File(args[0]));
  }
}
