package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.autoencoder.Autoencoder;
import dev.fluxbridge.legacy.picture.ImageProcessor;
import dev.fluxbridge.legacy.picture.Images;
import dev.fluxbridge.legacy.picture.KontextSizes;
import dev.fluxbridge.legacy.picture.Size;
import dev.fluxbridge.legacy.transformer.FluxTransformerConfig;
import java.util.Optional;

/** What the pipelines that read pictures refuse, with the old texts. */
final class PictureCheck {
  private PictureCheck() {}

  static void refuseStrength(Call call) {
    double strength = 1;
    if (call instanceof ImageToImage c) {
      strength = c.strength();
    } else if (call instanceof Inpaint c) {
      strength = c.strength();
    } else if (call instanceof Fill c) {
      strength = c.strength();
    } else if (call instanceof ControlImageToImage c) {
      strength = c.strength();
    } else if (call instanceof ControlInpaint c) {
      strength = c.strength();
    } else if (call instanceof KontextInpaint c) {
      strength = c.strength();
    } else if (call instanceof ControlNetImageToImage c) {
      strength = c.strength();
    } else if (call instanceof ControlNetInpaint c) {
      strength = c.strength();
    }
    refuse(
        !(strength >= 0 && strength <= 1),
        "The value of strength should in [0.0, 1.0] but is " + strength);
  }

  static void refusePictures(Call call) {
    if (call instanceof Inpaint c) {
      refuseCrop(c.paddingMaskCrop(), c.image(), c.mask(), c.sampling());
    } else if (call instanceof KontextInpaint c) {
      refuseCrop(c.paddingMaskCrop(), c.image(), c.mask(), c.sampling());
    } else if (call instanceof ControlNetInpaint c) {
      refuseCrop(c.paddingMaskCrop(), c.image(), c.mask(), c.sampling());
    } else if (call instanceof Flex c) {
      refuse(
          c.inpaintImage().isPresent() && c.inpaintMask().isEmpty(),
          "If `inpaint_image` is passed, `inpaint_mask` must be passed as well. Please make sure to"
              + " pass both `inpaint_image` and `inpaint_mask`.");
      refuse(
          c.inpaintMask().isPresent() && c.inpaintImage().isEmpty(),
          "If `inpaint_mask` is passed, `inpaint_image` must be passed as well. Please make sure to"
              + " pass both `inpaint_image` and `inpaint_mask`.");
      refuse(!Double.isFinite(c.controlStrength()), "controlStrength must be a number");
      refuse(!Double.isFinite(c.controlStop()), "controlStop must be a number");
    } else if (call instanceof Kontext c) {
      refuse(c.maxArea() < 256, "maxArea must be at least 256 pixels but is " + c.maxArea());
    }
  }

  private static void refuseCrop(
      Optional<Integer> padding, Images image, Images mask, Sampling sampling) {
    if (padding.isEmpty()) {
      return;
    }
    refuse(padding.get() < 0, "paddingMaskCrop must be at least 0 but is " + padding.get());
    refuse(
        !(image instanceof Images.Bitmaps i && i.bitmaps().size() == 1),
        "The image should be a PIL image when inpainting mask crop, but is of type "
            + image.getClass().getSimpleName()
            + ".");
    refuse(
        !(mask instanceof Images.Bitmaps m && m.bitmaps().size() == 1),
        "The mask image should be a PIL image when inpainting mask crop, but is of type "
            + mask.getClass().getSimpleName()
            + ".");
    refuse(
        !sampling.decode(),
        "The output type should be PIL when inpainting mask crop, but is latent.");
  }

  static void refuseFill(Call call) {
    if (call instanceof Fill c) {
      refuse(
          c.image().isPresent() && c.maskedImageLatents().isPresent(),
          "Please provide either  `image` or `masked_image_latents`, `masked_image_latents` should"
              + " not be passed.");
      refuse(
          c.image().isPresent() && c.mask().isEmpty(),
          "Please provide `mask_image` when passing `image`.");
      refuse(
          c.image().isEmpty() && c.maskedImageLatents().isEmpty(),
          "there is neither an image nor masked_image_latents to fill");
    }
  }

  /** Each kind of pipeline draws with weights of its own. */
  static void refuseOtherModel(Call call, FluxTransformerConfig model, Autoencoder autoencoder) {
    int latents = 4 * autoencoder.latentChannels();
    int wanted = latents;
    if (call instanceof Control
        || call instanceof ControlImageToImage
        || call instanceof ControlInpaint) {
      wanted = 2 * latents;
    } else if (call instanceof Fill) {
      wanted = 2 * latents + 4 * autoencoder.scale() * autoencoder.scale();
    } else if (call instanceof Flex) {
      wanted = 3 * latents + 4;
    }
    refuse(
        model.inChannels() != wanted,
        "%s draws with a transformer of %d input channels, and this checkpoint's has %d. Load a checkpoint that was trained for it."
            .formatted(call.getClass().getSimpleName(), wanted, model.inChannels()));
    refuse(
        call instanceof DeDistilled && model.guidanceEmbeds(),
        "DeDistilled draws with a transformer without guidance embedding, and this checkpoint's"
            + " has one. Load de-distilled weights, or draw with TextToImage.");
  }

  /** Whether the old code packs the caller's latents itself. */
  static boolean startsUnpacked(Call call) {
    return call instanceof Inpaint
        || call instanceof ControlInpaint
        || call instanceof KontextInpaint
        || call instanceof ControlNetInpaint;
  }

  /** The size that is drawn, before it is floored. */
  static Size size(Call call, int square, int channels) {
    Sampling sampling = call.sampling();
    if (call instanceof Kontext c && sampling.width() > 0 && sampling.height() > 0) {
      return KontextSizes.drawn(new Size(sampling.width(), sampling.height()), c.maxArea());
    } else if (call instanceof KontextInpaint c) {
      refuse(isLatents(c.image(), channels), "image must be provided correctly for inpainting");
      return reference(c.image(), c.autoResize(), ImageProcessor.forImages(square, channels));
    }
    if (call instanceof ControlNetTextToImage c) {
      for (ControlNetInput control : c.controls()) {
        if (control.image() instanceof Images.Values values
            && values.tensor().shape().size() == 4) {
          return new Size(values.tensor().shape().get(3), values.tensor().shape().get(2));
        }
      }
    }
    // Sizes below 1 are refused by the caller with their numbers.
    return new Size(Math.max(sampling.width(), 1), Math.max(sampling.height(), 1));
  }

  /** The size in which Kontext sees a picture. */
  static Size reference(Images image, boolean autoResize, ImageProcessor processor) {
    Size size = processor.defaultSize(image);
    return autoResize ? KontextSizes.reference(size) : size;
  }

  /** Numbers with as many channels as latents have are latents. */
  static boolean isLatents(Images image, int channels) {
    return image instanceof Images.Values values
        && values.tensor().shape().size() == 4
        && values.tensor().shape().get(1) == channels;
  }

  private static void refuse(boolean wrong, String message) {
    if (wrong) {
      throw new IllegalArgumentException(message);
    }
  }
}
