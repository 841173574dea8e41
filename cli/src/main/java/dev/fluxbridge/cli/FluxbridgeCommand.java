package dev.fluxbridge.cli;

import dev.fluxbridge.cli.demo.DemoCommand;
import dev.fluxbridge.cli.doctor.DoctorCommand;
import dev.fluxbridge.cli.golden.GoldenCommand;
import dev.fluxbridge.cli.rollout.RolloutCommand;
import dev.fluxbridge.providers.BackendException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code fluxbridge} command: finds the subcommand and turns its end into an exit code. */
@Command(
    name = "fluxbridge",
    description = "Old FLUX pipeline calls, drawn locally or hosted.",
    mixinStandardHelpOptions = true,
    version = "fluxbridge 0.1.0-SNAPSHOT",
    subcommands = {
      DemoCommand.class,
      DoctorCommand.class,
      GoldenCommand.class,
      RolloutCommand.class
    })
public final class FluxbridgeCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /**
   * Runs it without ending the process: 0 if it went well, 1 if the call failed, 2 if the command
   * was not understood.
   */
  static int execute(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    return new CommandLine(new FluxbridgeCommand())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (failure instanceof IOException) {
                command.getErr().println("Cannot read or write: " + failure);
              } else if (failure instanceof BackendException
                  || failure instanceof IllegalArgumentException
                  || failure instanceof IllegalStateException) {
                command.getErr().println(failure.getMessage());
              } else {
                failure.printStackTrace(command.getErr());
              }
              return 1;
            });
  }

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which one? Try: fluxbridge demo, or --help");
  }
}
