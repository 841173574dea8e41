package dev.fluxbridge.golden.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes reports of comparisons: {@code index.html} for people, {@code junit.xml} for CI servers
 * and {@code report.json} for programs. It compares nothing itself: it reads the results.ndjson
 * that comparisons left. Safe for use by several threads and processes; who writes last has seen
 * all lines.
 */
public final class GoldenReports {
  private static final Object ONE_AT_A_TIME = new Object();

  private interface Content {
    void write(OutputStream out) throws IOException;
  }

  private GoldenReports() {}

  /**
   * Writes the report of a folder into that folder.
   *
   * @param folder the one that comparisons wrote to, as {@code -Dgolden.report} says, else {@code
   *     target/golden-report}
   * @throws IOException if it is not there or cannot be written to; the report before it is whole
   */
  public static WrittenReport write(Path folder) throws IOException {
    return write(List.of(folder), folder);
  }

  /**
   * Writes one report of several folders, for example those of the modules of a build. A line that
   * cannot be read, a picture that is gone and a folder without results stand in the report as what
   * they are.
   *
   * @param folders of the results
   * @param into where to write; it is made if it is not there
   * @throws IOException if none of the folders is there, or {@code into} cannot be written to; the
   *     report before it is whole
   */
  public static WrittenReport write(List<Path> folders, Path into) throws IOException {
    if (folders.stream().noneMatch(Files::isDirectory)) {
      throw new FileNotFoundException(
          "there is no folder %s: run tests that hold something to a golden first, or name the folder of their report"
              .formatted(folders.isEmpty() ? into : folders.get(0)));
    }
    Files.createDirectories(into);
    synchronized (ONE_AT_A_TIME) {
      try (FileChannel channel =
          FileChannel.open(
              into.resolve(".report.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        FileLock lock = channel.lock();
        try {
          return locked(folders.stream().map(Path::normalize).distinct().toList(), into);
        } finally {
          lock.release();
        }
      }
    }
  }

  private static WrittenReport locked(List<Path> folders, Path into) throws IOException {
    Instant at = Instant.now();
    Results results = Results.read(folders);
    Optional<Path> checkout = Optional.ofNullable(System.getenv("CI_PROJECT_DIR")).map(Path::of);
    Path junit =
        put(
            into.resolve("junit.xml"),
            out -> {
              Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
              JUnitXml.write(results, at, checkout, writer);
              writer.flush();
            });
    Path json =
        put(
            into.resolve("report.json"),
            out ->
                out.write(
                    ReportJson.pretty(ReportJson.of(results, folders, into, at))
                        .getBytes(StandardCharsets.UTF_8)));
    Path page =
        put(into.resolve("index.html"), out -> HtmlPage.write(results, folders, into, at, out));
    return new WrittenReport(
        page,
        junit,
        json,
        results.counts(),
        results.problems().stream().map(Problem::text).toList(),
        !results.bad());
  }

  /** Beside its place first, so that nobody sees half of it. */
  private static Path put(Path file, Content content) throws IOException {
    Path unfinished = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      try (OutputStream out = Files.newOutputStream(unfinished)) {
        content.write(out);
      }
      Files.move(
          unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    return file;
  }
}
