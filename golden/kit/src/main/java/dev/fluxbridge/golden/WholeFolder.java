package dev.fluxbridge.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Writes a folder of files so that it is there with all of them, or not at all: into another one
 * beside it, which then takes its name. Stateless.
 */
public final class WholeFolder {
  private WholeFolder() {}

  /**
   * Writes it in the place of the one that was there.
   *
   * @param files by their names, below the folder, with / between folders
   * @param advice what to do where it cannot be written, for the message
   * @throws GoldenException if it cannot be written; what was there is then unchanged
   */
  public static void write(Path target, Map<String, byte[]> files, String advice) {
    Path parent = target.toAbsolutePath().getParent();
    if (parent == null) {
      throw new GoldenException("no folder of files can lie at " + target);
    }
    Path fresh = parent;
    try {
      Files.createDirectories(parent);
      // Names with a point in front are never read as goldens.
      fresh = Files.createTempDirectory(parent, ".new-");
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path written = fresh.resolve(file.getKey());
        Path folder = written.getParent();
        if (folder != null) {
          Files.createDirectories(folder);
        }
        Files.write(written, file.getValue());
      }
      readableByAll(fresh);
      swap(fresh, target, parent);
    } catch (IOException | UnsupportedOperationException e) {
      if (!fresh.equals(parent)) {
        delete(fresh);
      }
      throw new GoldenException(
          "%s cannot be written (%s): is its folder read-only or the disk full? %s. What was there is unchanged"
              .formatted(target, e, advice),
          e);
    }
  }

  private static void swap(Path fresh, Path target, Path parent) throws IOException {
    if (!Files.exists(target)) {
      Files.move(fresh, target);
      return;
    }
    Path old = Files.createTempDirectory(parent, ".old-");
    Files.move(target, old.resolve("golden"));
    try {
      Files.move(fresh, target);
    } catch (IOException e) {
      // Where even that fails, the folder stays: it holds the only copy.
      Files.move(old.resolve("golden"), target);
      delete(old);
      throw e;
    }
    delete(old);
  }

  /** Temporary folders are their owner's alone, and sources are not. */
  private static void readableByAll(Path folder) {
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException | UnsupportedOperationException notPosix) {
      // then there is nothing to change
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LoggerFactory.getLogger(WholeFolder.class)
          .warn("{} is left over from writing and can be deleted", folder, e);
    }
  }
}
