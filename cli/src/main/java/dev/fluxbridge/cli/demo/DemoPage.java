package dev.fluxbridge.cli.demo;

import dev.fluxbridge.cli.demo.DemoCommand.Drawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** One HTML file with everything in it: the pictures side by side, and the table. */
final class DemoPage {
  private DemoPage() {}

  static void write(Path page, List<Drawn> drawn, String whoIsFal) throws IOException {
    String html =
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Fluxbridge: one call, two roads</title>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
          .roads { display: flex; flex-wrap: wrap; gap: 2rem; }
          figure { margin: 0; }
          img { width: 20rem; height: 20rem; image-rendering: pixelated; border: 1px solid #ccc; }
          table { border-collapse: collapse; margin-top: 2rem; }
          th, td { text-align: left; vertical-align: top; padding: .3rem .8rem; border-bottom: 1px solid #ddd; white-space: pre-line; }
          .who { background: #fff6d6; padding: .5rem 1rem; }
        </style>
        </head>
        <body>
        <h1>One call, two roads</h1>
        <p>The same program, unchanged, run twice: only the flag <code>fluxbridge.route.text-to-image</code> differs.</p>
        <p class="who">"fal" here is %s.</p>
        <div class="roads">
        %s</div>
        <table>
        <tr>%s</tr>
        %s</table>
        </body>
        </html>
        """
            .formatted(
                escape(whoIsFal),
                drawn.stream().map(DemoPage::figure).collect(Collectors.joining()),
                DemoTable.HEADINGS.stream()
                    .map(cell -> "<th>" + cell + "</th>")
                    .collect(Collectors.joining()),
                drawn.stream().map(DemoPage::row).collect(Collectors.joining()));
    Path unfinished = page.resolveSibling(page.getFileName() + ".part");
    Files.writeString(unfinished, html);
    Files.move(unfinished, page, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String figure(Drawn drawn) {
    try {
      String data = Base64.getEncoder().encodeToString(Files.readAllBytes(drawn.picture()));
      return "<figure><img alt=\"drawn by %1$s\" src=\"data:image/png;base64,%2$s\"><figcaption>%1$s</figcaption></figure>%n"
          .formatted(escape(drawn.road()), data);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String row(Drawn drawn) {
    return DemoTable.cells(drawn).stream()
        .map(cell -> "<td>" + escape(cell) + "</td>")
        .collect(Collectors.joining("", "<tr>", "</tr>\n"));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
