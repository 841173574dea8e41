package dev.fluxbridge.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells one checkpoint from another without reading gigabytes: SHA-256 over the names and sizes of
 * all files of a folder, and the first and last 64 KB of each. Stateless.
 */
final class Fingerprint {
  private static final int PART = 1 << 16;

  private Fingerprint() {}

  static String of(Path folder) {
    MessageDigest digest = Sha256.digest();
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> sorted =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !folder.relativize(file).toString().startsWith("."))
              .sorted()
              .toList();
      for (Path file : sorted) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        digest.update((name + '\0' + Files.size(file) + '\0').getBytes(StandardCharsets.UTF_8));
        parts(file, digest);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new GoldenException(
          "the checkpoint folder %s cannot be read, so a golden cannot be tied to it"
              .formatted(folder),
          e);
    }
    return Sha256.hex(digest);
  }

  private static void parts(Path file, MessageDigest digest) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      ByteBuffer part = ByteBuffer.allocate(PART);
      fill(channel, part);
      digest.update(part.flip());
      channel.position(Math.max(channel.position(), channel.size() - PART));
      part.clear();
      fill(channel, part);
      digest.update(part.flip());
    }
  }

  private static void fill(SeekableByteChannel channel, ByteBuffer part) throws IOException {
    while (part.hasRemaining() && channel.read(part) >= 0) {
      // reads until it is full or the file ends
    }
  }
}
