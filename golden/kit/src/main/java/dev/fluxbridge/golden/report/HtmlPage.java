package dev.fluxbridge.golden.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.golden.report.PagePictures.Embedded;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A report as one HTML file with everything in it: the cases as JSON, pictures in base64, and a
 * script that shows them. It loads nothing from anywhere, and its policy forbids any script but its
 * own: names and texts come from users.
 */
final class HtmlPage {
  /** One script in several files; the last one begins. */
  private static final List<String> SCRIPTS =
      List.of("dom.js", "list.js", "viewer.js", "case.js", "page.js");

  /** Pictures that stand before the script: those of the case that is shown first. */
  private static final int OF_ONE_CASE = 3;

  private HtmlPage() {}

  static void write(Results results, List<Path> folders, Path into, Instant at, OutputStream to)
      throws IOException {
    PagePictures pictures =
        new PagePictures(
            files(results, true),
            files(results, false),
            PagePictures.BUDGET,
            PagePictures.BUDGET_OF_OTHERS);
    ObjectNode data =
        ReportJson.of(results, folders, at, (slot, json) -> picture(slot, json, pictures, into));
    String style = resource("page.css");
    String script = SCRIPTS.stream().map(HtmlPage::resource).collect(Collectors.joining("\n"));
    String page =
        resource("page.html")
            .replace("{{style-hash}}", hash(style))
            .replace("{{script-hash}}", hash(script))
            .replace("{{style}}", style)
            .replace("{{script}}", script);
    // Data comes last: what stands in it is no place for anything.
    String[] parts = page.split("\\{\\{(data|first-pictures|pictures)}}", 4);
    List<Embedded> embedded = List.copyOf(pictures.embedded());
    int first = Math.min(OF_ONE_CASE, embedded.size());
    OutputStream out = new BufferedOutputStream(to, 1 << 16);
    text(parts[0], out);
    text(ReportJson.scriptSafe(data), out);
    text(parts[1], out);
    write(embedded.subList(0, first), out);
    text(parts[2], out);
    write(embedded.subList(first, embedded.size()), out);
    text(parts[3], out);
    out.flush();
  }

  /** What failed, or is new and to be looked at. */
  private static List<PictureSlot> files(Results results, boolean pressing) {
    return results.cases().stream()
        .filter(
            one ->
                pressing == (one.line().status().bad() || one.line().status() == Outcome.WRITTEN))
        .flatMap(one -> one.files().stream())
        .toList();
  }

  private static JsonNode picture(
      PictureSlot slot, ObjectNode json, PagePictures pictures, Path into) {
    ObjectNode picture = json.objectNode();
    picture.put("file", Links.from(into, slot.whole()));
    picture.put("width", slot.width()).put("height", slot.height());
    pictures
        .of(slot)
        .ifPresent(
            embedded ->
                picture.put("shown", embedded.number()).put("whole", pictures.isWhole(slot)));
    return picture;
  }

  /** Elements of their own, so that a browser reads a picture when it shows it. */
  private static void write(List<Embedded> pictures, OutputStream out) throws IOException {
    for (Embedded picture : pictures) {
      text(
          "<script type=\"%s\" id=\"picture-%d\">".formatted(picture.mediaType(), picture.number()),
          out);
      out.write(Base64.getEncoder().encode(Files.readAllBytes(picture.file())));
      text("</script>\n", out);
    }
  }

  private static void text(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hash(String text) {
    byte[] digest = Results.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(digest);
  }

  private static String resource(String name) {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      return new String(
          Optional.ofNullable(in)
              .orElseThrow(
                  () ->
                      new IllegalStateException("the page's " + name + " is not on the class path"))
              .readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
