package dev.fluxbridge.cli.rollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.compat.rollout.RolloutState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints how the rollout stands, and writes the page. Changes nothing. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how the rollout stands, beside the running services: shares, what was counted against",
      "its limits, budgets, noise floors and the last events."
    })
final class StatusCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private SettingsFileOption config;

  @Option(names = "--json", description = "Prints all of it as JSON instead.")
  private boolean json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also writes one page with charts, events, and mismatches with their pictures.")
  private @Nullable Path page;

  @Option(
      names = "--pictures",
      paramLabel = "N",
      defaultValue = "50",
      description = "Pictures of so many mismatches, the newest. Default: ${DEFAULT-VALUE}")
  private int pictures;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Watched watched = config.watched();
    RolloutState state = watched.state();
    ObjectNode data = new StatusJson(watched, state).json();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(data.toPrettyString());
    } else {
      out.print(new StatusText(watched, state).text());
    }
    if (page != null) {
      RolloutPage.write(page, data, pictures);
      spec.commandLine().getErr().println("Written: " + page.toAbsolutePath());
    }
    out.flush();
    return 0;
  }
}
