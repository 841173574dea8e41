package dev.fluxbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenCommandTest {
  private static final String COMMAND = "java -jar cli/target/fluxbridge.jar ";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Path folder = Path.of("");

  @BeforeEach
  void open(@TempDir Path temporary) {
    folder = temporary;
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return FluxbridgeCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private Path results(String module, String... statuses) throws IOException {
    Path report = Files.createDirectories(folder.resolve(module).resolve("target/golden-report"));
    StringBuilder lines = new StringBuilder();
    for (String status : statuses) {
      lines.append(
          "{\"schema\":1,\"status\":\"%s\",\"test_class\":\"a.FoxTest\",\"name\":\"%s\",\"key\":\"local\"}%n"
              .formatted(status, status));
    }
    Files.writeString(report.resolve("results.ndjson"), lines);
    return report;
  }

  @Test
  void itEndsWithOneIfACaseFailedAndWithNoneIfAllPassed() throws IOException {
    String good = results("good", "passed", "obsolete", "written").toString();
    assertThat(run("golden", "report", "--folder", good)).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("1 obsolete, 1 written, 1 passed")
        .contains("Written: " + Path.of(good, "index.html").toAbsolutePath());
    for (String status : List.of("failed", "missing", "error")) {
      String bad = results(status, "passed", status).toString();
      assertThat(run("golden", "report", "--folder", bad)).as(status).isEqualTo(1);
      assertThat(Path.of(bad, "junit.xml")).isRegularFile();
    }
  }

  @Test
  void severalFoldersAreOneReport() throws IOException {
    Path one = results("one", "passed");
    Path two = results("two", "failed");
    Path all = folder.resolve("all");
    assertThat(
            run(
                "golden",
                "report",
                "--folder",
                one.toString(),
                "--folder",
                two.toString(),
                "--out",
                all.toString()))
        .isEqualTo(1);
    assertThat(new ObjectMapper().readTree(all.resolve("report.json").toFile()).get("cases"))
        .hasSize(2);
    assertThat(one.resolve("index.html")).doesNotExist();
  }

  @Test
  void aLineThatCannotBeReadIsToldAndFails() throws IOException {
    Path bad = results("bad", "passed");
    Files.writeString(bad.resolve("results.ndjson"), "{\"schema\":");
    assertThat(run("golden", "report", "--folder", bad.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("results.ndjson line 1: is no JSON");
    assertThat(out.toString()).startsWith("no cases");

    Path none = folder.resolve("none");
    assertThat(run("golden", "report", "--folder", none.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("there is no folder " + none).hasLineCount(1);
    assertThat(run("golden")).isEqualTo(2);
    assertThat(err.toString()).contains("Which one?");
  }

  /** As they stand; only the folders are this test's own. */
  @Test
  void everyCommandOfTheGuideRuns() throws IOException {
    results(".", "passed");
    results("orders", "passed");
    results("checkout", "passed");
    List<String> commands = guideCommands();
    assertThat(commands).hasSizeGreaterThan(1);
    for (String command : commands) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.replaceAll(word -> word.startsWith("--") ? word : own(word));
      if (!command.contains("--folder")) {
        words.addAll(List.of("--folder", own("target/golden-report")));
      }
      assertThat(run(words.toArray(String[]::new))).as(command + "\n" + err).isZero();
    }
    assertThat(folder.resolve("target/golden-report/index.html")).isRegularFile();
  }

  private String own(String word) {
    return word.contains("/") ? folder.resolve(word).toString() : word;
  }

  private static List<String> guideCommands() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("migration-guide.md"))) {
      root = Objects.requireNonNull(root.getParent());
    }
    return Pattern.compile("(?ms)^```sh\\n(.*?)^```$")
        .matcher(Files.readString(root.resolve("migration-guide.md")))
        .results()
        .flatMap(match -> match.group(1).lines())
        .filter(line -> line.startsWith(COMMAND + "golden "))
        .map(line -> line.substring(COMMAND.length()))
        .toList();
  }
}
