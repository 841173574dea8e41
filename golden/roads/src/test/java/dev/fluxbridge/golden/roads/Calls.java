package dev.fluxbridge.golden.roads;

import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxImg2ImgArguments;
import dev.fluxbridge.pipelines.FluxImg2ImgPipeline;
import dev.fluxbridge.pipelines.FluxInpaintArguments;
import dev.fluxbridge.pipelines.FluxInpaintPipeline;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.Generator;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.ImageResult;
import java.awt.Color;
import java.awt.image.BufferedImage;

/** Old calls on a road. Stateless. */
final class Calls {
  static final String PROMPT = "a red circle, as secret as can be";
  static final byte[] CIRCLE = Pictures.file(Pictures.circle(Color.RED, 64), "jpeg");
  static final byte[] LARGE = Pictures.file(Pictures.circle(Color.RED, 816), "png");

  private Calls() {}

  static ImageResult circle(OpenRoad road, String prompt, long seed) {
    return FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road.fluxbridge())
        .call(
            new FluxArguments()
                .prompt(prompt)
                .height(64)
                .width(64)
                .generator(new Generator().manualSeed(seed)))
        .result();
  }

  static ImageResult circle(OpenRoad road) {
    return circle(road, PROMPT, 7);
  }

  static ImageResult edit(OpenRoad road) {
    return FluxInpaintPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road.fluxbridge())
        .call(edit())
        .result();
  }

  static FluxInpaintArguments edit() {
    return new FluxInpaintArguments()
        .prompt(PROMPT)
        .image(Pictures.circle(Color.BLUE, 64))
        .maskImage(mask())
        .height(64)
        .width(64)
        .generator(new Generator().manualSeed(7));
  }

  private static BufferedImage mask() {
    BufferedImage mask = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 32 * 64; i++) {
      mask.setRGB(i % 64, i / 64, 0xffffff);
    }
    return mask;
  }

  static Bitmap picture(ImageResult result) {
    return Bitmaps.of(result.images().get(0));
  }

  /** The id of the request. */
  static String redraw(OpenRoad road, Color colour) {
    return FluxImg2ImgPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road.fluxbridge())
        .call(
            new FluxImg2ImgArguments()
                .prompt(PROMPT)
                .image(Pictures.circle(colour, 64))
                .height(64)
                .width(64)
                .generator(new Generator().manualSeed(7)))
        .result()
        .provenance()
        .requestIds()
        .get(0);
  }
}
