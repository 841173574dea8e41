package dev.fluxbridge.cli.rollout;

import dev.fluxbridge.providers.Task;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Which road a person moves, and why. */
@SuppressWarnings("NullAway.Init") // picocli sets all of it
final class RoadArguments {
  @Mixin SettingsFileOption config;

  @Parameters(
      index = "0",
      paramLabel = "TASK",
      converter = ByLabel.class,
      description = "Of which calls, for example text-to-image.")
  Task task;

  @Parameters(index = "1", paramLabel = "BACKEND", description = "The new road, for example fal.")
  String backend;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "Why, for those who look later.")
  String why;

  @Option(
      names = "--who",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who says so. Default: ${DEFAULT-VALUE}")
  String who;

  static final class ByLabel implements ITypeConverter<Task> {
    @Override
    public Task convert(String label) {
      return Stream.of(Task.values())
          .filter(task -> task.label().equals(label))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is none of %s"
                          .formatted(
                              label,
                              Stream.of(Task.values())
                                  .map(Task::label)
                                  .collect(Collectors.joining(", ")))));
    }
  }
}
