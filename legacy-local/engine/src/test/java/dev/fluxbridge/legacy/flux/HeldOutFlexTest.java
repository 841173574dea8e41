package dev.fluxbridge.legacy.flux;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.flux.Sampling.Prompt;
import dev.fluxbridge.legacy.picture.Bitmap;
import dev.fluxbridge.legacy.picture.Images;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Tiny Flex paints into boxes and follows drawings in the Java engine as it does in diffusers: the
 * same cases, seeds and rules as tools/tiny-flex/evaluate.py.
 */
class HeldOutFlexTest {
  private static final int SIDE = ShapeJudge.SIDE;

  /** Of the fifty cases that diffusers drew: all of them take minutes. */
  private static final int CASES = 20;

  private static final int LEAST_RIGHT = 16;
  private static final int MOST_BY_CHANCE = 8;
  private static final double MOST_KEPT_ERROR = 4;

  private static final FluxEngine ENGINE = FluxEngine.load(EmbeddedCheckpoint.flexFolder());

  @AfterAll
  static void close() {
    ENGINE.close();
  }

  @Test
  void paintsIntoTheBoxAsThePromptSaysAndLeavesTheRest() throws Exception {
    int right = 0;
    List<JsonNode> cases = cases("inpaint");
    for (JsonNode one : cases) {
      int[] given = png(one.path("picture").asText());
      int[] drawn = draw(one, Optional.of(images(given)), Optional.of(mask(one)), Optional.empty());
      int[] alone = new int[drawn.length];
      Arrays.fill(alone, ground(one.path("wanted").path("background").asText()));
      long error = 0;
      int outside = 0;
      for (int i = 0; i < drawn.length; i++) {
        if (inBox(one, i)) {
          alone[i] = drawn[i];
        } else {
          error += difference(drawn[i], given[i]);
          outside += 3;
        }
      }
      if (agrees(one, ShapeJudge.judge(alone)) && error <= MOST_KEPT_ERROR * outside) {
        right++;
      }
    }
    report("inpaint", right, cases.size(), "painted_and_kept");
    assertThat(right).isGreaterThanOrEqualTo(LEAST_RIGHT);
  }

  @Test
  void followsTheDrawingAndMissesItWithoutOne() throws Exception {
    int right = 0;
    int byChance = 0;
    List<JsonNode> cases = cases("control");
    for (JsonNode one : cases) {
      Optional<Images> drawing = Optional.of(images(png(one.path("drawing").asText())));
      right += asDrawn(one, draw(one, Optional.empty(), Optional.empty(), drawing)) ? 1 : 0;
      byChance +=
          asDrawn(one, draw(one, Optional.empty(), Optional.empty(), Optional.empty())) ? 1 : 0;
    }
    report("control", right, cases.size(), "shape_and_place");
    report("control_without_drawing", byChance, cases.size(), "shape_and_place");
    assertThat(right).isGreaterThanOrEqualTo(LEAST_RIGHT);
    assertThat(byChance).isLessThanOrEqualTo(MOST_BY_CHANCE);
  }

  private static List<JsonNode> cases(String kind) {
    JsonNode all = Golden.json("flex-held-out.json").path(kind);
    return StreamSupport.stream(all.spliterator(), false).limit(CASES).toList();
  }

  private static void report(String name, int right, int of, String figure) throws Exception {
    System.out.printf(
        "%s: Java %d of the first %d, diffusers %d of 50%n",
        name,
        right,
        of,
        Golden.json("flex-held-out-by-diffusers.json").path(name).path(figure).asInt());
  }

  private static int[] draw(
      JsonNode one, Optional<Images> picture, Optional<Images> mask, Optional<Images> drawing) {
    Sampling sampling =
        Sampling.builder()
            .prompts(Prompt.of(one.path("prompt").asText()))
            .size(SIDE, SIDE)
            .seeds(one.path("seed").asLong())
            .build();
    Flex call = new Flex(sampling, picture, mask, drawing, 1, 1);
    return rgb(ENGINE.draw(call, StepWatcher.NONE).pictures().get(0));
  }

  private static boolean asDrawn(JsonNode one, int[] drawn) {
    ShapeJudge.Verdict verdict = ShapeJudge.judge(drawn);
    JsonNode wanted = one.path("wanted");
    return wanted.path("shape").asText().equals(verdict.shape())
        && wanted.path("place").asText().equals(verdict.place());
  }

  private static boolean agrees(JsonNode one, ShapeJudge.Verdict verdict) {
    JsonNode wanted = one.path("wanted");
    return verdict.agrees(
        wanted.path("colour").asText(),
        wanted.path("shape").asText(),
        wanted.path("background").asText());
  }

  /** The backgrounds of tools/tiny-flux/scenes.py. */
  private static int ground(String name) {
    return switch (name) {
      case "white" -> 0xF5F5F5;
      case "black" -> 0x0F0F0F;
      case "gray" -> 0xAAAAAA;
      case "blue" -> 0x2850DC;
      default -> throw new IllegalArgumentException("no background is called " + name);
    };
  }

  private static int difference(int a, int b) {
    int sum = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      sum += Math.abs((a >> shift & 255) - (b >> shift & 255));
    }
    return sum;
  }

  private static boolean inBox(JsonNode one, int pixel) {
    JsonNode box = one.path("mask");
    int x = pixel % SIDE;
    int y = pixel / SIDE;
    return x >= box.get(0).asInt()
        && y >= box.get(1).asInt()
        && x < box.get(2).asInt()
        && y < box.get(3).asInt();
  }

  private static Images mask(JsonNode one) {
    byte[] grey = new byte[SIDE * SIDE];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) (inBox(one, i) ? 255 : 0);
    }
    return new Images.Bitmaps(List.of(new Bitmap(SIDE, SIDE, 1, grey)));
  }

  private static Images images(int[] rgb) {
    byte[] bytes = new byte[3 * rgb.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (rgb[i / 3] >> (16 - 8 * (i % 3)));
    }
    return new Images.Bitmaps(List.of(new Bitmap(SIDE, SIDE, 3, bytes)));
  }

  private static int[] png(String base64) throws Exception {
    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
    int[] rgb = image.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE);
    return Arrays.stream(rgb).map(pixel -> pixel & 0xFFFFFF).toArray();
  }

  /** Planes of 0 to 1 to one number for each pixel, rounded as numpy does. */
  private static int[] rgb(Floats picture) {
    float[] values = picture.values();
    int[] rgb = new int[values.length / 3];
    for (int i = 0; i < rgb.length; i++) {
      for (int channel = 0; channel < 3; channel++) {
        rgb[i] = (rgb[i] << 8) | (int) Math.rint(values[channel * rgb.length + i] * 255);
      }
    }
    return rgb;
  }
}
