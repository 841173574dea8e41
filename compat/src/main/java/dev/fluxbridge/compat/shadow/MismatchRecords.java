package dev.fluxbridge.compat.shadow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of records, each a folder of its own that is there whole or not at all. The oldest go
 * first to keep within the room that there is. Only the owner may read them, where the file system
 * knows owners. Safe for use by several threads.
 */
final class MismatchRecords {
  private static final String UNFINISHED = ".writing-";

  /** No process writes one record for so long; what is left is of one that died. */
  private static final Duration DEAD = Duration.ofHours(1);

  /**
   * Writes one.
   *
   * @param folder holds all records, made if it is not there
   * @param most bytes that all of them may take
   * @param id the record's name, by which records sort from the oldest on
   * @return where it lies
   * @throws IOException if it could not be written whole; then nothing is left of it
   */
  synchronized Path write(Path folder, long most, String id, Map<String, byte[]> files)
      throws IOException {
    long size = files.values().stream().mapToLong(bytes -> bytes.length).sum();
    if (size > most) {
      throw new IOException("a record of %d bytes is more than all may take".formatted(size));
    }
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, owner(folder, "rwx------"));
    }
    makeRoom(folder, most - size);
    Path unfinished = folder.resolve(UNFINISHED + id);
    try {
      Files.createDirectory(unfinished, owner(folder, "rwx------"));
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path path = unfinished.resolve(file.getKey());
        Files.createFile(path, owner(folder, "rw-------"));
        Files.write(path, file.getValue(), StandardOpenOption.WRITE);
      }
      return Files.move(unfinished, folder.resolve(id), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      try {
        delete(unfinished);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private static FileAttribute<?>[] owner(Path folder, String permissions) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static void makeRoom(Path folder, long most) throws IOException {
    List<Path> records;
    try (Stream<Path> entries = Files.list(folder)) {
      records = entries.filter(Files::isDirectory).sorted().toList();
    }
    long[] sizes = new long[records.size()];
    long total = 0;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = size(records.get(i));
      total += sizes[i];
    }
    for (int i = 0; i < sizes.length; i++) {
      Path record = records.get(i);
      boolean unfinished = record.getFileName().toString().startsWith(UNFINISHED);
      boolean gone =
          unfinished
              ? Files.getLastModifiedTime(record).toInstant().isBefore(Instant.now().minus(DEAD))
              : total > most && isRecord(record);
      if (gone) {
        delete(record);
        total -= sizes[i];
      }
    }
  }

  /** Whatever else somebody keeps in the folder is not ours to delete. */
  private static boolean isRecord(Path folder) {
    return Files.isRegularFile(folder.resolve("call.json"));
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(MismatchRecords::length).sum();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path done, @Nullable IOException failure)
              throws IOException {
            Files.delete(done);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
