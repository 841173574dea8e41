package dev.fluxbridge.golden.roads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.golden.GoldenStore;
import dev.fluxbridge.golden.Place;
import dev.fluxbridge.providers.ImageResult;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The recordings of {@link EveryRoadTest} are what recording writes now. They come from stand-ins
 * that answer with the local road's golden through a JPEG, and for OpenAI at its own size besides.
 */
class CommittedRecordingsTest {
  private static final Place PLACE = new Place(EveryRoadTest.class.getName(), "aRedCircle");
  private static final Path FRESH = Path.of("target/recordings");

  private final Switches switches = new Switches();

  @AfterEach
  void putBack() {
    switches.close();
  }

  private static byte[] drawnBy(String road, UnaryOperator<BufferedImage> change)
      throws IOException {
    GoldenStore store = GoldenStore.at(Path.of("src/test/goldens"));
    Path golden = store.folder(PLACE, store.keys(PLACE).get(0)).resolve("1.png");
    byte[] jpeg = Pictures.file(change.apply(ImageIO.read(golden.toFile())), "jpeg");
    BufferedImage lossy = ImageIO.read(new ByteArrayInputStream(jpeg));
    return road.equals("fal") ? jpeg : Pictures.file(Pictures.scaled(lossy, 816), "png");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fal", "openai"})
  void theyAreWhatRecordingWritesNow(String road) throws IOException {
    String below = PLACE.testClass() + "/" + PLACE.name() + "/" + road + "/mappings";
    var unused = record(road, drawnBy(road, UnaryOperator.identity()), FRESH);
    Path committed = Path.of("src/test/recordings");
    List<String> names = names(FRESH.resolve(below));
    assertThat(names(committed.resolve(below)))
        .as("copy %s to %s if the change is meant", FRESH, committed)
        .isEqualTo(names);
    for (String name : names) {
      assertThat(committed.resolve(below).resolve(name))
          .as("copy %s to %s if the change is meant", FRESH, committed)
          .hasSameTextualContentAs(FRESH.resolve(below).resolve(name));
    }
  }

  private ImageResult record(String road, byte[] drawn, Path recordings) throws IOException {
    switches.set("golden.recordings", recordings.toString()).set("golden.live", "true");
    try (StandIn provider = new StandIn(drawn);
        OpenRoad open = OpenRoad.open(road, PLACE, provider.settings())) {
      ImageResult result = EveryRoadTest.redCircle(open.fluxbridge());
      assertThat(open.ended(null)).isEmpty();
      return result;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fal", "openai"})
  void whatTheyAreHeldToLetsNoOtherPicturePass(String road, @TempDir Path folder)
      throws IOException {
    switches.set("golden.report", folder.resolve("report").toString());
    EveryRoadTest.holdToTheLocalGolden(
        record(road, drawnBy(road, UnaryOperator.identity()), folder));
    for (UnaryOperator<BufferedImage> change :
        List.<UnaryOperator<BufferedImage>>of(
            Pictures::turned,
            Pictures::swapped,
            golden -> Pictures.circle(new Color(40, 80, 220), golden.getWidth()),
            golden -> Pictures.circle(Color.WHITE, golden.getWidth()))) {
      ImageResult other = record(road, drawnBy(road, change), folder);
      assertThatThrownBy(() -> EveryRoadTest.holdToTheLocalGolden(other))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("what was drawn is not the golden 'aRedCircle'");
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
