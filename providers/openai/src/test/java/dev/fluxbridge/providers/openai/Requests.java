package dev.fluxbridge.providers.openai;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequestBuilder;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Weights;

/** Calls to draw from. */
final class Requests {
  static final String PROMPT = "a fox in a canary suit";

  private Requests() {}

  /** An exact call: OpenAI's own model, a size that it draws, nothing tuned. */
  static ImageRequestBuilder exact() {
    return ImageRequest.builder(Pipeline.FLUX, Weights.of(OpenAiImageModel.DEFAULT))
        .prompts(Prompt.of(PROMPT));
  }

  /** As old code called it. */
  static ImageRequestBuilder of(Pipeline pipeline) {
    return ImageRequest.builder(pipeline, Weights.of("black-forest-labs/FLUX.1-dev"))
        .prompts(Prompt.of(PROMPT));
  }

  /** A picture of which the left half is repainted. */
  static Edit inpaint(int width, int height) {
    return Edit.of(Images.of(picture(width, height)), Images.of(leftHalf(width, height)), 0.6);
  }

  /** Colours that run from corner to corner. */
  static Bitmap picture(int width, int height) {
    byte[] pixels = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      pixels[3 * i] = (byte) (i % width * 255 / width);
      pixels[3 * i + 1] = (byte) (i / width * 255 / height);
      pixels[3 * i + 2] = (byte) (width + height);
    }
    return new Bitmap(width, height, 3, pixels);
  }

  /** White at the left. */
  static Bitmap leftHalf(int width, int height) {
    byte[] pixels = new byte[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % width < width / 2 ? 255 : 0);
    }
    return new Bitmap(width, height, 1, pixels);
  }
}
