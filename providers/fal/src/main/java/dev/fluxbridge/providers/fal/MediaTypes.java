package dev.fluxbridge.providers.fal;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Media types of what endpoints take. */
final class MediaTypes {
  static final String UNKNOWN = "application/octet-stream";

  private static final String TOKEN = "[A-Za-z0-9!#$&^_.+-]{1,100}";

  /** The first ending of a type is the one that it is given. */
  private static final Map<String, String> BY_ENDING = new LinkedHashMap<>();

  static {
    String table =
        """
        png image/png
        jpg image/jpeg
        jpeg image/jpeg
        webp image/webp
        gif image/gif
        avif image/avif
        heic image/heic
        bmp image/bmp
        tiff image/tiff
        tif image/tiff
        svg image/svg+xml
        mp4 video/mp4
        m4v video/mp4
        mov video/quicktime
        webm video/webm
        mkv video/x-matroska
        avi video/x-msvideo
        mp3 audio/mpeg
        wav audio/wav
        flac audio/flac
        ogg audio/ogg
        opus audio/ogg
        m4a audio/mp4
        aac audio/aac
        glb model/gltf-binary
        gltf model/gltf+json
        obj model/obj
        stl model/stl
        zip application/zip
        gz application/gzip
        tar application/x-tar
        json application/json
        jsonl application/jsonl
        pdf application/pdf
        txt text/plain
        csv text/csv
        srt application/x-subrip
        """;
    table.lines().map(line -> line.split(" ")).forEach(pair -> BY_ENDING.put(pair[0], pair[1]));
  }

  private MediaTypes() {}

  static boolean valid(String text) {
    return text.matches(TOKEN + "/" + TOKEN + "(; ?" + TOKEN + "=(" + TOKEN + "|\"[ -!#-~]*\"))*");
  }

  static Optional<String> byName(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Optional.ofNullable(BY_ENDING.get(ending));
  }

  /** Knows the four kinds of pictures by their first bytes. */
  static Optional<String> byContent(byte[] bytes) {
    String start = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 12));
    if (start.startsWith("89504e470d0a1a0a")) {
      return Optional.of("image/png");
    }
    if (start.startsWith("ffd8ff")) {
      return Optional.of("image/jpeg");
    }
    if (start.startsWith("474946383761") || start.startsWith("474946383961")) {
      return Optional.of("image/gif");
    }
    return start.matches("52494646.{8}57454250") ? Optional.of("image/webp") : Optional.empty();
  }

  /** The ending for a name, with its dot. */
  static String ending(String mediaType) {
    return BY_ENDING.entrySet().stream()
        .filter(entry -> entry.getValue().equals(mediaType))
        .map(entry -> "." + entry.getKey())
        .findFirst()
        .orElse(".bin");
  }
}
