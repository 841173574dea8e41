package dev.fluxbridge.golden.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A folder of results, written by hand. */
final class Lines {
  static final String HOSTILE =
      "</script><script>window.hurt = 1</script><!-- <img src=x onerror=\"window.hurt = 1\"> \u2028 & ]]> \u0001";
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  final Path folder;

  Lines(Path folder) {
    this.folder = folder;
  }

  /** A line with what each has; more is put into it before it is {@linkplain #add added}. */
  static ObjectNode line(String status, String testClass, String name) {
    ObjectNode line = JSON.createObjectNode();
    line.put("schema", 1).put("run", "r1").put("at", "2026-11-22T01:00:00Z");
    line.put("status", status).put("test_class", testClass).put("name", name);
    line.put("test", testClass + "#" + name).put("key", "local-flux-dev-cpu-1f0c9a2b");
    line.put("against", status.equals("missing") ? "" : "local-flux-dev-cpu-1f0c9a2b");
    line.put("kind", "pictures");
    line.put("message", status.equals("passed") ? "" : "it is " + status + ",\nand says why");
    line.putArray("call_differences");
    origin(line.putObject("origins").putObject("golden"), "local");
    origin(line.withObject("/origins").putObject("received"), "local");
    line.putArray("pictures");
    return line;
  }

  static void origin(ObjectNode origin, String route) {
    origin.put("route", route).put("model", "flux-dev").put("device", "cpu-amd64");
    origin.putObject("libraries").put("djl", "0.35.1");
    origin.putArray("request_ids");
    origin.putArray("seeds").add(42);
    origin.put("cause", "flag").put("checkpoint", "ab12");
    origin.putArray("notes");
  }

  /** A picture with one measure. */
  static ObjectNode picture(ObjectNode line, double ssim, boolean passed) {
    ObjectNode picture = line.withArray("/pictures").addObject();
    picture.put("index", line.get("pictures").size()).put("width", 64).put("height", 64);
    picture.put("passed", passed);
    verdict(picture, "SSIM", ssim, 0.95, "higher_is_nearer", passed);
    picture.putArray("findings");
    return picture;
  }

  static void verdict(
      ObjectNode picture, String label, double value, double limit, String way, boolean passed) {
    picture
        .withArray("/verdicts")
        .addObject()
        .put("measure", label)
        .put("label", label)
        .put("value", value)
        .put("limit", limit)
        .put("direction", way)
        .put("passed", passed)
        .put("limit_from", "set by hand");
  }

  Lines add(ObjectNode line) {
    try {
      return text(JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A line as it stands. */
  Lines text(String line) {
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("results.ndjson"),
          line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of the folder, and its name. */
  String png(String name, Bitmap picture) throws IOException {
    return file("pictures/" + name + ".png", Bitmaps.png(picture));
  }

  String file(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    return name;
  }
}
