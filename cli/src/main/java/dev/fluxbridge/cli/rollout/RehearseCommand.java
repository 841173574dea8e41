package dev.fluxbridge.cli.rollout;

import dev.fluxbridge.cli.rollout.Diary.Called;
import dev.fluxbridge.cli.standin.FalStandIn;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.compat.rollout.RolloutState;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a roll-back is like before one is needed. */
@Command(
    name = "rehearse",
    mixinStandardHelpOptions = true,
    description = {
      "Rehearses a roll-back on this machine, in some seconds: callers on a ramp at 50 %, whose new",
      "road, a stand-in for fal, begins to fail. Nobody is called, and no service's state is touched."
    })
final class RehearseCommand implements Callable<Integer> {
  private static final int PICTURES = 20;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "rehearsal-output",
      description = "Where the page goes. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path out;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter terminal = spec.commandLine().getOut();
    Files.createDirectories(out);
    Path folder = Files.createTempDirectory("fluxbridge-rehearsal");
    try (FalStandIn fal = FalStandIn.start()) {
      terminal.printf(
          "%d callers, a ramp of fal at 50 %%, and a stand-in for fal that is going to fail.%n",
          Rehearsal.CALLERS);
      terminal.flush();
      Rehearsal rehearsal = new Rehearsal(folder, fal);
      Diary diary = run(rehearsal);
      Watched watched = Watched.of(rehearsal.settings());
      RolloutState state = watched.state();
      tell(diary, terminal);
      Path page = out.resolve("rollout.html");
      RolloutPage.write(page, new StatusJson(watched, shown(state, diary)).json(), PICTURES);
      terminal.printf("The page of it: %s%n", page);
      terminal.flush();
      return diary.rolledBack().isPresent() ? 0 : 1;
    } finally {
      delete(folder);
    }
  }

  private static Diary run(Rehearsal rehearsal) {
    try {
      return rehearsal.run();
    } catch (BackendException e) {
      if (e.reason() != Reason.INVALID) {
        throw e;
      }
      throw new IllegalStateException(
          "A rehearsal needs an old road to come back to, and there is none here: "
              + e.getMessage(),
          e);
    }
  }

  /** As it stands, with the callers' own counts by fractions of a second. */
  private static RolloutState shown(RolloutState state, Diary diary) {
    return new RolloutState(
        state.at(),
        state.roads(),
        state.budgets(),
        state.floors(),
        state.events(),
        state.mismatches(),
        diary.history());
  }

  private static void tell(Diary diary, PrintWriter terminal) {
    Instant begun = diary.begun();
    Instant broken = diary.broken().orElseThrow();
    Map<Instant, String> lines = new TreeMap<>();
    for (RolloutEvent event : moves(diary)) {
      if (event.at().isAfter(begun)) {
        lines.merge(event.at(), event.text(), (a, b) -> a + "; " + b);
      } else {
        lines.merge(begun, event.text(), (a, b) -> a + "; " + b);
      }
    }
    List<Called> good = diary.calls().stream().filter(call -> call.at().isBefore(broken)).toList();
    lines.put(broken, "The stand-in begins to fail, after %s".formatted(counts(good)));
    List<Called> affected = diary.affected();
    affected.stream()
        .findFirst()
        .ifPresent(
            call ->
                lines.put(
                    call.at(),
                    "The first caller gets no picture: %s".formatted(call.failure().orElse(""))));
    lines.forEach(
        (at, text) ->
            terminal.printf(
                "  %6.2f s  %s%n",
                Math.max(0, Duration.between(begun, at).toMillis()) / 1e3, text));
    diary
        .rolledBack()
        .ifPresentOrElse(
            back -> {
              List<Called> after =
                  diary.calls().stream()
                      .filter(call -> call.at().minus(call.took()).isAfter(back))
                      .toList();
              terminal.printf("  then      %s%n", counts(after));
              Instant first = affected.isEmpty() ? back : affected.get(0).at();
              Instant last =
                  affected.stream()
                      .map(Called::at)
                      .filter(at -> !at.isAfter(back))
                      .reduce((a, b) -> b)
                      .orElse(back);
              terminal.printf(
                  "Affected: %d of %d calls, those that were under way included.%n",
                  affected.size(), diary.calls().size());
              terminal.printf(
                  "The ramp was back at 0 %% %d ms after the first failure, %d ms after the one that broke the rule.%n",
                  Duration.between(first, back).toMillis(),
                  Duration.between(last, back).toMillis());
            },
            () -> terminal.println("The road was not taken back."));
  }

  /** What happened to the ramp; of shadows the page tells. */
  private static List<RolloutEvent> moves(Diary diary) {
    return diary.events().stream().filter(RolloutEvent.OfShare.class::isInstance).toList();
  }

  private static String counts(List<Called> calls) {
    Map<String, Long> roads =
        calls.stream()
            .collect(Collectors.groupingBy(Called::backend, TreeMap::new, Collectors.counting()));
    long failed = calls.stream().filter(call -> call.failure().isPresent()).count();
    return "%d calls (%s), %d failed"
        .formatted(
            calls.size(),
            roads.entrySet().stream()
                .map(road -> road.getKey() + " " + road.getValue())
                .collect(Collectors.joining(", ")),
            failed);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
