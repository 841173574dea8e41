package dev.fluxbridge.golden.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.golden.onnx.Network.Given;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Colours;
import dev.fluxbridge.providers.Resampling;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What becomes of a picture before CLIP sees it, as its preprocessor_config.json says: resized,
 * cropped in the middle, and normalised. Immutable.
 *
 * <p>Source: transformers 4.57.1, CLIPImageProcessor over Pillow 13.0.0; its fast sister over
 * torchvision rounds differently.
 *
 * @param resized to which size; as it is if empty
 * @param cropped rows and columns of the middle; all of it if empty
 * @param lanczos rather than bicubic
 * @param scale by which levels from 0 to 255 are multiplied
 * @param mean and deviation of red, green and blue
 */
@SuppressWarnings("ArrayRecordComponent") // Three numbers each, which nobody compares.
record Preprocessing(
    Optional<Target> resized,
    Optional<Target> cropped,
    boolean lanczos,
    double scale,
    float[] mean,
    float[] deviation) {
  private static final int COLOURS = 3;
  private static final int LANCZOS = 1;
  private static final int BICUBIC = 3;

  /**
   * Rows and columns; where only the shortest edge is told, both are that, and the longer follows.
   */
  private record Target(int height, int width, boolean shortestEdge) {}

  static Preprocessing read(Path file) {
    JsonFile json = JsonFile.read(file);
    JsonNode root = json.root();
    int resample = root.path("resample").asInt(BICUBIC);
    if (resample != BICUBIC && resample != LANCZOS) {
      throw json.wrong("resample", "3 (bicubic) or 1 (Lanczos)");
    }
    if (!root.path("do_rescale").asBoolean(true)) {
      throw json.wrong("do_rescale", "true");
    }
    boolean normalises = root.path("do_normalize").asBoolean(true);
    return new Preprocessing(
        root.path("do_resize").asBoolean(true)
            ? Optional.of(target(json, "size"))
            : Optional.empty(),
        root.path("do_center_crop").asBoolean(true)
            ? Optional.of(target(json, "crop_size"))
            : Optional.empty(),
        resample == LANCZOS,
        root.path("rescale_factor").asDouble(1 / 255.0),
        normalises ? three(json, "image_mean") : new float[COLOURS],
        normalises ? three(json, "image_std") : new float[] {1, 1, 1});
  }

  private static Target target(JsonFile json, String key) {
    JsonNode size = json.root().path(key);
    JsonNode edge = size.isObject() ? size.path("shortest_edge") : size;
    int height = size.path("height").asInt(edge.asInt());
    int width = size.path("width").asInt(edge.asInt());
    if (height < 1 || width < 1) {
      throw json.wrong(key, "a size in pixels (shortest_edge, or height and width)");
    }
    return new Target(height, width, edge.isInt());
  }

  private static float[] three(JsonFile json, String key) {
    JsonNode values = json.root().path(key);
    float[] three = new float[COLOURS];
    for (int c = 0; c < COLOURS; c++) {
      three[c] = (float) values.path(c).asDouble(Double.NaN);
      if (Float.isNaN(three[c]) || values.size() != COLOURS) {
        throw json.wrong(key, "three numbers, of red, green and blue");
      }
    }
    return three;
  }

  /** The pixels of shape (1, 3, H, W). */
  Given.Floats of(Bitmap picture, Floats into) {
    Bitmap from = resize(Colours.rgb(picture));
    int height = cropped.map(Target::height).orElse(from.height());
    int width = cropped.map(Target::width).orElse(from.width());
    int top = Math.floorDiv(from.height() - height, 2);
    int left = Math.floorDiv(from.width() - width, 2);
    FloatBuffer floats = into.of(COLOURS * height * width);
    for (int c = 0; c < COLOURS; c++) {
      for (int y = top; y < top + height; y++) {
        for (int x = left; x < left + width; x++) {
          float value = (float) (level(from, y, x, c) * scale);
          floats.put((value - mean[c]) / deviation[c]);
        }
      }
    }
    return new Given.Floats(floats.flip(), 1, COLOURS, height, width);
  }

  /** Around a picture that is smaller than its crop it is black. */
  private static int level(Bitmap from, int y, int x, int c) {
    boolean inside = y >= 0 && y < from.height() && x >= 0 && x < from.width();
    return inside ? from.pixels()[(y * from.width() + x) * COLOURS + c] & 0xff : 0;
  }

  private Bitmap resize(Bitmap picture) {
    if (resized.isEmpty()) {
      return picture;
    }
    Target to = resized.get();
    int height = to.height();
    int width = to.width();
    if (to.shortestEdge()) {
      int shorter = Math.min(picture.height(), picture.width());
      height = longer(to.height(), picture.height(), shorter);
      width = longer(to.width(), picture.width(), shorter);
    }
    return lanczos
        ? Resampling.resize(picture, width, height)
        : Resampling.bicubic(picture, width, height);
  }

  private static int longer(int edge, int side, int shorter) {
    return (int) ((double) ((long) edge * side) / shorter);
  }
}
