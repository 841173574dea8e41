package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Bitmap;
import java.awt.image.BufferedImage;

/**
 * What old callers did to a mask before they handed it over: {@code pipe.mask_processor}. It scales
 * and converts nothing; the road that draws does. Stateless, safe for use by several threads.
 *
 * <p>Source: diffusers 0.33.0, image_processor.py.
 */
public final class VaeImageProcessor {
  private static final int BLUR_FACTOR = 4;

  VaeImageProcessor() {}

  /** The same with the old default, 4 pixels. */
  public BufferedImage blur(BufferedImage image) {
    return blur(image, BLUR_FACTOR);
  }

  /**
   * A mask with soft edges, as Pillow's GaussianBlur makes it; the one that was handed over stays
   * as it is.
   *
   * @param blurFactor radius in pixels, at least 0
   * @throws IllegalArgumentException for a radius below 0, or for a picture in CMYK
   */
  public BufferedImage blur(BufferedImage image, int blurFactor) {
    Bitmap blurred = GaussianBlur.blurred(GivenPictures.bitmap("image", image), blurFactor);
    int channels = blurred.channels();
    int type =
        switch (channels) {
          case 1 -> BufferedImage.TYPE_BYTE_GRAY;
          case 3 -> BufferedImage.TYPE_3BYTE_BGR;
          default -> BufferedImage.TYPE_4BYTE_ABGR;
        };
    BufferedImage result = new BufferedImage(blurred.width(), blurred.height(), type);
    int[] samples = new int[blurred.pixels().length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = blurred.pixels()[i] & 0xff;
    }
    result.getRaster().setPixels(0, 0, blurred.width(), blurred.height(), samples);
    return result;
  }
}
