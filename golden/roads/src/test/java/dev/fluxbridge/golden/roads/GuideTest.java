package dev.fluxbridge.golden.roads;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guide shows of this package. */
class GuideTest {
  private static final Pattern JAVA = Pattern.compile("(?ms)^```java$\\n(.*?)^```$");
  private static final String AROUND =
      """
      import static dev.fluxbridge.golden.GoldenAssertions.assertThat;
      import dev.fluxbridge.compat.*;
      import dev.fluxbridge.golden.roads.*;
      import dev.fluxbridge.pipelines.*;
      """;

  @Test
  void itsSnippetsAreTests(@TempDir Path folder) throws IOException {
    String guide = Files.readString(Path.of("../../migration-guide.md"));
    List<String> snippets =
        JAVA.matcher(guide)
            .results()
            .map(match -> match.group(1))
            .filter(snippet -> snippet.contains("@GoldenRoads"))
            .toList();
    assertThat(snippets).isNotEmpty();
    for (String snippet : snippets) {
      compile(Files.writeString(folder.resolve("EveryRoadTest.java"), AROUND + snippet), folder);
    }
  }

  @Test
  void itsSwitchesAreThoseOfThePackage() throws IOException {
    String guide = Files.readString(Path.of("../../migration-guide.md"));
    String code =
        Files.readString(Path.of("src/main/java/dev/fluxbridge/golden/roads/RoadSwitches.java"));
    Pattern.compile("\"(golden\\.[a-z-]+)\"")
        .matcher(code)
        .results()
        .map(match -> match.group(1))
        .forEach(name -> assertThat(guide).contains("`-D" + name));
  }

  private static void compile(Path source, Path folder) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d", folder.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
      boolean compiled =
          compiler
              .getTask(errors, manager, null, options, null, manager.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(errors.toString()).isTrue();
    }
  }
}
