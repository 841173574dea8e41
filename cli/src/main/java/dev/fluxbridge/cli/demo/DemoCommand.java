package dev.fluxbridge.cli.demo;

import dev.fluxbridge.cli.standin.FalStandIn;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs {@link OldProgram} twice, unchanged: with the flag on local, then on fal. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Runs one old caller's program on the local road and on fal, switched by the flag.",
      "With FAL_KEY set it calls fal itself, and fal bills one small picture;",
      "without it, a stand-in on this machine that speaks fal's queue protocol."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String ROUTE = "fluxbridge.route." + Task.TEXT_TO_IMAGE.label();

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "demo-output",
      description = "Where the pictures and the page go. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path out;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(out);
    String key = System.getenv("FAL_KEY");
    boolean live = key != null && !key.isBlank();
    PrintWriter terminal = spec.commandLine().getOut();
    if (live) {
      return run(Settings.ofProcess(), "fal itself, billed to FAL_KEY", terminal);
    }
    try (FalStandIn standIn = FalStandIn.start()) {
      String who =
          "a stand-in for fal on this machine (FAL_KEY is not set); fal itself was not called";
      System.setProperty(Settings.FAL_QUEUE_URL, standIn.url());
      System.setProperty(Settings.FAL_LOOPBACK_MEDIA, "true");
      return run(
          Settings.ofProcess().withEnvironment(Map.of("FAL_KEY", FalStandIn.KEY)), who, terminal);
    }
  }

  /** 0 if any road drew. */
  private int run(Settings settings, String whoIsFal, PrintWriter terminal) throws IOException {
    if (settings.find(Settings.LOCAL_CHECKPOINT).isEmpty()) {
      System.setProperty(Settings.LOCAL_CHECKPOINT, "embedded");
    }
    terminal.println(
        "local: the checkpoint " + settings.get(Settings.LOCAL_CHECKPOINT).orElse("?"));
    terminal.println("fal:   " + whoIsFal);
    terminal.println();
    List<Drawn> drawn = new ArrayList<>();
    List<ImageResult> results = new ArrayList<>();
    try (Fluxbridge fluxbridge =
        Fluxbridge.watched(settings, new TerminalProgress(terminal), results::add)) {
      Fluxbridge.useAsStandard(fluxbridge);
      for (String road : List.of("local", "fal")) {
        System.setProperty(ROUTE, road);
        Path picture = out.resolve(road + ".png");
        try {
          OldProgram.main(picture.toString());
        } catch (BackendException e) {
          if (e.reason() != Reason.UNSUPPORTED) {
            throw e;
          }
          // A road that was taken away: the demo of what is left goes on.
          terminal.println(road + ": " + e.getMessage());
          continue;
        }
        drawn.add(new Drawn(road, picture, results.get(results.size() - 1)));
      }
    }
    if (drawn.isEmpty()) {
      return 1;
    }
    terminal.println();
    terminal.print(DemoTable.text(drawn));
    Path page = out.resolve("index.html");
    DemoPage.write(page, drawn, whoIsFal);
    terminal.println();
    terminal.println("Pictures side by side: " + page);
    return 0;
  }

  /**
   * What one road drew.
   *
   * @param road the flag's value
   * @param picture the file that the old program wrote
   * @param result what the road said of it
   */
  record Drawn(String road, Path picture, ImageResult result) {}
}
