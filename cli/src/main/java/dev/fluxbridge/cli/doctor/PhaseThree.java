package dev.fluxbridge.cli.doctor;

import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.route.Flag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The local road is gone from class path and settings. */
final class PhaseThree implements Phase {

  @Override
  public List<Finding> stands(Deployment deployment) {
    List<Finding> findings = new ArrayList<>(Common.findings(3, deployment));
    List<String> engine = traces("dev/fluxbridge/legacy/", deployment);
    findings.add(
        Finding.of(
            engine.isEmpty(),
            "the engine is off the class path",
            Finding.problem(
                "the engine is still on the class path, in %s: exclude dev.fluxbridge:fluxbridge-legacy-local"
                    .formatted(String.join(", ", engine)))));
    List<String> djl = traces("ai/djl/", deployment);
    findings.add(
        Finding.of(
            djl.isEmpty(),
            "DJL is off the class path",
            Finding.warning(
                "DJL is still on the class path, in %s: fine if something else of yours uses it"
                    .formatted(String.join(", ", djl)))));
    for (Flag flag : deployment.leadingToLocal()) {
      findings.add(
          Finding.problem("%s leads to local: %s".formatted(flag.origin(), flag.value().strip())));
    }
    Settings.keys().keySet().stream()
        .filter(key -> key.startsWith("fluxbridge.local."))
        .flatMap(key -> deployment.settings().find(key).stream())
        .map(
            flag ->
                Finding.warning("%s is still set, and nothing reads it".formatted(flag.origin())))
        .forEach(findings::add);
    return findings;
  }

  private static List<String> traces(String folder, Deployment deployment) {
    try {
      return deployment.classPath().holding(folder).stream().map(Path::toString).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<Finding> mayEnd(Deployment deployment) {
    return List.of(Finding.ok("there is no phase after this one: the migration is over"));
  }
}
