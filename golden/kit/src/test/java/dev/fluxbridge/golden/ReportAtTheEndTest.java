package dev.fluxbridge.golden;

import static dev.fluxbridge.golden.GoldenAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.fluxbridge.providers.Bitmap;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class ReportAtTheEndTest {
  private Path report = Path.of("");
  private Switches switches = new Switches(Map.of());

  @BeforeEach
  void open(@TempDir Path folder) {
    report = folder.resolve("report");
    switches =
        new Switches(
            Map.of(
                "golden.store", folder.resolve("goldens").toString(),
                "golden.report", report.toString()));
  }

  @AfterEach
  void putBack() {
    switches.close();
  }

  private static void run() {
    LauncherFactory.create(
            LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .addTestExecutionListeners(new ReportAtTheEnd())
                .build())
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Fox.class)).build());
  }

  @Test
  void junitFindsIt() {
    assertThat(ServiceLoader.load(TestExecutionListener.class))
        .hasAtLeastOneElementOfType(ReportAtTheEnd.class);
  }

  @Test
  void aRunThatComparedLeavesAReportWithWhatWasFoundAtItsEnd() throws IOException {
    GoldenStore.standard()
        .write(
            new Place("com.example.GoneTest", "fox"),
            new Approved(Drawn.of(Fox.FOX), Call.UNKNOWN, Origin.of("x", "")));

    run();

    assertThat(Files.readString(report.resolve("report.json")))
        .contains("\"missing\" : 1", "\"obsolete\" : 1", "com.example.GoneTest");
    assertThat(report.resolve("index.html")).isRegularFile();
    assertThat(report.resolve("junit.xml")).isRegularFile();
  }

  @Test
  void aRunIsNotAskedForAReportItDoesNotWant() {
    switches.set("golden.html", "false");
    run();
    assertThat(report.resolve("results.ndjson")).isRegularFile();
    assertThat(report.resolve("index.html")).doesNotExist();
  }

  @Test
  void aReportThatCannotBeWrittenFailsNoRun() throws IOException {
    Files.createDirectories(report.resolve("index.html/taken"));
    run();
    assertThat(report.resolve("index.html/taken")).isDirectory();
    assertThat(report.resolve("results.ndjson")).isRegularFile();
  }

  @Golden
  @EnabledIfSystemProperty(named = "golden.store", matches = ".+")
  static final class Fox {
    static final Bitmap FOX = Scenes.draw(new Scenes.Prompt(0, Color.ORANGE, Color.WHITE), 7, 32);

    @Test
    void fox() {
      assertThat(FOX).matchesGolden();
    }
  }
}
