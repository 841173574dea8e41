package dev.fluxbridge.cli.rollout;

import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.compat.rollout.Steering;
import dev.fluxbridge.providers.Task;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Looks at a rollout and steers it, beside the running services: they follow within about a second.
 */
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    description = "Looks at a rollout and steers it, beside the running services.",
    subcommands = {StatusCommand.class, RehearseCommand.class})
public final class RolloutCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** What a person does to a road. */
  private interface Move {
    RolloutEvent of(Steering steering, Task task, String backend, String who, String why);
  }

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Which one? Try: fluxbridge rollout status, or --help");
  }

  @Command(mixinStandardHelpOptions = true, description = "Takes a ramp up a step.")
  int up(@Mixin RoadArguments road) {
    return move(road, Steering::up);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Takes a ramp down a step; it may climb again.")
  int down(@Mixin RoadArguments road) {
    return move(road, Steering::down);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Gives a road nothing, and holds it there until it is released.")
  int zero(@Mixin RoadArguments road) {
    return move(road, Steering::zero);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Holds a ramp where it is; a broken rule still takes it back.")
  int hold(@Mixin RoadArguments road) {
    return move(road, Steering::hold);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Ends a hold, a person's or a broken rule's.")
  int release(@Mixin RoadArguments road) {
    return move(road, Steering::release);
  }

  private int move(RoadArguments road, Move move) {
    RolloutEvent event;
    try (Steering steering = road.config.watched().steering()) {
      event = move.of(steering, road.task, road.backend, road.who, road.why);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(Words.plain(event.text()));
    out.flush();
    return 0;
  }
}
