package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequestBuilder;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Weights;

/** Calls that bring pictures along, with the old defaults, to be varied. */
public final class Edits {
  private Edits() {}

  /** A call of 64x64 pixels with the old guidance and steps. */
  public static ImageRequestBuilder call(Pipeline pipeline, Weights weights) {
    return ImageRequest.builder(pipeline, weights).prompts(Prompt.of(Requests.PROMPT)).size(64, 64);
  }

  /** The same with a model alone. */
  public static ImageRequestBuilder call(Pipeline pipeline, String model) {
    return call(pipeline, Weights.of(model));
  }

  /** A picture to start from. */
  public static Edit starting(double strength) {
    return Edit.of(picture(64, 64), strength);
  }

  /** A picture, and a mask whose right half is repainted. */
  public static Edit masked(double strength) {
    return Edit.of(picture(64, 64), mask(64, 64), strength);
  }

  /** Colours that differ from pixel to pixel. */
  public static Images picture(int width, int height) {
    return Images.of(bitmap(width, height, 0));
  }

  /** One of several. */
  public static Bitmap bitmap(int width, int height, int which) {
    byte[] pixels = new byte[width * height * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 7 + i / width + which * 50);
    }
    return new Bitmap(width, height, 3, pixels);
  }

  /** Black on the left, nearly white on the right. */
  public static Images mask(int width, int height) {
    byte[] pixels = new byte[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % width < width / 2 ? 10 : 200);
    }
    return Images.of(new Bitmap(width, height, 1, pixels));
  }
}
