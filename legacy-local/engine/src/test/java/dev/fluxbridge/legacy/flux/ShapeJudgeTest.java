package dev.fluxbridge.legacy.flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.Golden;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** tools/reference/held_out.py drew the pictures and asked the Python judge for its verdicts. */
class ShapeJudgeTest {
  private static final JsonNode TILES = Golden.json("judged.json");

  @TestFactory
  Stream<DynamicTest> agreesWithThePythonJudge() throws IOException {
    BufferedImage sheet = sheet();
    return StreamSupport.stream(TILES.spliterator(), false)
        .map(
            tile ->
                DynamicTest.dynamicTest(
                    tile.path("x").asText() + "," + tile.path("y").asText(),
                    () -> check(sheet, tile)));
  }

  @Test
  void isShownRightAndWrongPictures() {
    assertThat(TILES).extracting(tile -> tile.path("agrees").asBoolean()).contains(true, false);
  }

  private static void check(BufferedImage sheet, JsonNode tile) {
    int side = ShapeJudge.SIDE;
    int[] pixels =
        sheet.getRGB(tile.path("x").asInt(), tile.path("y").asInt(), side, side, null, 0, side);
    ShapeJudge.Verdict found = ShapeJudge.judge(pixels);
    JsonNode wanted = tile.path("verdict");
    assertThat(found.colour()).isEqualTo(wanted.path("colour").textValue());
    assertThat(found.shape()).isEqualTo(wanted.path("shape").textValue());
    assertThat(found.size()).isEqualTo(wanted.path("size").textValue());
    assertThat(found.place()).isEqualTo(wanted.path("place").textValue());
    assertThat(found.background()).isEqualTo(wanted.path("background").textValue());
    assertThat(found.overlap()).isCloseTo(wanted.path("overlap").asDouble(), within(1e-9));
    JsonNode asked = tile.path("asked");
    assertThat(
            asked.isObject()
                && found.agrees(
                    asked.path("colour").asText(),
                    asked.path("shape").asText(),
                    asked.path("background").asText()))
        .isEqualTo(tile.path("agrees").asBoolean());
  }

  private static BufferedImage sheet() throws IOException {
    try (InputStream in =
        ShapeJudgeTest.class.getResourceAsStream("/dev/fluxbridge/legacy/golden/judged.png")) {
      return ImageIO.read(in);
    }
  }
}
