package dev.fluxbridge.cli.demo;

import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.Generator;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import javax.imageio.ImageIO;

/**
 * An old caller's program, as it was before there were two roads. It knows nothing of flags,
 * backends or this demo.
 */
final class OldProgram {
  private OldProgram() {}

  static void main(String picture) throws IOException {
    FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev");
    BufferedImage image =
        pipe.call(
                new FluxArguments()
                    .prompt("a large red circle at the left of a white background")
                    .height(64)
                    .width(64)
                    .numInferenceSteps(28)
                    .guidanceScale(3.5)
                    .generator(new Generator().manualSeed(42)))
            .images()
            .get(0);
    ImageIO.write(image, "png", new File(picture));
  }
}
