package dev.fluxbridge.golden;

import dev.fluxbridge.golden.report.GoldenReports;
import dev.fluxbridge.golden.report.WrittenReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the report when a test run ends that held something to goldens. JUnit finds it as a
 * service. It never makes a run fail.
 */
public final class ReportAtTheEnd implements TestExecutionListener {
  private static final Logger LOG = LoggerFactory.getLogger(ReportAtTheEnd.class);

  /** JUnit makes it. */
  public ReportAtTheEnd() {}

  @Override
  public void testPlanExecutionFinished(TestPlan run) {
    GoldenReport.takeWritten().stream().filter(Files::isDirectory).forEach(ReportAtTheEnd::write);
  }

  private static void write(Path folder) {
    try {
      if (GoldenSettings.html()) {
        WrittenReport report = GoldenReports.write(folder);
        LOG.info("goldens: {}; see {}", report.text(), report.page().toAbsolutePath());
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "the golden report in {} cannot be written; its lines are, and `fluxbridge golden report` makes it of them",
          folder,
          e);
    }
  }
}
