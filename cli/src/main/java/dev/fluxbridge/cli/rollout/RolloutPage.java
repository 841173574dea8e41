package dev.fluxbridge.cli.rollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One HTML file with everything in it: the numbers as JSON, the pictures as data, and a script that
 * draws them. It loads nothing from anywhere, and its policy forbids any script but its own:
 * prompts and texts come from users.
 */
final class RolloutPage {
  /** One script in several files; the last one begins. */
  private static final List<String> SCRIPTS =
      List.of(
          "dom.js",
          "state.js",
          "charts.js",
          "history.js",
          "events.js",
          "mismatches.js",
          "viewer.js",
          "page.js");

  private RolloutPage() {}

  /**
   * Writes the page beside its place and then moves it there, so that nobody sees half of it.
   *
   * @param data as {@link StatusJson} has it; the records of the mismatches are added to it
   * @param pictures of how many mismatches pictures come along, the newest
   */
  static void write(Path page, ObjectNode data, int pictures) throws IOException {
    MismatchRecords.into(data, pictures);
    Path place = page.toAbsolutePath();
    Files.createDirectories(place.getParent());
    Path unfinished = Files.createTempFile(place.getParent(), place.getFileName() + ".", ".part");
    try {
      Files.writeString(unfinished, html(data));
      Files.move(
          unfinished, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  static String html(ObjectNode data) {
    String style = resource("page.css");
    String script = SCRIPTS.stream().map(RolloutPage::resource).collect(Collectors.joining("\n"));
    return resource("page.html")
        .replace("{{style-hash}}", hash(style))
        .replace("{{script-hash}}", hash(script))
        .replace("{{style}}", style)
        .replace("{{script}}", script)
        .replace("{{data}}", scriptSafe(data.toString()));
  }

  /**
   * JSON that cannot end the script element it stands in, whatever its texts say. The characters
   * stand in texts only, where JSON has another way to write them.
   */
  static String scriptSafe(String json) {
    return json.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = RolloutPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the page's " + name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
