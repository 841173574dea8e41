package dev.fluxbridge.compat;

import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Colours;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.MaskHonesty;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Resampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what a hosted edit sent with what was handed in, where the mask protects it, and puts
 * those pixels back where the settings say so.
 *
 * <p>Pictures of the local road are left alone: they are what the old code drew.
 *
 * @param restore whether to put protected pixels back, bit by bit
 * @param feather over how many pixels inside of the repainted part it is mixed with the picture
 *     that was handed in, from the edge on; 0 is a hard edge
 */
record ProtectedPixels(boolean restore, int feather) {
  private static final Logger log = LoggerFactory.getLogger(ProtectedPixels.class);
  private static final int HALF = 128;
  private static final String COMPARE = "compare";
  private static final String COMPOSITE = "composite";

  /** Its row of the ledger: it holds on every road that is hosted. */
  static final LedgerRow NOT_RESTORED =
      LedgerRow.of(
          "*",
          List.of("mask_image", "inpaint_mask"),
          Fidelity.APPROXIMATED,
          "flux.mask_image.not_restored",
          "with `fluxbridge.protect=composite`: what came cannot be decoded, so protected pixels stay as they came");

  /**
   * As the settings say it now.
   *
   * @throws IllegalStateException for a value that makes no sense, naming where it was set
   */
  static ProtectedPixels of(Settings settings) {
    String mode = settings.get(Settings.PROTECT).orElse(COMPARE);
    if (!mode.equals(COMPARE) && !mode.equals(COMPOSITE)) {
      throw wrong(settings, Settings.PROTECT, COMPARE + " or " + COMPOSITE);
    }
    String feather = settings.get(Settings.PROTECT_FEATHER).orElse("0");
    if (!feather.matches("\\d{1,4}")) {
      throw wrong(settings, Settings.PROTECT_FEATHER, "a number of pixels from 0 to 9999");
    }
    return new ProtectedPixels(mode.equals(COMPOSITE), Integer.parseInt(feather));
  }

  private static IllegalStateException wrong(Settings settings, String key, String right) {
    Flag flag = settings.find(key).orElseThrow();
    return new IllegalStateException(
        "The %s says '%s' but must be %s".formatted(flag.origin(), flag.value(), right));
  }

  ImageResult examine(ImageRequest request, ImageResult result) {
    Edit edit = request.edit();
    if (edit.mask().isEmpty()
        || edit.image().isEmpty()
        || !result.images().stream().allMatch(Picture.Encoded.class::isInstance)) {
      return result;
    }
    try {
      List<Bitmap> inputs = Bitmaps.of(edit.image().get());
      List<Bitmap> masks = masks(edit.mask().get());
      List<Picture> pictures = new ArrayList<>();
      List<MaskHonesty> honesty = new ArrayList<>();
      for (int i = 0; i < result.images().size(); i++) {
        Picture.Encoded sent = (Picture.Encoded) result.images().get(i);
        // As the old code repeated a batch of pictures over a batch of prompts.
        Bitmap input = Colours.rgb(inputs.get(i % inputs.size()));
        Bitmap mask = masks.get(i % masks.size());
        One one = new One(Bitmaps.of(sent), input, protects(mask, request.pipeline()));
        pictures.add(restore ? one.restored(feather) : sent);
        honesty.add(one.honesty(restore ? Optional.of(sent) : Optional.empty()));
      }
      return result.withMaskHonesty(pictures, honesty);
    } catch (RuntimeException e) {
      // The pictures are drawn and paid for: nobody's looking at them may lose them.
      log.warn("The protected pixels of an edit could not be compared", e);
      return restore ? result.withNotes(List.of(NOT_RESTORED.note(NOT_RESTORED.when()))) : result;
    }
  }

  private static List<Bitmap> masks(Images mask) {
    return Bitmaps.of(mask).stream().map(Colours::grey).toList();
  }

  /** White where the mask protects: Flex repaints grey a little, all others cut at the middle. */
  private static Bitmap protects(Bitmap mask, Pipeline pipeline) {
    int repaintedFrom = pipeline == Pipeline.FLEX ? 1 : HALF;
    byte[] white = new byte[mask.pixels().length];
    for (int i = 0; i < white.length; i++) {
      white[i] = (byte) ((mask.pixels()[i] & 0xff) < repaintedFrom ? 255 : 0);
    }
    return new Bitmap(mask.width(), mask.height(), 1, white);
  }

  /** One picture, the one it was made of, and where it is protected, all of its size. */
  private static final class One {
    private final Bitmap drawn;
    private final Bitmap input;
    private final Bitmap kept;
    private final boolean resized;

    One(Bitmap drawn, Bitmap input, Bitmap kept) {
      this.drawn = drawn;
      this.resized = input.width() != drawn.width() || input.height() != drawn.height();
      this.input = Resampling.resize(input, drawn.width(), drawn.height());
      this.kept = Resampling.nearest(kept, drawn.width(), drawn.height());
    }

    MaskHonesty honesty(Optional<Picture.Encoded> sent) {
      long pixels = 0;
      long changed = 0;
      long sum = 0;
      for (int i = 0; i < kept.pixels().length; i++) {
        if (kept.pixels()[i] == 0) {
          continue;
        }
        pixels++;
        int most = 0;
        for (int c = 0; c < 3; c++) {
          int difference = Math.abs(level(drawn, 3 * i + c) - level(input, 3 * i + c));
          sum += difference;
          most = Math.max(most, difference);
        }
        changed += most > MaskHonesty.VISIBLE ? 1 : 0;
      }
      double all = Math.max(1, pixels);
      return new MaskHonesty(pixels, sum / (3 * all), changed / all, resized, sent);
    }

    Picture restored(int feather) {
      int[] inside = distances();
      byte[] mixed = new byte[drawn.pixels().length];
      for (int i = 0; i < mixed.length; i++) {
        int steps = inside[i / 3];
        // The first pixel of the repainted part is already mixed, the feather's last one not quite.
        double share = steps == 0 ? 0 : Math.min(1, steps / (feather + 1.0));
        mixed[i] = (byte) Math.round(share * level(drawn, i) + (1 - share) * level(input, i));
      }
      return new Picture.Encoded(
          Bitmaps.png(new Bitmap(drawn.width(), drawn.height(), 3, mixed)), "image/png");
    }

    /** For each pixel how many steps of a king it is from the protected part, 0 inside of that. */
    private int[] distances() {
      int width = kept.width();
      int height = kept.height();
      int far = width + height;
      int[] distance = new int[width * height];
      for (int i = 0; i < distance.length; i++) {
        distance[i] = kept.pixels()[i] == 0 ? far : 0;
      }
      for (int pass = 0; pass < 2; pass++) {
        int ahead = pass == 0 ? 1 : -1;
        for (int n = 0; n < distance.length; n++) {
          int i = pass == 0 ? n : distance.length - 1 - n;
          int x = i % width;
          int y = i / width;
          for (int dx = -1; dx <= 1; dx++) {
            lower(distance, i, x + dx, y - ahead, width, height);
          }
          lower(distance, i, x - ahead, y, width, height);
        }
      }
      return distance;
    }

    private static void lower(int[] distance, int i, int x, int y, int width, int height) {
      if (x >= 0 && x < width && y >= 0 && y < height) {
        distance[i] = Math.min(distance[i], distance[y * width + x] + 1);
      }
    }

    private static int level(Bitmap bitmap, int i) {
      return bitmap.pixels()[i] & 0xff;
    }
  }
}
