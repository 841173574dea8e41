package dev.fluxbridge.cli.doctor;

import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.route.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What every phase wants. */
final class Common {
  private Common() {}

  static List<Finding> findings(int phase, Deployment deployment) {
    List<Finding> findings = new ArrayList<>();
    Settings settings = deployment.settings();
    findings.add(
        Finding.of(
            settings.phase() == phase,
            Settings.PHASE + " is " + phase,
            Finding.problem(
                "%s is %d: set it to %d".formatted(Settings.PHASE, settings.phase(), phase))));
    List<String> hosted = deployment.hosted();
    findings.add(
        Finding.of(
            !hosted.isEmpty(),
            "hosted roads are installed: " + String.join(", ", hosted),
            Finding.problem("no hosted road is installed: add dev.fluxbridge:fluxbridge-compat")));
    findings.add(keys(settings, hosted));
    Optional<Flag> kill = settings.find(Settings.KILL_SWITCH).filter(flag -> deployment.killed());
    findings.add(
        kill.map(
                flag ->
                    Finding.warning(
                        "the kill switch is on (%s says %s): no flag counts until it is off"
                            .formatted(flag.origin(), flag.value().strip())))
            .orElse(Finding.ok("the kill switch is off")));
    return findings;
  }

  private static Finding keys(Settings settings, List<String> hosted) {
    List<String> with =
        hosted.stream().filter(backend -> hasKey(settings, backend)).collect(Collectors.toList());
    List<String> without = hosted.stream().filter(backend -> !with.contains(backend)).toList();
    if (with.isEmpty()) {
      return Finding.problem(
          "no hosted road has its key: set FAL_KEY (or FAL_KEY_ID and FAL_KEY_SECRET), or OPENAI_API_KEY");
    }
    return Finding.ok(
        "keys are set for %s%s"
            .formatted(
                String.join(", ", with),
                without.isEmpty() ? "" : ", and not for " + String.join(", ", without)));
  }

  private static boolean hasKey(Settings settings, String backend) {
    if (backend.equals("openai")) {
      return isSet(settings, "OPENAI_API_KEY");
    }
    return isSet(settings, "FAL_KEY")
        || isSet(settings, "FAL_API_KEY")
        || Stream.of("FAL_KEY_ID", "FAL_KEY_SECRET").allMatch(name -> isSet(settings, name));
  }

  private static boolean isSet(Settings settings, String variable) {
    String value = settings.environment(variable);
    return value != null && !value.isBlank();
  }
}
