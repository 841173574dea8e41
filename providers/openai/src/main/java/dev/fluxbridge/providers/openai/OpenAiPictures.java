package dev.fluxbridge.providers.openai;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Colours;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Resampling;
import dev.fluxbridge.providers.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The pictures and masks of a call as the PNG files that OpenAI takes, each made once. Pure.
 *
 * <p>A mask is the other way round there: what is to be repainted is transparent, not white. It has
 * the size of the picture that it belongs to, and no half tones, as in the old pipelines.
 */
final class OpenAiPictures {
  private static final int MAX_IMAGE = 50_000_000;

  private final List<byte[]> images;
  private final List<byte[]> masks;
  private final List<byte[]> references;

  private OpenAiPictures(List<byte[]> images, List<byte[]> masks, List<byte[]> references) {
    this.images = images;
    this.masks = masks;
    this.references = references;
  }

  /** Nothing to start from. */
  static final OpenAiPictures NONE = new OpenAiPictures(List.of(), List.of(), List.of());

  /**
   * What a call starts from.
   *
   * @param image the pictures
   * @param mask their masks, white where they are repainted
   * @param reference further pictures to look at
   * @param size the size to bring pictures to; empty to leave them as they are
   */
  static OpenAiPictures of(
      Images image,
      Optional<Images> mask,
      Optional<Images> reference,
      Optional<OpenAiImageModel.Size> size) {
    List<Bitmap> pictures =
        bitmaps(image).stream()
            .map(Colours::rgb)
            .map(picture -> size.map(s -> resized(image, picture, s)).orElse(picture))
            .toList();
    return new OpenAiPictures(
        pictures.stream().map(OpenAiPictures::png).toList(),
        mask.map(given -> masks(given, pictures)).orElse(List.of()),
        reference
            .map(given -> bitmaps(given).stream().map(Colours::rgb).map(OpenAiPictures::png))
            .map(Stream::toList)
            .orElse(List.of()));
  }

  /** The pictures as they came, for their sizes. */
  static List<Bitmap> bitmaps(Images given) {
    try {
      return Bitmaps.of(given);
    } catch (IllegalArgumentException latents) {
      throw OpenAiRule.IMAGE_LATENTS.refusal(String.valueOf(latents.getMessage()));
    }
  }

  private static List<byte[]> masks(Images given, List<Bitmap> pictures) {
    List<Bitmap> masks = bitmaps(batched(given));
    int count = Math.max(masks.size(), pictures.size());
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              Bitmap picture = pictures.get(i % pictures.size());
              Bitmap grey = Colours.grey(masks.get(i % masks.size()));
              return Bitmaps.png(
                  transparentWhereWhite(
                      resized(
                          given,
                          grey,
                          new OpenAiImageModel.Size(picture.width(), picture.height()))));
            })
        .toList();
  }

  /** Three sides of a mask are several masks, and no channels. */
  private static Images batched(Images given) {
    if (given instanceof Images.Values values && values.tensor().shape().size() == 3) {
      Tensor mask = values.tensor();
      return Images.of(Tensor.of(mask.values(), mask.side(0), 1, mask.side(1), mask.side(2)));
    }
    return given;
  }

  private static Bitmap resized(Images given, Bitmap picture, OpenAiImageModel.Size size) {
    return given instanceof Images.Values
        ? Resampling.nearest(picture, size.width(), size.height())
        : Resampling.resize(picture, size.width(), size.height());
  }

  /**
   * The mask as OpenAI reads it.
   *
   * @param grey white is repainted
   */
  static Bitmap transparentWhereWhite(Bitmap grey) {
    byte[] white = Colours.blackAndWhite(grey).pixels();
    byte[] pixels = new byte[white.length * 4];
    for (int i = 0; i < white.length; i++) {
      pixels[i * 4 + 3] = (byte) ~white[i];
    }
    return new Bitmap(grey.width(), grey.height(), 4, pixels);
  }

  private static byte[] png(Bitmap picture) {
    byte[] file = Bitmaps.png(picture);
    if (file.length >= MAX_IMAGE) {
      throw OpenAiRule.IMAGE_LARGE.refusal(
          "the picture of %dx%d pixels is a PNG file of %d bytes, and OpenAI takes less than %d"
              .formatted(picture.width(), picture.height(), file.length, MAX_IMAGE));
    }
    return file;
  }

  /** How many pictures differ in what they start from; at most 1 if all start alike. */
  int count() {
    return Math.max(Math.max(images.size(), masks.size()), references.size());
  }

  /** The files that one picture starts from, the one to edit first. */
  List<byte[]> images(int picture) {
    if (images.isEmpty()) {
      return List.of();
    }
    byte[] image = images.get(picture % images.size());
    return references.isEmpty()
        ? List.of(image)
        : List.of(image, references.get(picture % references.size()));
  }

  /** The mask of one picture. */
  Optional<byte[]> mask(int picture) {
    return masks.isEmpty() ? Optional.empty() : Optional.of(masks.get(picture % masks.size()));
  }

  /** Whether as many pictures as that can be drawn from these, each from the next one in turn. */
  boolean divide(int pictures) {
    return Stream.of(images, masks, references)
        .allMatch(files -> files.isEmpty() || pictures % files.size() == 0);
  }
}
