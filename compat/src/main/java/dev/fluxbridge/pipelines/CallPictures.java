package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Tensor;
import java.util.Optional;

/** The pictures that a call starts from, edits or looks at, as the request holds them. */
final class CallPictures {
  private CallPictures() {}

  static Edit edit(Given given) {
    Pipeline pipeline = given.arguments().signature().pipeline();
    Optional<Images> image = given.images(pipeline == Pipeline.FLEX ? "inpaint_image" : "image");
    Optional<Images> mask = given.images(pipeline == Pipeline.FLEX ? "inpaint_mask" : "mask_image");
    Optional<Tensor> latents = given.tensor("masked_image_latents");
    refuseMissing(given, pipeline, image, mask, latents);
    Optional<Integer> crop = given.integer("padding_mask_crop");
    crop.ifPresent(padding -> refuseCrop(padding, image, mask));
    return new Edit(
        image,
        mask,
        given.images("image_reference"),
        latents,
        given.has("strength") ? given.number("strength").doubleValue() : Edit.NONE.strength(),
        crop,
        given.has("max_area") ? given.number("max_area").intValue() : Edit.NONE.maxArea(),
        !Boolean.FALSE.equals(given.value("_auto_resize")));
  }

  private static void refuseMissing(
      Given given,
      Pipeline pipeline,
      Optional<Images> image,
      Optional<Images> mask,
      Optional<Tensor> latents) {
    Signature signature = given.arguments().signature();
    if (pipeline == Pipeline.FILL) {
      if (image.isEmpty() && latents.isEmpty()) {
        throw missing("image", pipeline);
      }
      return;
    }
    if (pipeline == Pipeline.KONTEXT_INPAINT && !isPicture(image)) {
      throw new IllegalArgumentException("image must be provided correctly for inpainting");
    }
    if (signature.has("image") && image.isEmpty() && pipeline != Pipeline.KONTEXT) {
      throw missing("image", pipeline);
    }
    if (signature.has("mask_image") && mask.isEmpty()) {
      throw missing("mask_image", pipeline);
    }
  }

  private static boolean isPicture(Optional<Images> image) {
    return image.isPresent()
        && !(image.get() instanceof Images.Values values
            && values.tensor().shape().size() == 4
            && values.tensor().side(1) == 16);
  }

  private static IllegalArgumentException missing(String name, Pipeline pipeline) {
    return new IllegalArgumentException(
        "`%s` must be given: %s cannot draw without it".formatted(name, pipeline.facade()));
  }

  private static void refuseCrop(int padding, Optional<Images> image, Optional<Images> mask) {
    if (padding < 0) {
      throw new IllegalArgumentException(
          "`padding_mask_crop` must be at least 0 pixels but is " + padding);
    }
    if (image.orElse(null) instanceof Images.Bitmaps images
        && mask.orElse(null) instanceof Images.Bitmaps masks) {
      Bitmap one = images.bitmaps().get(0);
      Bitmap other = masks.bitmaps().get(0);
      if (one.width() != other.width() || one.height() != other.height()) {
        throw new IllegalArgumentException(
            "`mask_image` is %dx%d but `image` is %dx%d: with `padding_mask_crop` they must be of one size"
                .formatted(other.width(), other.height(), one.width(), one.height()));
      }
    }
  }

  /** Pictures must divide the batch: each is repeated as often as the batch needs it. */
  static void refuseBatches(Given given, Edit edit, int batch) {
    Pipeline pipeline = given.arguments().signature().pipeline();
    boolean looked =
        !given.has("latents")
            || !(pipeline == Pipeline.IMG2IMG
                || pipeline == Pipeline.CONTROL_IMG2IMG
                || pipeline == Pipeline.CONTROLNET_IMG2IMG);
    if (pipeline == Pipeline.FLEX) {
      edit.image().ifPresent(image -> refuseRepeats("inpaint_image", image, given, batch));
      edit.mask().ifPresent(mask -> refuseRepeats("inpaint_mask", mask, given, batch));
      return;
    }
    if (looked && edit.image().isPresent()) {
      refuseDuplicates("image", edit.image().get(), batch);
    }
    edit.reference().ifPresent(image -> refuseDuplicates("image_reference", image, batch));
  }

  static void refuseMasks(Given given, Edit edit, int batch) {
    Pipeline pipeline = given.arguments().signature().pipeline();
    if (pipeline == Pipeline.FLEX) {
      return;
    }
    if (edit.mask().isPresent() && !divides(masks(edit.mask().get()), batch)) {
      throw new IllegalArgumentException(
          "The passed mask and the required batch size don't match. Masks are supposed to be duplicated to a total batch size of %d, but %d %s were passed. Make sure the number of masks that you pass is divisible by the total requested batch size."
              .formatted(
                  batch,
                  masks(edit.mask().get()),
                  pipeline == Pipeline.CONTROL_INPAINT ? "mask_image" : "masks"));
    }
    if (edit.maskedImageLatents().isPresent()
        && !divides(edit.maskedImageLatents().get().side(0), batch)) {
      throw new IllegalArgumentException(
          "The passed images and the required batch size don't match. Images are supposed to be duplicated to a total batch size of %d, but %d images were passed. Make sure the number of images that you pass is divisible by the total requested batch size."
              .formatted(batch, edit.maskedImageLatents().get().side(0)));
    }
  }

  private static void refuseDuplicates(String name, Images images, int batch) {
    if (!divides(images.count(), batch)) {
      throw new IllegalArgumentException(
          "Cannot duplicate `%s` of batch size %d to %d text prompts."
              .formatted(name, images.count(), batch));
    }
  }

  /** Control images are repeated for each prompt, and not for the batch as a whole. */
  static void refuseRepeats(String name, Images images, Given given, int batch) {
    int each = given.number("num_images_per_prompt").intValue();
    if (images.count() != 1 && images.count() * each != batch) {
      throw new IllegalArgumentException(
          "`%s` has %d pictures for %d prompts: give one, or one for each prompt"
              .formatted(name, images.count(), batch / Math.max(1, each)));
    }
  }

  private static boolean divides(int found, int batch) {
    return found >= 1 && found <= batch && batch % found == 0;
  }

  /** Three sides of a mask are several masks. */
  private static int masks(Images masks) {
    return masks instanceof Images.Values values && values.tensor().shape().size() == 3
        ? values.tensor().side(0)
        : masks.count();
  }
}
