package dev.fluxbridge.cli.golden;

import dev.fluxbridge.golden.report.GoldenReports;
import dev.fluxbridge.golden.report.WrittenReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the report of one or several test runs anew, and tells by its end whether all passed. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Writes index.html, junit.xml and report.json of what tests found that hold pictures to",
      "goldens. Ends with 1 if a case failed, has no golden or is in error, or a line cannot be read."
    })
final class ReportCommand implements Callable<Integer> {
  private static final Path STANDARD = Path.of("target", "golden-report");

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description =
          "Where a test run left its results; given several times, all are one report. Default: target/golden-report")
  private List<Path> folders = List.of(STANDARD);

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description =
          "Where to write. Default: the folder of the results, and of several target/golden-report")
  private @Nullable Path out;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Path into = out != null ? out : folders.size() == 1 ? folders.get(0) : STANDARD;
    WrittenReport report = GoldenReports.write(folders, into);
    PrintWriter text = spec.commandLine().getOut();
    text.println(report.text());
    text.println("Written: " + report.page().toAbsolutePath());
    text.flush();
    report.problems().forEach(spec.commandLine().getErr()::println);
    return report.passed() ? 0 : 1;
  }
}
