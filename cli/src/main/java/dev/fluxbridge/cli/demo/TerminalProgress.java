package dev.fluxbridge.cli.demo;

import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Tensor;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * Shows on a terminal what a call is doing: one line that moves, or a few lines where the output is
 * a file.
 */
final class TerminalProgress implements Progress {
  private static final int BAR = 28;

  private final PrintWriter terminal;
  private final boolean moves = System.console() != null;

  TerminalProgress(PrintWriter terminal) {
    this.terminal = terminal;
  }

  @Override
  public void accepted(String backend, String requestId) {
    say(backend + " took request " + requestId);
  }

  @Override
  public void queued(int ahead) {
    say("waiting behind " + ahead);
  }

  @Override
  public void started() {
    say("drawing");
  }

  @Override
  public Optional<Tensor> stepped(Step step) {
    int done = step.index() + 1;
    boolean last = done == step.count();
    if (moves || last || done == 1) {
      int filled = BAR * done / step.count();
      terminal.print(
          "%s%s%s step %d of %d%s"
              .formatted(
                  moves ? "\r" : "",
                  "#".repeat(filled),
                  ".".repeat(BAR - filled),
                  done,
                  step.count(),
                  moves && !last ? "" : System.lineSeparator()));
      terminal.flush();
    }
    return Optional.empty();
  }

  private void say(String line) {
    terminal.println(line);
    terminal.flush();
  }
}
