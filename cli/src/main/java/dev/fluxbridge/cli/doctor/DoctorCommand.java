package dev.fluxbridge.cli.doctor;

import dev.fluxbridge.cli.doctor.Finding.State;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.BackendException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says whether a phase of the migration stands, and whether it may end. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at settings, class path and rollout, as a phase of the migration wants them.",
      "Opens no road and calls nobody. Ends with 1 if something is a problem."
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final List<Phase> PHASES =
      List.of(new PhaseOne(), new PhaseTwo(), new PhaseThree());

  @Option(
      names = "--phase",
      paramLabel = "1|2|3",
      description = "Which phase. Default: the one that is set.")
  private @Nullable Integer phase;

  @Option(names = "--exit", description = "Ends with 1 as well if the phase may not end yet.")
  private boolean exit;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The properties file of the service. Default: as the service finds it.")
  private @Nullable Path config;

  @Option(
      names = "--class-path",
      paramLabel = "PATH",
      description = "The service's class path, as java -cp takes it. Default: this command's.")
  @SuppressWarnings("NullAway") // the JDK always sets it
  private String classPath = System.getProperty("java.class.path");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Deployment deployment;
    int number;
    try {
      Settings settings = config == null ? Settings.ofProcess() : Settings.ofProcess(config);
      number = phase == null ? settings.phase() : phase;
      if (number < 1 || number > PHASES.size()) {
        throw new ParameterException(spec.commandLine(), "--phase is 1, 2 or 3, not " + number);
      }
      deployment = Deployment.of(settings, ClassPath.of(classPath));
    } catch (BackendException | IllegalStateException e) {
      print(out, "Settings", List.of(Finding.problem(String.valueOf(e.getMessage()))));
      return 1;
    }
    Phase asked = PHASES.get(number - 1);
    List<Finding> stands = asked.stands(deployment);
    List<Finding> ends = asked.mayEnd(deployment);
    print(out, "Phase " + number + " stands", stands);
    out.println();
    print(out, "Phase " + number + " may end", ends);
    out.flush();
    return hasProblem(stands) || (exit && hasProblem(ends)) ? 1 : 0;
  }

  private static void print(PrintWriter out, String title, List<Finding> findings) {
    out.println(title + ": " + (hasProblem(findings) ? "no" : "yes"));
    findings.forEach(finding -> out.printf("  %-8s %s%n", finding.state().label(), finding.text()));
  }

  private static boolean hasProblem(List<Finding> findings) {
    return findings.stream().anyMatch(finding -> finding.state() == State.PROBLEM);
  }
}
