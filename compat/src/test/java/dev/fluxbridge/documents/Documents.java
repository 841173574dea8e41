package dev.fluxbridge.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The two documents at the top, read as data. Generated parts are written anew with {@code
 * -Dfluxbridge.documents=write}.
 */
public final class Documents {
  /** The folder of the documents. */
  public static final Path ROOT = root();

  static final Path README = ROOT.resolve("README.md");

  /** The guide. */
  public static final Path GUIDE = ROOT.resolve("migration-guide.md");

  private Documents() {}

  static String read(Path document) {
    try {
      return Files.readString(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The code blocks of one language, without their fences. */
  public static List<String> blocks(Path document, String language) {
    Pattern fence = Pattern.compile("(?ms)^ *```" + language + "$\\n(.*?)^ *```$");
    return fence.matcher(read(document)).results().map(match -> match.group(1)).toList();
  }

  /** Rows of the ledger as the rows of a table. */
  public static String ledger(List<LedgerRow> rows) {
    StringBuilder table =
        new StringBuilder(
            "| argument | of | what becomes of it | when | code |\n|---|---|---|---|---|\n");
    for (LedgerRow row : rows) {
      table.append(
          "| `%s` | %s | %s | %s | `%s` |%n"
              .formatted(
                  String.join("`, `", row.arguments()),
                  pipelines(row),
                  row.fidelity(),
                  row.when(),
                  row.code()));
    }
    return table.toString();
  }

  private static String pipelines(LedgerRow row) {
    if (row.pipelines().size() == Pipeline.values().length) {
      return "all";
    }
    return row.pipelines().stream()
        .sorted()
        .map(pipeline -> pipeline.facade().replace("Pipeline", ""))
        .collect(Collectors.joining(", "));
  }

  /** Holds a generated part of the guide to what would be generated now. */
  public static void assertFresh(String name, String content) {
    if ("write".equals(System.getProperty("fluxbridge.documents"))) {
      regenerate(name, content);
    }
    assertThat(marked(GUIDE, name).group(2))
        .as("the part '%s' of the guide; -Dfluxbridge.documents=write writes it anew", name)
        .isEqualTo(content);
  }

  private static void regenerate(String name, String content) {
    MatchResult marked = marked(GUIDE, name);
    String text = read(GUIDE);
    try {
      Files.writeString(
          GUIDE, text.substring(0, marked.start(2)) + content + text.substring(marked.end(2)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MatchResult marked(Path document, String name) {
    Pattern part =
        Pattern.compile("(?s)(<!-- generated: " + name + " -->\\n)(.*?)<!-- end of generated -->");
    return part.matcher(read(document)).results().findFirst().orElseThrow();
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("migration-guide.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
