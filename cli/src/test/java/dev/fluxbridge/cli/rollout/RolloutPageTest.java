package dev.fluxbridge.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutPageTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private String page(ObjectNode data, int pictures) throws IOException {
    Path page = folder.resolve("page.html");
    RolloutPage.write(page, data, pictures);
    return Files.readString(page);
  }

  private static JsonNode embedded(String page) throws IOException {
    return JSON.readTree(
        page.replaceAll(
            "(?s).*<script type=\"application/json\" id=\"data\">(.*?)</script>.*", "$1"));
  }

  @Test
  void whatUsersWroteCannotLeaveTheDataItStandsIn() throws IOException {
    String page = page(new Scene(folder).data(1), 1);

    assertThat(page.split("</script>", -1))
        .as("the page's own two scripts end, no other")
        .hasSize(3);
    assertThat(page).doesNotContain("<img src=x").doesNotContain("\u2028");
    JsonNode mismatch = embedded(page).at("/mismatches/0");
    assertThat(mismatch.get("text").asText()).isEqualTo(Scene.HOSTILE);
    assertThat(mismatch.at("/record/call/request/prompts/0/prompt").asText())
        .isEqualTo(Scene.HOSTILE);
  }

  @Test
  void thePageLoadsNothingFromElsewhere() throws IOException {
    String page = page(new Scene(folder).data(2), 2);
    assertThat(page)
        .contains("default-src 'none'")
        .doesNotContain("src=\"http")
        .doesNotContain("@import")
        .doesNotContain("url(")
        .doesNotContain("{{");
  }

  @Test
  void onlyTheNewestMismatchesBringTheirPictures() throws IOException {
    JsonNode mismatches = embedded(page(new Scene(folder).data(5), 2)).get("mismatches");
    assertThat(mismatches).hasSize(5);
    assertThat(mismatches.get(1).at("/record/served/0").asText())
        .startsWith("data:image/png;base64,");
    assertThat(mismatches.get(2).has("record")).isFalse();
  }

  @Test
  void severalPicturesAndWhatWentInComeAlong() throws IOException {
    JsonNode record = embedded(page(new Scene(folder).data(7), 7)).at("/mismatches/6/record");
    assertThat(record.get("served")).hasSize(2);
    assertThat(record.get("shadow")).hasSize(2);
    assertThat(record.at("/inputs/mask").asText()).startsWith("data:image/png");
  }

  @Test
  void aRecordThatIsGoneOrBrokenIsToldAndTheOthersAreShown() throws IOException {
    ObjectNode data = new Scene(folder).data(6);
    Files.writeString(folder.resolve("records/m0004/served.png"), "no picture");
    Files.delete(folder.resolve("records/m0005/call.json"));
    JsonNode mismatches = embedded(page(data, 6)).get("mismatches");

    assertThat(mismatches.get(2).at("/record/problems/0").asText()).contains("no JSON");
    assertThat(mismatches.get(2).at("/record/served/0").asText()).startsWith("data:");
    assertThat(mismatches.get(3).at("/record/problems/0").asText()).contains("is gone");
    assertThat(mismatches.get(4).at("/record/problems/0").asText())
        .contains("served.png is no PNG");
    assertThat(mismatches.get(4).at("/record/shadow/0").asText()).startsWith("data:");
    assertThat(mismatches.get(5).at("/record/problems/0").asText()).contains("gone");
  }

  @Test
  void aLargePictureIsScaledDown() throws IOException {
    BufferedImage noise = new BufferedImage(1600, 400, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(7);
    for (int x = 0; x < 1600; x++) {
      for (int y = 0; y < 400; y++) {
        noise.setRGB(x, y, random.nextInt());
      }
    }
    Path file = folder.resolve("served.png");
    ImageIO.write(noise, "png", file.toFile());

    String source = PictureData.of(file);

    assertThat(source).startsWith("data:image/jpeg;base64,").hasSizeLessThan(300_000);
    BufferedImage small =
        ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(source.substring(23))));
    assertThat(small.getWidth()).isEqualTo(640);
    assertThat(small.getHeight()).isEqualTo(160);
  }

  @Test
  void aPageThatCannotBeWrittenLeavesTheOldOneAndNothingElse() throws IOException {
    Path old = Files.writeString(folder.resolve("old.html"), "old");
    Path inside = old.resolve("page.html");
    ObjectNode data = new Scene(folder).data(0);
    assertThatThrownBy(() -> RolloutPage.write(inside, data, 0)).isInstanceOf(IOException.class);
    RolloutPage.write(old, data, 0);
    assertThat(Files.readString(old)).startsWith("<!DOCTYPE html>");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".part"));
    }
  }
}
