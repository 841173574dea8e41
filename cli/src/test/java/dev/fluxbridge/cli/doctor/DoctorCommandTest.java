package dev.fluxbridge.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.rollout.RolloutRules;
import dev.fluxbridge.compat.rollout.Steering;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.Task;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DoctorCommandTest {
  private static final Map<String, String> KEYS = Map.of("FAL_KEY", "k");

  private static List<String> problems(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.state() == Finding.State.PROBLEM)
        .map(Finding::text)
        .toList();
  }

  private static List<String> warnings(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.state() == Finding.State.WARNING)
        .map(Finding::text)
        .toList();
  }

  /** With roads that are folders of classes, as far as anybody looks. */
  private static Deployment deployment(Path folder, Map<String, String> set, String... roads)
      throws IOException {
    Map<String, String> file = new HashMap<>(set);
    file.putIfAbsent(
        "fluxbridge.state.url", "jdbc:sqlite:" + folder.resolve("state.db").toAbsolutePath());
    Settings settings = Settings.of(Map.of(), KEYS, file);
    return Deployment.of(settings, ClassPath.of(path(folder, roads)));
  }

  private static String path(Path folder, String... roads) throws IOException {
    List<String> parts = new ArrayList<>();
    for (String road : roads) {
      Path part = folder.resolve("classes-" + road);
      String inside = road.equals("local") ? "legacy" : "providers/" + road;
      Files.createDirectories(part.resolve("dev/fluxbridge").resolve(inside));
      parts.add(part.toString());
    }
    return String.join(File.pathSeparator, parts);
  }

  private static String run(int expected, String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new DoctorCommand()).setOut(new PrintWriter(out));
    assertThat(command.execute(arguments)).as(out.toString()).isEqualTo(expected);
    return out.toString();
  }

  @Test
  void theFirstPhaseStandsWithBothRoadsAndTheOldOneServed(@TempDir Path folder) throws IOException {
    Deployment both = deployment(folder, Map.of(), "local", "fal");
    assertThat(problems(new PhaseOne().stands(both))).isEmpty();
    assertThat(problems(new PhaseOne().mayEnd(both)))
        .hasSize(4)
        .allMatch(text -> text.contains("all calls go to local"));
    assertThat(problems(new PhaseOne().stands(deployment(folder, Map.of(), "fal"))))
        .singleElement()
        .asString()
        .contains("the local road is not installed");
    assertThat(problems(new PhaseOne().stands(deployment(folder, Map.of(), "local"))))
        .anyMatch(text -> text.contains("no hosted road is installed"));
  }

  @Test
  void anUnknownKeyOfAProviderIsAProblem(@TempDir Path folder) throws IOException {
    Settings keyless = Settings.of(Map.of(), Map.of(), Map.of());
    Deployment deployment =
        Deployment.of(keyless, ClassPath.of(path(folder, "local", "fal", "openai")));
    assertThat(problems(new PhaseOne().stands(deployment)))
        .singleElement()
        .asString()
        .contains("FAL_KEY", "OPENAI_API_KEY");
  }

  @Test
  void aSplitWithoutAGuardIsAWarning(@TempDir Path folder) throws IOException {
    Map<String, String> split =
        Map.of(
            "fluxbridge.route.inpaint",
            "fal=99,openai=1",
            "fluxbridge.route.control",
            "openai->fal",
            "fluxbridge.guard.control.error-rate",
            "5%");
    List<Finding> findings =
        new PhaseOne().stands(deployment(folder, split, "local", "fal", "openai"));
    assertThat(warnings(findings))
        .anyMatch(text -> text.contains("fluxbridge.guard.inpaint.error-rate"))
        .noneMatch(text -> text.contains("guard.control"));
  }

  @Test
  void theFirstPhaseMayNotEndBeforeARampIsAtItsTopAndCalm(@TempDir Path folder) throws IOException {
    Map<String, String> ramps = new HashMap<>();
    for (Task task : Deployment.TASKS) {
      ramps.put("fluxbridge.route." + task.label(), "openai->fal");
      ramps.put("fluxbridge.guard." + task.label() + ".error-rate", "5%");
    }
    Deployment begins = deployment(folder, ramps, "fal", "openai");
    Lane lane = new Lane(Task.INPAINT, "openai", "fal", true, Shares.WHOLE);
    RolloutRules rules = begins.rules();
    try (Steering steering = Steering.open(rules, List.of(lane))) {
      for (int step = 0; step < 4; step++) {
        assertThat(steering.up(Task.INPAINT, "fal", "a test", "it went well")).isNotNull();
      }
    }
    List<String> problems =
        problems(new PhaseOne().mayEnd(deployment(folder, ramps, "fal", "openai")));
    assertThat(problems).hasSize(4);
    assertThat(problems)
        .anyMatch(text -> text.contains("inpaint: fal has all calls, but only since"));
    assertThat(problems).anyMatch(text -> text.startsWith("text-to-image: fal has"));
  }

  @Test
  void theSecondPhaseStandsWhereEveryTaskIsHosted(@TempDir Path folder) throws IOException {
    Map<String, String> two = Map.of(Settings.PHASE, "2");
    Deployment deployment = deployment(folder, two, "local", "fal");
    assertThat(problems(new PhaseTwo().stands(deployment))).isEmpty();
    assertThat(problems(new PhaseTwo().mayEnd(deployment))).isEmpty();
    Map<String, String> back = Map.of(Settings.PHASE, "2", "fluxbridge.route.inpaint", "local");
    deployment = deployment(folder, back, "local", "fal");
    assertThat(problems(new PhaseTwo().stands(deployment)))
        .singleElement()
        .asString()
        .contains("inpaint: served by local", "key fluxbridge.route.inpaint");
    assertThat(problems(new PhaseTwo().mayEnd(deployment)))
        .anyMatch(text -> text.contains("leads to local"));
  }

  @Test
  void theThirdPhaseFindsTheEngineInJarsAndFoldersAndBehindManifests(@TempDir Path folder)
      throws IOException {
    Path jar = folder.resolve("engine.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("dev/fluxbridge/legacy/Engine.class"));
      out.closeEntry();
    }
    Manifest names = new Manifest();
    names.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    names.getMainAttributes().put(Attributes.Name.CLASS_PATH, "engine.jar gone.jar");
    Path main = folder.resolve("lib/main.jar");
    Files.createDirectories(folder.resolve("lib"));
    Files.move(jar, folder.resolve("lib/engine.jar"));
    new JarOutputStream(Files.newOutputStream(main), names).close();
    Files.createDirectories(folder.resolve("classes/ai/djl"));
    Map<String, String> three = Map.of(Settings.PHASE, "3", "fluxbridge.local.device", "cuda");
    String path =
        String.join(
            File.pathSeparator,
            main.toString(),
            folder.resolve("classes").toString(),
            path(folder, "fal"));
    Settings settings = Settings.of(Map.of(), KEYS, three);
    List<Finding> left = new PhaseThree().stands(Deployment.of(settings, ClassPath.of(path)));
    assertThat(problems(left))
        .singleElement()
        .asString()
        .contains("engine.jar", "exclude dev.fluxbridge:fluxbridge-legacy-local");
    assertThat(warnings(left))
        .hasSize(2)
        .anyMatch(text -> text.contains("DJL is still on the class path"))
        .anyMatch(text -> text.contains("fluxbridge.local.device"));
    Files.delete(folder.resolve("lib/engine.jar"));
    assertThat(problems(new PhaseThree().stands(Deployment.of(settings, ClassPath.of(path)))))
        .isEmpty();
    String everything = folder.resolve("lib") + File.separator + "*";
    assertThat(ClassPath.of(everything).parts()).containsExactly(main);
  }

  @Test
  void theCommandEndsWithOneWhereAPhaseDoesNotStandAndSaysWhatToDo(@TempDir Path folder)
      throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("f.properties"),
            "fluxbridge.phase=2\nfluxbridge.route.inpaint=local=99,fal=2\n");
    String roads = path(folder, "local", "fal");
    assertThat(run(1, "--class-path", roads, "--config", config.toString()))
        .contains("PROBLEM", "line 2", "adds up to 101 %");
    Files.writeString(config, "fluxbridge.phase=1\n");
    assertThat(run(1, "--phase", "3", "--class-path", roads, "--config", config.toString()))
        .contains("Phase 3 stands: no", "set it to 3");
    assertThat(run(2, "--phase", "4", "--config", config.toString())).doesNotContain("stands");
  }
}
