package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What was drawn and is compared: pictures, or latents. It is checked when it is made, and
 * immutable as long as nobody writes to the arrays.
 */
public final class Drawn {
  private final List<PictureFile> pictures;
  private final Optional<Tensor> latents;

  private Drawn(List<PictureFile> pictures, Optional<Tensor> latents) {
    this.pictures = List.copyOf(pictures);
    this.latents = latents;
  }

  /**
   * All pictures of a result, or its latents, which are put into one tensor of shape (B, S, 64).
   *
   * @throws GoldenException for a result of no pictures or of both kinds, and for what cannot be
   *     compared
   */
  public static Drawn of(ImageResult result) {
    List<Picture> images = result.images();
    long latents = images.stream().filter(Picture.Latents.class::isInstance).count();
    if (images.isEmpty() || (latents != 0 && latents != images.size())) {
      throw new GoldenException(
          "a result of %d pictures, of which %d are latents, cannot be held to a golden: it needs one, and one kind"
              .formatted(images.size(), latents));
    }
    if (latents != 0) {
      return of(stacked(images.stream().map(i -> ((Picture.Latents) i).values()).toList()));
    }
    List<PictureFile> pictures = new ArrayList<>();
    for (Picture image : images) {
      pictures.add(PictureFile.of(image, "received picture " + (pictures.size() + 1)));
    }
    return new Drawn(pictures, Optional.empty());
  }

  /** Pixels of 1, 3 or 4 channels; a fourth must be opaque. */
  public static Drawn of(Bitmap... pictures) {
    List<PictureFile> files = new ArrayList<>();
    for (Bitmap picture : pictures) {
      files.add(PictureFile.of(picture, "received picture " + (files.size() + 1)));
    }
    if (files.isEmpty()) {
      throw new GoldenException("there is no picture to hold to a golden");
    }
    return new Drawn(files, Optional.empty());
  }

  /** A picture of the JDK, of 8 bits a channel and opaque. */
  public static Drawn of(BufferedImage picture) {
    return of(ImagesOfTheJdk.bitmap(picture, "received picture 1"));
  }

  /** A PNG or JPEG file, or a WebP one where a decoder for it is installed. */
  public static Drawn of(byte[] file) {
    return new Drawn(List.of(PictureFile.ofFile(file, "received picture 1")), Optional.empty());
  }

  /** Latents of any shape. */
  public static Drawn of(Tensor latents) {
    Numbers.requireFinite(latents, "received latents");
    if (latents.values().length == 0) {
      throw new GoldenException("the received latents are empty: shape " + latents.shape());
    }
    return new Drawn(List.of(), Optional.of(latents));
  }

  static Drawn ofFiles(List<PictureFile> pictures) {
    return new Drawn(pictures, Optional.empty());
  }

  private static Tensor stacked(List<Tensor> each) {
    List<Integer> shape = each.get(0).shape();
    int size = each.get(0).values().length;
    float[] all = new float[Math.multiplyExact(size, each.size())];
    for (int i = 0; i < each.size(); i++) {
      if (!each.get(i).shape().equals(shape)) {
        throw new GoldenException(
            "latents of one result have one shape, but these have %s and %s"
                .formatted(shape, each.get(i).shape()));
      }
      System.arraycopy(each.get(i).values(), 0, all, i * size, size);
    }
    List<Integer> sides = new ArrayList<>(shape);
    sides.add(0, each.size());
    return Tensor.of(all, sides.stream().mapToInt(side -> side).toArray());
  }

  List<PictureFile> pictures() {
    return pictures;
  }

  Optional<Tensor> latents() {
    return latents;
  }

  /**
   * The same in the size of these, picture by picture; what has other proportions stays as it is.
   */
  Drawn scaledTo(Drawn others) {
    List<PictureFile> scaled = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      PictureFile mine = pictures.get(i);
      scaled.add(i < others.pictures.size() ? mine.scaledTo(others.pictures.get(i)) : mine);
    }
    return new Drawn(scaled, latents);
  }

  /** Whether every pixel or number is the same. */
  boolean sameAs(Drawn other) {
    return pictures.equals(other.pictures)
        && latents.isPresent() == other.latents.isPresent()
        && latents
            .map(
                mine -> {
                  Tensor theirs = other.latents.orElseThrow();
                  return mine.shape().equals(theirs.shape())
                      && Arrays.equals(mine.values(), theirs.values());
                })
            .orElse(true);
  }

  /** Tells kinds and sizes only. */
  @Override
  public String toString() {
    return latents
        .map(tensor -> "latents of shape " + tensor.shape())
        .orElseGet(() -> pictures.size() + " pictures " + pictures);
  }
}
