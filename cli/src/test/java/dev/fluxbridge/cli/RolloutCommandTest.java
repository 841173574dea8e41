package dev.fluxbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.rollout.Mismatch;
import dev.fluxbridge.compat.rollout.Outcome;
import dev.fluxbridge.compat.rollout.Rollout;
import dev.fluxbridge.compat.rollout.RolloutRules;
import dev.fluxbridge.compat.rollout.SteadyClock;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code fluxbridge rollout}, beside a service that shares its store. */
class RolloutCommandTest {
  private static final String COMMAND = "java -jar cli/target/fluxbridge.jar ";
  private static final Lane RAMP = new Lane(Task.TEXT_TO_IMAGE, "local", "fal", true, Shares.WHOLE);

  private final Properties before = new Properties();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path config;

  @SuppressWarnings("NullAway.Init")
  private Path store;

  private Map<String, String> file = Map.of();

  @BeforeEach
  void write() throws IOException {
    before.putAll(System.getProperties());
    store = folder.resolve("state.db");
    keepIn("jdbc:sqlite:" + store);
  }

  private void keepIn(String url) throws IOException {
    file =
        Map.of(
            "fluxbridge.state.url",
            url,
            "fluxbridge.route.text-to-image",
            "local->fal",
            "fluxbridge.ramp.text-to-image.steps",
            "25,50,100",
            "fluxbridge.guard.text-to-image.error-rate",
            "50%");
    config = folder.resolve("service.properties");
    StringBuilder lines = new StringBuilder();
    file.forEach((key, value) -> lines.append(key).append('=').append(value).append('\n'));
    Files.writeString(config, lines);
  }

  @AfterEach
  void putBack() {
    System.setProperties(before);
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine command =
        FluxbridgeCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  private int rollout(String verb, String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "rollout";
    all[1] = verb;
    all[2] = "--config";
    all[3] = config.toString();
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return run(all);
  }

  private Rollout service() {
    Settings settings = Settings.of(Map.of(), Map.of(), file);
    return Rollout.start(
        () -> RolloutRules.of(settings::find),
        () -> List.of(RAMP),
        event -> {},
        SteadyClock.system());
  }

  @Test
  void withoutAStoreItSaysSoAndMakesNone() {
    assertThat(rollout("status")).isZero();
    assertThat(out.toString())
        .contains("No state yet", store.toString(), "fal has 0 % of the calls");
    assertThat(store).doesNotExist();
  }

  @Test
  void besideServicesThatShareADatabaseItDoesTheSameAndShowsNoPassword() throws Exception {
    String server = System.getenv("FLUXBRIDGE_TEST_POSTGRES");
    assumeThat(server).as("no PostgreSQL: .ci/postgres starts one").isNotNull();
    String name = "command_" + ProcessHandle.current().pid();
    try (Connection connection = DriverManager.getConnection(server);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    keepIn(server.replaceFirst("/postgres(?=\\?|$)", "/" + name));
    String password = server.replaceFirst(".*password=([^&]*).*", "$1");
    Path page = folder.resolve("rollout.html");

    besideAServiceItShowsWhatThatCounted();
    assertThat(rollout("zero", "text-to-image", "fal", "--why", "broken")).isZero();
    assertThat(rollout("status", "--html", page.toString())).isZero();

    assertThat(out.toString()).contains("fal has 0 %", "broken", name).doesNotContain(password);
    assertThat(page).content().contains(name).doesNotContain(password);
    assertThat(rollout("status", "--json")).isZero();
    assertThat(out.toString()).doesNotContain(password);
  }

  @Test
  void besideAServiceItShowsWhatThatCounted() throws IOException {
    try (Rollout service = service()) {
      service.record(
          Outcome.drawn(Task.TEXT_TO_IMAGE, "fal", Duration.ofMillis(800))
              .costing(new BigDecimal("0.025")));
      service.record(
          Outcome.failed(Task.TEXT_TO_IMAGE, "fal", Reason.UNAVAILABLE, Duration.ofMillis(5)));
      service.record(Outcome.drawn(Task.TEXT_TO_IMAGE, "local", Duration.ofSeconds(3)));
      service.mismatch(
          new Mismatch(
              "m1",
              Instant.now(),
              Task.TEXT_TO_IMAGE,
              "local",
              "fal",
              OptionalDouble.of(0.3),
              "the pictures differ",
              folder.toString()));
    }
    try (Rollout service = service()) {
      assertThat(service.ceilings()).isNotNull();
      assertThat(rollout("status")).isZero();
      assertThat(out.toString())
          .contains("text-to-image: local->fal", "service.properties")
          .contains("fal has 25 % of the calls, step 1 of 3 of the ramp 25, 50, 100 %")
          .containsPattern("calls +2 +1")
          .containsPattern("failed +1 \\(1 seen by callers\\) +0")
          .containsPattern("error-rate +50 % +0 % +50 %\\n")
          .containsPattern("latency-p50 +0\\.8\\d* s +(3|2\\.9|3\\.0)\\d* s")
          .containsPattern("cost-per-call +0\\.025")
          .contains("does not climb: 2 of 20 calls seen")
          .contains("The ramp of fal for text-to-image begins at 25 %");

      assertThat(rollout("status", "--json")).isZero();
      JsonNode json = new ObjectMapper().readTree(out.toString());
      assertThat(json.at("/roads/0/now/calls").asLong()).isEqualTo(2);
      assertThat(json.at("/roads/0/share").asInt()).isEqualTo(25);
      assertThat(json.at("/events/0/share").asInt()).isEqualTo(25);
      assertThat(json.at("/mismatches/0/text").asText()).isEqualTo("the pictures differ");
      assertThat(json.at("/history")).hasSize(2);

      Path page = folder.resolve("pages/rollout.html");
      assertThat(rollout("status", "--html", page.toString())).isZero();
      assertThat(page).content().contains("the pictures differ");
      assertThat(err.toString()).contains("Written: " + page);
    }
  }

  @Test
  void aPersonMovesARoadAndAServiceWouldFollow() throws IOException {
    service().close();
    assertThat(rollout("up", "text-to-image", "fal", "--why", "looks good", "--who", "ann"))
        .isZero();
    assertThat(out.toString())
        .isEqualToIgnoringNewLines(
            "fal climbs from 25 % to 50 % for text-to-image, by ann: looks good");
    assertThat(rollout("hold", "text-to-image", "fal", "--why", "the weekend")).isZero();
    assertThat(rollout("status")).isZero();
    assertThat(out.toString())
        .contains(
            "fal has 50 %", "HELD by a person", System.getProperty("user.name") + ": the weekend");
    assertThat(rollout("up", "text-to-image", "fal", "--why", "now")).isEqualTo(1);
    assertThat(err.toString()).contains("Release it first").doesNotContain("\tat ");
    assertThat(rollout("release", "text-to-image", "fal", "--why", "monday")).isZero();
    assertThat(rollout("down", "text-to-image", "fal", "--why", "slow")).isZero();
    assertThat(out.toString()).contains("from 50 % to 25 %");
    assertThat(rollout("zero", "text-to-image", "fal", "--why", "broken")).isZero();
    assertThat(rollout("status")).isZero();
    assertThat(out.toString())
        .contains("fal has 0 %", "fluxbridge rollout release text-to-image fal --why");
    assertThat(rollout("status", "--json")).isZero();
    List<String> shares =
        new ObjectMapper()
            .readTree(out.toString()).get("events").findValuesAsText("share").stream()
                .limit(5)
                .toList();
    assertThat(shares)
        .as("what each step left, the newest first")
        .containsExactly("0", "25", "50", "50", "50");
  }

  /** As they stand, one after the other; only the files are this test's own. */
  @Test
  void everyCommandOfTheGuideRuns() throws IOException {
    service().close();
    List<String> commands = guideCommands();
    assertThat(commands).hasSizeGreaterThan(7);
    for (String command : commands) {
      List<String> words = new ArrayList<>();
      Pattern.compile("\"([^\"]*)\"|\\S+")
          .matcher(command)
          .results()
          .forEach(word -> words.add(word.group(1) == null ? word.group() : word.group(1)));
      words.replaceAll(
          word -> word.equals("rollout.html") ? folder.resolve(word).toString() : word);
      words.addAll(List.of("--config", config.toString()));
      assertThat(run(words.toArray(String[]::new))).as(command + "\n" + err).isZero();
    }
    assertThat(folder.resolve("rollout.html")).exists();
  }

  /** Of {@code fluxbridge rollout} in the guide, but for the rehearsal, which has its own test. */
  private static List<String> guideCommands() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("migration-guide.md"))) {
      root = Objects.requireNonNull(root.getParent());
    }
    Matcher block =
        Pattern.compile("(?ms)^```sh\\n(.*?)^```$")
            .matcher(Files.readString(root.resolve("migration-guide.md")));
    return block
        .results()
        .flatMap(match -> match.group(1).lines())
        .filter(line -> line.startsWith(COMMAND))
        .map(line -> line.substring(COMMAND.length()))
        .filter(line -> line.startsWith("rollout ") && !line.startsWith("rollout rehearse"))
        .toList();
  }

  @Test
  void whatCannotBeUnderstoodEndsWithTwoAndWhatCannotBeDoneWithOne() {
    assertThat(rollout("up", "text-to-picture", "fal", "--why", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("text-to-picture", "text-to-image, image-to-image");
    assertThat(rollout("up", "text-to-image", "fal")).isEqualTo(2);
    assertThat(err.toString()).contains("--why");
    assertThat(run("rollout")).isEqualTo(2);
    assertThat(rollout("up", "text-to-image", "openai", "--why", "x")).isEqualTo(1);
    assertThat(err.toString()).contains("openai is no new road of text-to-image");
    assertThat(run("rollout", "status", "--config", folder.resolve("none").toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("Cannot read the settings");
  }

  @Test
  void aRehearsalTakesTheRampBackAndTellsWhatItCost() throws IOException {
    Path rehearsed = folder.resolve("rehearsed");
    int end = run("rollout", "rehearse", "--out", rehearsed.toString());
    if (getClass().getResource("/dev/fluxbridge/compat/local/LocalBackendFactory.class") == null) {
      // The old road is gone, and with it what a ramp could be taken back to.
      assertThat(end).isEqualTo(1);
      assertThat(err.toString()).contains("needs an old road", "not installed");
      return;
    }
    assertThat(err.toString()).isEmpty();
    assertThat(end).isZero();
    assertThat(out.toString())
        .contains("begins at 50 %", "The stand-in begins to fail", "UNAVAILABLE")
        .contains("fal is taken back from 50 % to 0 % for text-to-image: error-rate")
        .containsPattern("then +\\d+ calls \\(local \\d+\\), 0 failed")
        .containsPattern("Affected: \\d{1,2} of \\d+ calls");
    assertThat(rehearsed.resolve("rollout.html"))
        .content()
        .contains("RolledBack", "\"backend\":\"local\"")
        .as("records of shadows, with both pictures")
        .contains(
            "\"kind\":\"distance\"", "\"shadow\":[\"data:image/png;base64,", "a large red circle");
  }

  @Test
  void aStoreThatIsNoneIsOneError() throws IOException {
    Files.writeString(store, "this is no database, and it is long enough to be seen as none");
    assertThat(rollout("status")).isEqualTo(1);
    assertThat(err.toString()).contains("does not answer", store.toString());
    assertThat(rollout("status", "--help")).isZero();
    assertThat(out.toString()).contains("--json", "--html", "--pictures");
  }
}
