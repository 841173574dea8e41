package dev.fluxbridge.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The two documents at the top, read as data. */
final class Documents {
  static final Path ROOT = root();
  static final Path README = ROOT.resolve("README.md");
  static final Path GUIDE = ROOT.resolve("migration-guide.md");

  private Documents() {}

  static String read(Path document) {
    try {
      return Files.readString(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The code blocks of one language, without their fences. */
  static List<String> blocks(Path document, String language) {
    Pattern fence = Pattern.compile("(?ms)^ *```" + language + "$\\n(.*?)^ *```$");
    return fence.matcher(read(document)).results().map(match -> match.group(1)).toList();
  }

  /** What stands between the two markers of a generated part. */
  static String generated(Path document, String name) {
    return marked(document, name).group(2);
  }

  /** Puts a generated part in its place. */
  static void regenerate(Path document, String name, String content) {
    MatchResult marked = marked(document, name);
    String text = read(document);
    try {
      Files.writeString(
          document, text.substring(0, marked.start(2)) + content + text.substring(marked.end(2)));
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
