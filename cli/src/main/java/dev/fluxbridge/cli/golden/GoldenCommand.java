package dev.fluxbridge.cli.golden;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What tests found that hold pictures to goldens. It compares nothing itself. */
@Command(
    name = "golden",
    mixinStandardHelpOptions = true,
    description = "Looks at what tests found that hold pictures to goldens.",
    subcommands = ReportCommand.class)
public final class GoldenCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Which one? Try: fluxbridge golden report, or --help");
  }
}
