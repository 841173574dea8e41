package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Colours;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.KontextSizes;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Resampling;
import dev.fluxbridge.providers.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What each picture starts from: its picture, mask and reference. For one thread. */
final class Sources {
  private final Optional<Shelf> image;
  private final Optional<Shelf> mask;
  private final Optional<Shelf> reference;
  private final Start start;

  /** The size in which pictures and masks are sent. */
  private final Size size;

  private Sources(
      Optional<Shelf> image,
      Optional<Shelf> mask,
      Optional<Shelf> reference,
      Start start,
      Size size) {
    this.image = image;
    this.mask = mask;
    this.reference = reference;
    this.start = start;
    this.size = size;
  }

  /** Looks at what the call brings along; nothing is scaled or written yet. */
  static Sources of(ImageRequest request, Start start, Findings findings) {
    Edit edit = request.edit();
    boolean flex = request.pipeline() == Pipeline.FLEX;
    String imageName = flex ? "inpaint_image" : "image";
    String maskName = flex ? "inpaint_mask" : "mask_image";
    Size size = new Size(request.width(), request.height());
    requireTaken(edit, start, request);
    if (!start.takesImage()) {
      return new Sources(Optional.empty(), Optional.empty(), Optional.empty(), start, size);
    }
    Images image = given(edit.image(), imageName);
    requirePixels(image, findings);
    boolean numbers = image instanceof Images.Values;
    Size seen = request.pipeline().choosesSize() ? seen(image, edit.autoResize(), imageName) : size;
    Shelf images = shelf(image, imageName, colour(seen, numbers), request);
    if (!numbers) {
      findings.met(Rule.IMAGE_SENT);
    } else {
      findings.note(Rule.IMAGE_ROUNDED, "the numbers were rounded to 8 bits");
    }
    Optional<Shelf> masks = Optional.empty();
    if (start.takesMask()) {
      Images mask = given(edit.mask(), maskName);
      masks = Optional.of(shelf(mask, maskName, mask(seen, mask, flex), request));
      findings.met(Rule.MASK_SENT);
    }
    Optional<Shelf> references = Optional.empty();
    if (start == Start.KONTEXT_MASKED) {
      findings.met(Rule.REFERENCE_SENT);
      references = edit.reference().map(other -> reference(other, request, findings));
    }
    return new Sources(Optional.of(images), masks, references, start, seen);
  }

  /** Nothing that a caller gave is dropped without a word. */
  private static void requireTaken(Edit edit, Start start, ImageRequest request) {
    boolean tooMuch =
        (edit.image().isPresent() && !start.takesImage())
            || (edit.mask().isPresent() && !start.takesMask())
            || (edit.reference().isPresent() && start != Start.KONTEXT_MASKED);
    if (tooMuch) {
      throw Findings.invalid(
          request.pipeline().facade() + " was given a picture or mask that it does not take");
    }
  }

  private static Shelf reference(Images images, ImageRequest request, Findings findings) {
    requirePixels(images, findings);
    Size seen = seen(images, request.edit().autoResize(), "image_reference");
    boolean numbers = images instanceof Images.Values;
    return shelf(images, "image_reference", colour(seen, numbers), request);
  }

  private static Size seen(Images images, boolean autoResize, String argument) {
    Bitmap first = Shelf.of(images, argument, UnaryOperator.identity()).first();
    try {
      return KontextSizes.seen(first.width(), first.height(), autoResize);
    } catch (IllegalArgumentException tooSmall) {
      throw Findings.invalid("`" + argument + "`: " + tooSmall.getMessage());
    }
  }

  private static Images given(Optional<Images> images, String argument) {
    return images.orElseThrow(
        () -> Findings.invalid("`" + argument + "` must be given for this pipeline"));
  }

  private static void requirePixels(Images images, Findings findings) {
    if (Shelf.areLatents(images)) {
      throw findings.refusal(Rule.IMAGE_LATENTS, "give the picture itself");
    }
  }

  private static Shelf shelf(
      Images images, String argument, UnaryOperator<Bitmap> prepared, ImageRequest request) {
    Shelf shelf = Shelf.of(images, argument, prepared);
    if (request.imageCount() % shelf.count() != 0) {
      throw Findings.invalid(
          "Cannot duplicate `%s` of batch size %d to %d text prompts."
              .formatted(argument, shelf.count(), request.imageCount()));
    }
    return shelf;
  }

  /** Three channels in a size, by the filter that the old image processor had for it. */
  static UnaryOperator<Bitmap> colour(Size size, boolean numbers) {
    return picture -> scaled(Colours.rgb(picture), size, numbers);
  }

  private static UnaryOperator<Bitmap> mask(Size size, Images images, boolean soft) {
    boolean numbers = images instanceof Images.Values;
    return picture -> {
      Bitmap flat = picture.channels() == 4 ? Colours.rgb(picture) : picture;
      Bitmap grey = Colours.grey(scaled(flat, size, numbers));
      return soft ? grey : Colours.blackAndWhite(grey);
    };
  }

  private static Bitmap scaled(Bitmap picture, Size size, boolean numbers) {
    return numbers
        ? Resampling.nearest(picture, size.width(), size.height())
        : Resampling.resize(picture, size.width(), size.height());
  }

  Size size() {
    return size;
  }

  /** The first picture as it was given; empty if there is none. */
  Optional<Size> given() {
    return image.map(Shelf::first).map(first -> new Size(first.width(), first.height()));
  }

  /** What tells one picture's sources from another's. */
  List<Integer> key(int picture) {
    return List.of(index(image, picture), index(mask, picture), index(reference, picture));
  }

  /** The fields of one picture. */
  Map<String, Object> fields(int picture) {
    Map<String, Object> fields = new LinkedHashMap<>();
    image.ifPresent(shelf -> fields.put("image_url", file(shelf, picture)));
    mask.ifPresent(shelf -> fields.put("mask_url", file(shelf, picture)));
    if (start == Start.KONTEXT_MASKED) {
      fields.put("reference_image_url", file(reference.or(() -> image).orElseThrow(), picture));
    }
    return fields;
  }

  /** The old pipelines repeated a batch of pictures as a whole. */
  private static int index(Optional<Shelf> shelf, int picture) {
    return shelf.map(s -> picture % s.count()).orElse(0);
  }

  private static byte[] file(Shelf shelf, int picture) {
    return shelf.file(picture % shelf.count());
  }
}
