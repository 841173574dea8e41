package dev.fluxbridge.golden.roads;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells a picture file by its first bytes. Stateless; decodes nothing. */
final class FileType {
  private FileType() {}

  /** Its media type; empty for what is no picture of a kind that providers send. */
  static Optional<String> ofPicture(byte[] bytes) {
    String head = new String(bytes, 0, Math.min(12, bytes.length), StandardCharsets.ISO_8859_1);
    if (head.startsWith("\u0089PNG\r\n")) {
      return Optional.of("image/png");
    }
    if (head.startsWith("\u00ff\u00d8\u00ff")) {
      return Optional.of("image/jpeg");
    }
    if (head.startsWith("GIF8")) {
      return Optional.of("image/gif");
    }
    return head.matches("(?s)RIFF....WEBP") ? Optional.of("image/webp") : Optional.empty();
  }
}
