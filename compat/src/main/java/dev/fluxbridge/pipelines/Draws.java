package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Pipeline;
import java.util.ArrayList;
import java.util.List;

/**
 * The normal numbers that an old pipeline draws from its generators: noise for the latents, and one
 * for each number that the autoencoder is not sure of when it encodes a picture. A generator that
 * is used for a second call goes on behind them.
 *
 * <p>Source: diffusers 0.33.0, {@code __call__} of each class; the local engine draws the same.
 */
final class Draws {
  private static final int LATENT_CHANNELS = 16;
  private static final int LATENT_SCALE = 8;

  private final List<Draw> draws = new ArrayList<>();
  private final int batch;
  private final int imagesPerPrompt;
  private final long each;

  /** One call of {@code randn_tensor}. */
  private record Draw(long pictures, long each) {}

  private Draws(int batch, int imagesPerPrompt, CallSize size) {
    this.batch = batch;
    this.imagesPerPrompt = imagesPerPrompt;
    this.each = numbers(size.drawnWidth(), size.drawnHeight());
  }

  /**
   * @param batch pictures that are drawn
   * @param latents whether the caller brings the noise along
   */
  static Draws of(
      Pipeline pipeline,
      Edit edit,
      List<Control> controls,
      boolean latents,
      int batch,
      int imagesPerPrompt,
      CallSize size) {
    Draws draws = new Draws(batch, imagesPerPrompt, size);
    draws.controls(pipeline, controls);
    if (!latents) {
      draws.add(batch, draws.each);
    }
    edit.image().ifPresent(image -> draws.image(pipeline, edit, image, latents));
    return draws;
  }

  /** Numbers taken from one of several generators, or from a single one. */
  long from(int generator, int generators) {
    long sum = 0;
    for (Draw draw : draws) {
      if (generators == 1) {
        sum += draw.pictures * draw.each;
      } else if (generator < draw.pictures) {
        sum += draw.each;
      }
    }
    return sum;
  }

  private void controls(Pipeline pipeline, List<Control> controls) {
    boolean nets = pipeline.name().startsWith("CONTROLNET");
    for (Control control : controls) {
      if (nets) {
        add(batch, each);
      } else {
        repeated(control.image());
      }
    }
  }

  /** A picture that is repeated before it is encoded. */
  private void repeated(Images images) {
    long pictures = images.count() == 1 ? batch : (long) images.count() * imagesPerPrompt;
    if (images instanceof Images.Bitmaps) {
      add(pictures, each);
    } else if (((Images.Values) images).tensor().shape().size() == 4) {
      CallSize own = CallSize.size(images);
      add(pictures, numbers(own.width(), own.height()));
    }
    // Three sides are latents that are packed already.
  }

  private void image(Pipeline pipeline, Edit edit, Images image, boolean latents) {
    long whole = isLatents(image) ? 0 : image.count();
    switch (pipeline) {
      case IMG2IMG, CONTROL_IMG2IMG, CONTROLNET_IMG2IMG -> add(latents ? 0 : whole, each);
      case FILL -> {
        add(latents ? 0 : whole, each);
        add(whole, each);
      }
      case INPAINT, CONTROL_INPAINT, CONTROLNET_INPAINT -> {
        add(whole, each);
        boolean given =
            edit.maskedImageLatents().isPresent() && pipeline != Pipeline.CONTROL_INPAINT;
        add(given ? 0 : whole, each);
      }
      case KONTEXT_INPAINT -> add(whole, each);
      case FLEX -> repeated(image);
      case FLUX, DE_DISTILLED, CONTROL, CONTROLNET, KONTEXT -> {}
    }
  }

  private void add(long pictures, long numbers) {
    draws.add(new Draw(pictures, numbers));
  }

  private static boolean isLatents(Images image) {
    return image instanceof Images.Values values
        && values.tensor().shape().size() == 4
        && values.tensor().side(1) == LATENT_CHANNELS;
  }

  private static long numbers(int width, int height) {
    return (long) LATENT_CHANNELS * (height / LATENT_SCALE) * (width / LATENT_SCALE);
  }
}
