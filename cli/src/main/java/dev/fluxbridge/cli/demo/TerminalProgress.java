package dev.fluxbridge.cli.demo;

import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Tensor;
import java.io.PrintWriter;
import java.util.Map;

/**
 * Shows on a terminal what a call is doing: one line that moves, or a few lines where the output is
 * a file.
 */
final class TerminalProgress implements Progress {
  private static final int LINES = 4;

  private final PrintWriter terminal;

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
  public Map<String, Tensor> stepped(Step step) {
    int done = step.index() + 1;
    if (done * LINES / step.count() > step.index() * LINES / step.count()) {
      say("step %d of %d".formatted(done, step.count()));
    }
    return Map.of();
  }

  private void say(String line) {
    terminal.println(line);
    terminal.flush();
  }
}
