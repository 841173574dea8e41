package dev.fluxbridge.cli.rollout;

import dev.fluxbridge.compat.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which settings a command reads. */
final class SettingsFileOption {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The services' properties file. Default: what they find themselves, from here"
              + " (fluxbridge.config, then fluxbridge.properties)")
  private @Nullable Path file;

  /** What is watched under these settings. */
  Watched watched() {
    return Watched.of(file == null ? Settings.ofProcess() : Settings.ofProcess(file));
  }
}
