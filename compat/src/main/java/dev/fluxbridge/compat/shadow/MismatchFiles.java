package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Picture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of one mismatch's record, by their names: both sides' pictures and what went in. */
final class MismatchFiles {
  private static final Map<String, String> ENDINGS =
      Map.of("image/png", "png", "image/jpeg", "jpg", "image/webp", "webp");

  private final Map<String, byte[]> files = new LinkedHashMap<>();

  private MismatchFiles() {}

  static Map<String, byte[]> of(
      ImageRequest request, Ended served, Ended shadow, byte[] description) {
    MismatchFiles all = new MismatchFiles();
    all.files.put("call.json", description);
    all.pictures("served", served.result());
    all.pictures("shadow", shadow.result());
    all.images("image", request.edit().image());
    all.images("mask", request.edit().mask());
    all.images("reference", request.edit().reference());
    List<Control> controls = request.controls();
    for (int i = 0; i < controls.size(); i++) {
      all.images(numbered("control", i, controls.size()), Optional.of(controls.get(i).image()));
    }
    return all.files;
  }

  private static String numbered(String name, int index, int count) {
    return count == 1 ? name : name + "-" + (index + 1);
  }

  private void pictures(String side, @Nullable ImageResult result) {
    if (result == null) {
      return;
    }
    int count = result.images().size();
    for (int i = 0; i < count; i++) {
      Picture picture = result.images().get(i);
      String name = numbered(side, i, count);
      if (picture instanceof Picture.Encoded file) {
        files.put(name + "." + ENDINGS.getOrDefault(file.mediaType(), "bin"), file.bytes());
      } else if (picture instanceof Picture.Pixels) {
        files.put(name + ".png", Bitmaps.png(Bitmaps.of(picture)));
      }
    }
  }

  private void images(String what, Optional<Images> images) {
    if (images.isEmpty()) {
      return;
    }
    List<Bitmap> bitmaps;
    try {
      bitmaps = Bitmaps.of(images.get());
    } catch (RuntimeException e) {
      // Latents instead of a picture: there is nothing to look at.
      return;
    }
    for (int i = 0; i < bitmaps.size(); i++) {
      files.put(numbered(what, i, bitmaps.size()) + ".png", Bitmaps.png(bitmaps.get(i)));
    }
  }
}
