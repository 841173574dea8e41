import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.io.File;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;

/** Passes keywords through as they came, as a plug-in host does. */
public class TextToImageKeywords {
  public static void main(String[] args) throws Exception {
    Map<String, Object> inference = new HashMap<>();
    inference.put("prompt", "a large red circle at the left of a white background");
    inference.put("prompt_2", null);
    inference.put("max_sequence_length", 512);
    inference.put("num_inference_steps", 4);
    inference.put("guidance_scale", 4.0);
    inference.put("height", Integer.valueOf(args[2]));
    inference.put("width", Integer.valueOf(args[1]));
    inference.put("generator", new Generator().manualSeed(1));
    FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-schnell");
    ImageIO.write(pipe.call(inference).images().get(0), "png", new File(args[0]));
  }
}
