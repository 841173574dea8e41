package dev.fluxbridge.golden.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenReportsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Bitmap PICTURE = Landscape.draw(1, 32);

  private Path folder = Path.of("");
  private Lines lines = new Lines(folder);

  @BeforeEach
  void open(@TempDir Path temporary) {
    folder = temporary;
    lines = new Lines(folder.resolve("golden-report"));
  }

  private WrittenReport write() throws IOException {
    return GoldenReports.write(lines.folder);
  }

  private JsonNode report() throws IOException {
    return JSON.readTree(write().json().toFile());
  }

  private static String page(WrittenReport report) throws IOException {
    return Files.readString(report.page());
  }

  private static JsonNode embedded(String page) throws IOException {
    return JSON.readTree(
        page.replaceAll(
            "(?s).*<script type=\"application/json\" id=\"data\">(.*?)</script>.*", "$1"));
  }

  private static List<MatchResult> pictures(String page) {
    return Pattern.compile("<script type=\"image/(\\w+)\" id=\"picture-(\\d+)\">([^<]*)</script>")
        .matcher(page)
        .results()
        .toList();
  }

  @Test
  void ofSeveralLinesAboutOneCaseTheLastCounts() throws IOException {
    lines
        .add(Lines.line("failed", "a.FoxTest", "fox"))
        .add(Lines.line("failed", "a.FoxTest", "fox").put("key", "fal"))
        .add(Lines.line("passed", "a.FoxTest", "fox").put("run", "r2"));

    WrittenReport written = write();

    assertThat(written.counts()).containsEntry("failed", 1).containsEntry("passed", 1);
    assertThat(written.text()).isEqualTo("1 failed, 1 passed");
    assertThat(written.passed()).isFalse();
    JsonNode cases = embedded(page(written)).get("cases");
    assertThat(cases).hasSize(2);
    assertThat(cases.findValuesAsText("line")).containsExactly("2", "3");
    assertThat(cases.get(0).get("earlier_run").asBoolean())
        .as("the class ran again, and this key did not")
        .isTrue();
    assertThat(cases.get(1).get("earlier_run").asBoolean()).isFalse();
  }

  @Test
  void whatFailedComesFirstTheFarthestBeforeOthers() throws IOException {
    ObjectNode near = Lines.line("failed", "a.FoxTest", "near");
    Lines.picture(near, 0.94, false);
    ObjectNode far = Lines.line("failed", "a.FoxTest", "far");
    Lines.picture(far, 0.2, false);
    ObjectNode close = Lines.line("passed", "a.FoxTest", "close");
    Lines.picture(close, 0.951, true);
    ObjectNode same = Lines.line("unchanged", "a.FoxTest", "same");
    Lines.picture(same, 1, true);
    lines.add(same).add(Lines.line("obsolete", "a.FoxTest", "old").put("key", "")).add(close);
    lines.add(near).add(Lines.line("missing", "a.FoxTest", "none")).add(far);
    lines.add(Lines.line("error", "a.FoxTest", "broken"));

    JsonNode cases = report().get("cases");

    assertThat(cases.findValuesAsText("name"))
        .containsExactly("broken", "far", "near", "none", "old", "close", "same");
    assertThat(cases.get(0).at("/nearness/times").asText()).isEqualTo("infinite");
    assertThat(cases.get(1).at("/nearness/times").asDouble()).isEqualTo(16);
    assertThat(cases.get(1).at("/nearness/measure").asText()).isEqualTo("SSIM");
  }

  @ParameterizedTest
  @CsvSource({
    "0.02, 0.01, true, 2", "0, 0, true, 0", "0.1, 0, true, Infinity", "Infinity, 3, true, Infinity",
    "0.9, 0.95, false, 2", "1, 0.95, false, 0", "0.5, 1, false, 2", "20, 30, false, 1.5",
    "Infinity, 30, false, 0", "-0.5, 0.25, false, 2", "40, 30, false, 0.75"
  })
  void measuresOfEachDirectionCompare(double value, double limit, boolean lower, double times) {
    assertThat(Nearness.times(value, limit, lower)).isEqualTo(times, Offset.offset(1e-9));
  }

  @Test
  void aBrokenLineIsToldWithItsNumberAndTheOthersStand() throws IOException {
    lines
        .text("{\"schema\":1,\"status\":\"pas")
        .text("[]")
        .text("")
        .add(Lines.line("passed", "a.FoxTest", "fox"))
        .add(Lines.line("passed", "a.FoxTest", "new").put("schema", 2))
        .add(Lines.line("great", "a.FoxTest", "word"))
        .add(Lines.line("passed", "a.FoxTest", "kinds").put("pictures", "none"));
    ObjectNode nameless = Lines.line("passed", "a.FoxTest", "nameless");
    nameless.remove("name");
    ObjectNode number = Lines.line("failed", "a.FoxTest", "number");
    Lines.picture(number, 0.5, false).withArray("/verdicts").addObject().put("value", "many");
    lines.add(nameless).add(number);

    WrittenReport written = write();

    assertThat(written.counts()).containsEntry("passed", 1).containsEntry("failed", 0);
    assertThat(written.passed()).as("nobody knows what these said").isFalse();
    assertThat(written.problems()).hasSize(7);
    assertThat(written.problems().get(0))
        .endsWith("results.ndjson line 1: is no JSON from column 26 on: was it cut off?");
    assertThat(written.problems().get(1)).endsWith("line 2: is no JSON object");
    assertThat(written.problems().get(2))
        .contains("line 5: is of schema 2, and this version reads schema 1");
    assertThat(written.problems().get(3))
        .contains("line 6: has 'status'", "is 'great', and this version knows [error, failed");
    assertThat(written.problems().get(4))
        .contains("line 7: has 'pictures' that is not what the format says");
    assertThat(written.problems().get(5)).contains("line 8: has 'name'");
    assertThat(written.problems().get(6))
        .contains("line 9: has 'pictures[0].verdicts[1]", "has a value that is no number");
    assertThat(embedded(page(written)).get("problems").findValuesAsText("where").get(2))
        .endsWith("results.ndjson line 5");
  }

  @Test
  void bytesThatAreNoTextAreOneBrokenLine() throws IOException {
    lines.add(Lines.line("passed", "a.FoxTest", "fox"));
    byte[] noise = {(byte) 0xff, (byte) 0xfe, 0, 10};
    Files.write(lines.folder.resolve("results.ndjson"), noise, StandardOpenOption.APPEND);
    lines.add(Lines.line("passed", "a.FoxTest", "owl"));

    WrittenReport written = write();

    assertThat(written.counts()).containsEntry("passed", 2);
    assertThat(written.problems()).singleElement().asString().contains("line 2: is no JSON");
  }

  @Test
  void aPictureThatIsGoneOrElsewhereIsToldAndTheOthersAreShown() throws IOException {
    ObjectNode fox = Lines.line("failed", "a.FoxTest", "fox");
    Lines.picture(fox, 0.9, false)
        .put("golden", lines.png("there", PICTURE))
        .put("received", "pictures/gone.png")
        .put("heat_map", "../secret.png");
    Files.write(folder.resolve("secret.png"), Bitmaps.png(PICTURE));
    ObjectNode owl = Lines.line("failed", "a.FoxTest", "owl");
    Lines.picture(owl, 0.8, false)
        .put(
            "golden",
            lines.file("pictures/text.png", "no picture at all".getBytes(StandardCharsets.UTF_8)))
        .put("received", lines.file("pictures/short.png", Arrays.copyOf(Bitmaps.png(PICTURE), 9)));
    lines.add(fox).add(owl);

    WrittenReport written = write();

    JsonNode cases = embedded(page(written)).get("cases");
    assertThat(cases.get(1).get("problems").toString())
        .contains("picture 1, received: there is no pictures/gone.png")
        .contains("picture 1, heat map: '../secret.png' is no file below the report's folder");
    assertThat(cases.get(1).at("/pictures/0/golden/whole").asBoolean()).isTrue();
    assertThat(cases.get(1).at("/pictures/0").has("heat_map")).isFalse();
    assertThat(cases.get(0).get("problems").toString())
        .contains("text.png is no PNG", "short.png is cut off");
    assertThat(pictures(page(written))).hasSize(1);
    assertThat(written.problems()).isEmpty();
  }

  @Test
  void aFolderWithoutResultsIsToldAndOneThatIsNotThereRefused() throws IOException {
    Files.createDirectories(lines.folder);
    WrittenReport written = write();
    assertThat(written.problems())
        .singleElement()
        .asString()
        .contains("there is no results.ndjson: run tests that hold something to a golden first");
    assertThat(written.passed()).isFalse();
    assertThat(written.text()).isEqualTo("no cases");

    Path again = lines.folder.resolve("../golden-report");
    assertThat(GoldenReports.write(List.of(lines.folder, again), lines.folder).problems())
        .as("a folder counts once")
        .hasSize(1);

    Path none = folder.resolve("none");
    assertThatThrownBy(() -> GoldenReports.write(none))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no folder " + none);
    assertThat(none).doesNotExist();
  }

  @Test
  void severalFoldersAreOneReportAndTheirPicturesAreLinkedFromIt() throws IOException {
    Lines other = new Lines(folder.resolve("module b/golden-report"));
    for (Lines one : List.of(lines, other)) {
      ObjectNode fox = Lines.line("failed", "a.FoxTest", "fox");
      Lines.picture(fox, 0.9, false)
          .put("golden", one.png("a#b", Landscape.draw(one == lines ? 1 : 2, 32)));
      one.add(fox);
    }
    Path into = folder.resolve("all");

    WrittenReport written =
        GoldenReports.write(List.of(lines.folder, other.folder, folder.resolve("none")), into);

    assertThat(written.counts()).containsEntry("failed", 2);
    assertThat(written.problems())
        .singleElement()
        .asString()
        .contains("none: there is no results.ndjson");
    JsonNode cases = JSON.readTree(written.json().toFile()).get("cases");
    assertThat(cases.findValuesAsText("folder")).containsExactly("0", "1");
    assertThat(cases.findValuesAsText("id")).doesNotHaveDuplicates();
    assertThat(cases.at("/0/pictures/0/golden").asText())
        .isEqualTo("./../golden-report/pictures/a%23b.png");
    assertThat(cases.at("/1/pictures/0/golden").asText())
        .isEqualTo("./../module%20b/golden-report/pictures/a%23b.png");
    assertThat(into.toUri().resolve(cases.at("/1/pictures/0/golden").asText()))
        .satisfies(link -> assertThat(Path.of(link)).exists());
  }

  @Test
  void aCaseKeepsItsLinkFromReportToReport() throws IOException {
    lines.add(Lines.line("failed", "a.b.FoxTest", "red fox"));
    String id = report().at("/cases/0/id").asText();
    assertThat(id).matches("FoxTest/red-fox/[0-9a-f]{8}");
    lines
        .add(Lines.line("missing", "a.AntTest", "ant"))
        .add(Lines.line("passed", "a.b.FoxTest", "red fox").put("run", "r9"));
    assertThat(report().get("cases").findValuesAsText("id")).contains(id);
  }

  @Test
  void picturesWithTheSameBytesStandInThePageOnce() throws IOException {
    for (int i = 0; i < 3; i++) {
      ObjectNode fox = Lines.line("passed", "a.FoxTest", "fox" + i);
      Lines.picture(fox, 1, true)
          .put("golden", lines.png("golden" + i, PICTURE))
          .put("received", lines.png("received" + i, PICTURE));
      lines.add(fox);
    }
    String page = page(write());
    assertThat(pictures(page)).hasSize(1);
    assertThat(Base64.getDecoder().decode(pictures(page).get(0).group(3)))
        .isEqualTo(Bitmaps.png(PICTURE));
  }

  @Test
  void whatDoesNotFitIsAPreviewOrALinkAndSaysSo() throws IOException {
    ObjectNode fox = Lines.line("failed", "a.FoxTest", "fox");
    Lines.picture(fox, 0.9, false)
        .put("golden", huge("pictures/large.png"))
        .put("golden_preview", lines.file("pictures/large.jpg", Bitmaps.jpeg(PICTURE, 0.8)))
        .put("received", huge("pictures/bare.png"))
        .put("heat_map", lines.png("small", PICTURE));
    lines.add(fox);

    String page = page(write());

    JsonNode picture = embedded(page).at("/cases/0/pictures/0");
    assertThat(picture.at("/golden/whole").asBoolean(true)).isFalse();
    assertThat(picture.at("/golden/width").asInt()).as("of the whole one").isEqualTo(32);
    assertThat(picture.get("received").has("shown")).as("a link is left").isFalse();
    assertThat(picture.at("/received/file").asText()).isEqualTo("./pictures/bare.png");
    assertThat(picture.at("/heat_map/whole").asBoolean()).isTrue();
    assertThat(pictures(page)).extracting(held -> held.group(1)).containsExactly("jpeg", "png");
  }

  /** It takes no room on the disk, and nobody reads it. */
  private String huge(String name) throws IOException {
    String file = lines.file(name, Bitmaps.png(PICTURE));
    try (RandomAccessFile longer =
        new RandomAccessFile(lines.folder.resolve(file).toFile(), "rw")) {
      longer.setLength(PagePictures.BUDGET + 1);
    }
    return file;
  }

  @Test
  void whatUsersWroteCannotLeaveTheDataItStandsIn() throws IOException {
    ObjectNode hostile = Lines.line("failed", Lines.HOSTILE, Lines.HOSTILE);
    hostile.put("message", Lines.HOSTILE + "\ud800 {{script}} {{pictures}}");
    lines.add(hostile);

    String page = page(write());

    assertThat(page.split("</script>", -1))
        .as("the page's own two scripts end, no other")
        .hasSize(3);
    assertThat(page)
        .doesNotContain("<img src=x")
        .doesNotContain("\u2028")
        .containsOnlyOnce("<!DOCTYPE");
    JsonNode one = embedded(page).at("/cases/0");
    assertThat(one.get("name").asText()).isEqualTo(Lines.HOSTILE);
    assertThat(one.get("message").asText())
        .startsWith(Lines.HOSTILE)
        .endsWith("{{script}} {{pictures}}");
  }

  @Test
  void thePageLoadsNothingFromElsewhere() throws IOException {
    lines.add(Lines.line("passed", "a.FoxTest", "fox"));
    assertThat(page(write()))
        .contains("default-src 'none'; img-src data:;")
        .doesNotContain("src=\"http")
        .doesNotContain("@import")
        .doesNotContain("url(")
        .doesNotContain("{{");
  }

  @Test
  void theJsonHasTheFieldsThatAreDocumented() throws IOException {
    ObjectNode fox = Lines.line("failed", "a.FoxTest", "fox");
    Lines.picture(fox, 0.9, false)
        .put("golden", lines.png("fox", PICTURE))
        .putObject("changed")
        .put("share", 0.5);
    lines.add(fox.put("of a later version", 1));
    JsonNode report = report();
    assertThat(report.fieldNames())
        .toIterable()
        .containsExactly("schema", "at", "passed", "counts", "folders", "problems", "cases");
    assertThat(report.get("counts").fieldNames())
        .toIterable()
        .containsExactly(
            "error", "failed", "missing", "obsolete", "written", "unchanged", "passed");
    assertThat(report.at("/cases/0").fieldNames())
        .toIterable()
        .containsExactly(
            "id",
            "folder",
            "line",
            "earlier_run",
            "run",
            "at",
            "status",
            "test_class",
            "name",
            "test",
            "key",
            "against",
            "kind",
            "message",
            "call_differences",
            "origins",
            "nearness",
            "problems",
            "pictures");
    assertThat(report.at("/cases/0/pictures/0").fieldNames())
        .toIterable()
        .containsExactly(
            "index", "width", "height", "passed", "verdicts", "changed", "findings", "golden");
    assertThat(report.at("/cases/0/status").asText()).isEqualTo("failed");
    assertThat(report.at("/cases/0/pictures/0/golden").asText()).isEqualTo("./pictures/fox.png");
  }

  @Test
  void severalProcessesAtOnceLeaveWholeFilesAndNothingElse() throws IOException {
    lines.add(Lines.line("passed", "a.FoxTest", "fox"));
    IntStream.range(0, 8)
        .parallel()
        .forEach(
            i -> {
              lines.add(Lines.line("passed", "a.FoxTest", "fox" + i));
              try {
                write();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    JsonNode report = JSON.readTree(lines.folder.resolve("report.json").toFile());
    assertThat(report.get("cases")).as("who wrote last saw all lines").hasSize(9);
    assertThat(embedded(Files.readString(lines.folder.resolve("index.html"))).get("cases"))
        .hasSize(9);
    try (Stream<Path> left = Files.list(lines.folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(
              ".report.lock", "index.html", "junit.xml", "report.json", "results.ndjson");
    }
  }

  @Test
  void aReportThatCannotBeWrittenLeavesTheOneBefore() throws IOException {
    lines.add(Lines.line("passed", "a.FoxTest", "fox"));
    WrittenReport before = write();
    Files.delete(before.page());
    Files.createDirectories(before.page().resolve("taken"));
    assertThatThrownBy(this::write).isInstanceOf(IOException.class);
    assertThat(lines.folder.resolve(".index.html.part")).doesNotExist();
    assertThat(before.page().resolve("taken")).isDirectory();
  }
}
