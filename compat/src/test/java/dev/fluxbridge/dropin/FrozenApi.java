package dev.fluxbridge.dropin;

import dev.fluxbridge.documents.Documents;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * {@code compat/api.txt}: what old callers were compiled against, as text and as class files that
 * do nothing.
 */
final class FrozenApi {
  static final Path FILE = Documents.ROOT.resolve("compat/api.txt");

  private FrozenApi() {}

  static String text() {
    try {
      return Files.readString(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(String text) {
    try {
      Files.writeString(FILE, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compiles the text into class files whose methods fail. */
  static void compile(Path sources, Path classes) {
    List<Path> files = new ArrayList<>();
    Pattern unit = Pattern.compile("(?m)^" + PublicApi.UNIT + "(\\S+)$\\n");
    String[] names = unit.matcher(text()).results().map(m -> m.group(1)).toArray(String[]::new);
    String[] bodies = unit.split(text(), -1);
    try {
      for (int i = 0; i < names.length; i++) {
        Path file = sources.resolve(names[i].replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        files.add(Files.writeString(file, withBodies(bodies[i + 1])));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    compile(files, classes, System.getProperty("java.class.path"));
  }

  /** A class without a public constructor has one that only its package sees. */
  private static String withBodies(String unit) {
    String name = unit.replaceFirst("(?s).*?(?:class|interface) (\\w+).*", "$1");
    boolean isInterface = unit.contains("public interface ");
    StringBuilder source = new StringBuilder();
    for (String line : unit.split("\n", -1)) {
      if (line.startsWith("  public " + name + "(")) {
        line = line.replaceFirst(";$", " {}");
      } else if (line.startsWith("  ") && !line.contains(" abstract ")) {
        line = line.replaceFirst("\\);$", ") { throw new IllegalStateException(); }");
      }
      source.append(line).append('\n');
      if (line.endsWith(" {") && !isInterface && !unit.contains("  public " + name + "(")) {
        source.append("  ").append(name).append("() {}\n");
      }
    }
    return source.toString();
  }

  static void compile(List<Path> sources, Path classes, String classPath) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-d", classes.toString(), "-cp", classPath, "-proc:none");
      boolean compiled =
          compiler
              .getTask(
                  errors,
                  manager,
                  null,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!compiled) {
        throw new AssertionError(errors.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
