package dev.fluxbridge.legacy.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tiny checkpoint that comes on the class path, unpacked once into a cache folder because weights
 * are read by mapping files.
 *
 * <p>Tiny Flex brings its own transformer only; what else its list names are the files of tiny
 * FLUX, and only those that it was trained with: another hash is refused.
 *
 * <p>The folder's name contains the hash of the list of files, so that versions do not mix. What is
 * there is checked by size at every call and unpacked again if it is damaged. Nothing half-written
 * ever has the final name. Safe for use by several threads and processes.
 */
public final class EmbeddedCheckpoint {
  /** The system property that names the cache folder. */
  public static final String CACHE_PROPERTY = "fluxbridge.local.cache";

  private static final String FLUX = "/dev/fluxbridge/tinyflux/";
  private static final String FLEX = "/dev/fluxbridge/tinyflex/";
  private static final String LIST = "files.txt";
  private static final String UNPACKED = "unpacking-";
  private static final Object UNPACKING = new Object();

  /** One line of files.txt. */
  private record Entry(String sha256, long bytes, String path) {}

  private EmbeddedCheckpoint() {}

  /** Whether tiny FLUX is on the class path. */
  public static boolean present() {
    return EmbeddedCheckpoint.class.getResource(FLUX + LIST) != null;
  }

  /**
   * The folder of tiny FLUX, which draws from text, unpacked if it was not yet.
   *
   * @throws CheckpointException if it is not on the class path, or cannot be unpacked
   */
  public static Path folder() {
    return unpack(FLUX, cache());
  }

  /**
   * The folder of tiny Flex, which also repaints boxes and follows drawings, unpacked if it was not
   * yet.
   *
   * @throws CheckpointException if it or tiny FLUX is not on the class path, or cannot be unpacked
   */
  public static Path flexFolder() {
    return unpackFlex(FLEX, cache());
  }

  private static Path cache() {
    String given = System.getProperty(CACHE_PROPERTY);
    if (given != null && !given.isBlank()) {
      return Path.of(given);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    String home = System.getProperty("user.home");
    if (xdg != null && !xdg.isBlank()) {
      return Path.of(xdg, "fluxbridge");
    }
    return home == null || home.isBlank() || home.equals("?")
        ? Path.of(System.getProperty("java.io.tmpdir", "."), "fluxbridge")
        : Path.of(home, ".cache", "fluxbridge");
  }

  static Path unpack(String resources, Path cache) {
    return unpack("tiny-flux", List.of(resources), cache);
  }

  static Path unpackFlex(String resources, Path cache) {
    return unpack("tiny-flex", List.of(resources, FLUX), cache);
  }

  /** The list is that of the first place; a file comes from the first place that has it. */
  private static Path unpack(String name, List<String> places, Path cache) {
    byte[] list = list(name, places.get(0), cache);
    List<Entry> entries = entries(new String(list, StandardCharsets.UTF_8), cache);
    Path target = cache.resolve(name + "-" + HexFormat.of().formatHex(sha256().digest(list), 0, 8));
    if (whole(target, entries)) {
      return target;
    }
    synchronized (UNPACKING) {
      try {
        Files.createDirectories(cache);
        // The lock keeps a second process out; within this one the monitor does.
        try (FileChannel channel =
                FileChannel.open(
                    cache.resolve("tiny-flux.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            var lock = channel.lock()) {
          if (lock.isValid() && !whole(target, entries)) {
            replace(places, entries, cache, target);
          }
        }
      } catch (IOException e) {
        throw new CheckpointException(
            "the embedded checkpoint cannot be unpacked (" + e + ")",
            cache,
            "Name a writable folder with -D" + CACHE_PROPERTY + "=...",
            e);
      }
    }
    return target;
  }

  private static void replace(List<String> places, List<Entry> entries, Path cache, Path target)
      throws IOException {
    try (DirectoryStream<Path> abandoned = Files.newDirectoryStream(cache, UNPACKED + "*")) {
      for (Path folder : abandoned) {
        delete(folder);
      }
    }
    Path fresh = Files.createTempDirectory(cache, UNPACKED);
    try {
      for (Entry entry : entries) {
        copy(places, entry, fresh);
      }
      delete(target);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(fresh);
    }
  }

  private static byte[] list(String name, String resources, Path cache) {
    try (InputStream in = EmbeddedCheckpoint.class.getResourceAsStream(resources + LIST)) {
      if (in == null) {
        throw new CheckpointException(
            "no checkpoint is embedded on the class path",
            cache,
            "Add fluxbridge-"
                + name
                + " to the class path, or load a checkpoint folder by its path.");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new CheckpointException(
          "the embedded list of files cannot be read (" + e + ")",
          cache,
          "Build the jar again.",
          e);
    }
  }

  private static List<Entry> entries(String list, Path cache) {
    List<Entry> entries = new ArrayList<>();
    for (String line : list.lines().filter(l -> !l.isBlank()).toList()) {
      String[] words = line.split(" ", 3);
      if (words.length != 3
          || words[0].length() != 64
          || !words[1].matches("\\d{1,15}")
          || words[2].startsWith("/")
          || words[2].contains("..")) {
        throw new CheckpointException(
            "the embedded list of files has a broken line", cache, "Build the jar again.");
      }
      entries.add(new Entry(words[0], Long.parseLong(words[1]), words[2]));
    }
    return entries;
  }

  private static boolean whole(Path target, List<Entry> entries) {
    for (Entry entry : entries) {
      Path file = target.resolve(entry.path);
      try {
        if (!Files.isRegularFile(file) || Files.size(file) != entry.bytes) {
          return false;
        }
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private static void copy(List<String> places, Entry entry, Path folder) throws IOException {
    Path file = folder.resolve(entry.path);
    Files.createDirectories(file.getParent());
    MessageDigest digest = sha256();
    try (InputStream in = embedded(places, entry)) {
      Files.copy(new DigestInputStream(in, digest), file);
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(entry.sha256)) {
      throw new IOException(entry.path + " is damaged: its hash is not the listed one");
    }
  }

  private static InputStream embedded(List<String> places, Entry entry) throws IOException {
    for (String place : places) {
      InputStream in = EmbeddedCheckpoint.class.getResourceAsStream(place + entry.path);
      if (in != null) {
        return in;
      }
    }
    throw new IOException(entry.path + " is listed but not embedded");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
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
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
