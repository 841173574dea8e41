package dev.fluxbridge.providers.fal.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.fal.FalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Both clients play the same scenarios against the same server, and what arrives is the same:
 * paths, queries, bodies and headers, or a difference whose reason is written down.
 *
 * <p>What fal's client sends was recorded, so that the comparison needs no Node. Where Node and the
 * client are (npm install in tools/conformance), the record itself is checked; the system property
 * {@code fluxbridge.conformance=write} writes it anew.
 */
class OfficialClientConformanceTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Path RECORD =
      Path.of("src/test/resources/dev/fluxbridge/providers/fal/javascript-client-1.10.1.json");
  private static final Path TOOLS = Path.of("../../tools/conformance");

  @TestFactory
  Stream<DynamicTest> sendsWhatTheJavaScriptClientSends() throws IOException {
    JsonNode theirs = JSON.readTree(RECORD.toFile());
    List<String> found = new ArrayList<>();
    Stream<DynamicTest> scenarios =
        Scenarios.ALL.entrySet().stream()
            .map(
                scenario ->
                    DynamicTest.dynamicTest(
                        scenario.getKey(),
                        () -> {
                          List<String> differences =
                              Differences.between(
                                  scenario.getKey(),
                                  theirs.path(scenario.getKey()),
                                  play(scenario.getKey(), scenario.getValue()));
                          found.addAll(differences);
                          assertThat(differences)
                              .allSatisfy(
                                  difference ->
                                      assertThat(Differences.reason(difference))
                                          .as("the reason for " + difference)
                                          .isPresent());
                        }));
    return Stream.concat(
        scenarios,
        Stream.of(
            DynamicTest.dynamicTest(
                "every reason is for a difference that there is",
                () ->
                    assertThat(Differences.REASONS.keySet())
                        .allSatisfy(
                            pattern -> assertThat(found).anyMatch(d -> d.matches(pattern))))));
  }

  @Test
  void playsEveryScenarioOfTheRecord() throws IOException {
    List<String> recorded = new ArrayList<>();
    JSON.readTree(RECORD.toFile()).fieldNames().forEachRemaining(recorded::add);
    assertThat(Scenarios.ALL.keySet()).containsExactlyElementsOf(recorded);
  }

  @Test
  @Timeout(120)
  void theRecordIsWhatTheJavaScriptClientSends() throws Exception {
    assumeTrue(
        Files.isDirectory(TOOLS.resolve("node_modules/@fal-ai/client")),
        "fal's JavaScript client is not installed in tools/conformance");
    try (RecordingServer server = new RecordingServer()) {
      Process node =
          new ProcessBuilder("node", "javascript.mjs", server.base().toString())
              .directory(TOOLS.toFile())
              .inheritIO()
              .start();
      assertThat(node.waitFor(100, TimeUnit.SECONDS)).isTrue();
      assertThat(node.exitValue()).isZero();
      ObjectNode recorded = server.recorded();
      String text = JSON.writeValueAsString(anywhere(recorded, server)) + "\n";
      if ("write".equals(System.getProperty("fluxbridge.conformance"))) {
        Files.createDirectories(RECORD.getParent());
        Files.writeString(RECORD, text);
      }
      assertThat(text).isEqualTo(Files.readString(RECORD));
    }
  }

  private static JsonNode play(String name, Map.Entry<Scenarios.Scenario, Boolean> scenario)
      throws IOException {
    try (RecordingServer server = new RecordingServer();
        Scenarios.Ours ours = new Scenarios.Ours(server.base())) {
      server.begin(name);
      try {
        scenario.getKey().play(ours);
        assertThat(scenario.getValue()).as("whether it fails").isFalse();
      } catch (FalException failure) {
        assertThat(scenario.getValue()).as("whether it fails: " + failure).isTrue();
      }
      return anywhere(server.recorded(), server).path(name);
    }
  }

  /** Without the server's port, which is another one each time. */
  private static JsonNode anywhere(ObjectNode recorded, RecordingServer server) throws IOException {
    return JSON.readTree(recorded.toString().replace(server.base().toString(), "http://here"));
  }
}
