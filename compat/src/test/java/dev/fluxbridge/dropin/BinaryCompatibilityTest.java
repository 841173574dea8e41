package dev.fluxbridge.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.pipelines.FluxPipeline;
import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.model.JApiClass;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that was linked against the frozen signatures links against the facades of today. */
class BinaryCompatibilityTest {
  private static final String PACKAGE = "dev/fluxbridge/pipelines";

  @TempDir Path folder;
  private Path stubs;

  @BeforeEach
  void compileTheFrozenSignatures() throws IOException {
    stubs = Files.createDirectories(folder.resolve("stubs"));
    FrozenApi.compile(folder.resolve("sources"), stubs);
  }

  @Test
  void nothingThatOldCallersLinkToIsGoneOrChanged() throws Exception {
    assertThat(broken(stubs, today())).isEmpty();
  }

  @Test
  void aClassThatIsGoneWouldBeSeen() throws Exception {
    Path less = copy(today());
    Files.delete(less.resolve(PACKAGE + "/FluxFillPipeline.class"));

    assertThat(broken(stubs, less)).contains("dev.fluxbridge.pipelines.FluxFillPipeline");
  }

  private static Path today() throws URISyntaxException {
    return Path.of(FluxPipeline.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** What old callers linked to and would not find, by name. */
  private List<String> broken(Path before, Path after) throws IOException {
    JarArchiveComparatorOptions options = new JarArchiveComparatorOptions();
    options.getIgnoreMissingClasses().setIgnoreAllMissingClasses(true);
    List<JApiClass> classes =
        new JarArchiveComparator(options)
            .compare(
                new JApiCmpArchive(jar("before", before), "frozen"),
                new JApiCmpArchive(jar("after", after), "today"));
    assertThat(classes).hasSizeGreaterThan(40);
    List<String> broken = new ArrayList<>();
    for (JApiClass type : classes) {
      if (!type.isBinaryCompatible()) {
        broken.add(type.getFullyQualifiedName());
      }
    }
    return broken;
  }

  private java.io.File jar(String name, Path classes) throws IOException {
    Path jar = folder.resolve(name + ".jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file);
        Stream<Path> found = Files.walk(classes.resolve(PACKAGE))) {
      for (Path path : found.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(new ZipEntry(classes.relativize(path).toString()));
        Files.copy(path, entries);
        entries.closeEntry();
      }
    }
    return jar.toFile();
  }

  private Path copy(Path classes) throws IOException {
    Path copy = folder.resolve("copy");
    try (Stream<Path> found = Files.walk(classes.resolve(PACKAGE))) {
      for (Path path : found.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(classes.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, target);
      }
    }
    return copy;
  }
}
