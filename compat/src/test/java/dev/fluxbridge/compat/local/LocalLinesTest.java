package dev.fluxbridge.compat.local;

import dev.fluxbridge.documents.Documents;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** Holds what the guide says of DJL's lines to the properties of the build. */
class LocalLinesTest {
  private static final String DEFAULT = "/project/properties/";
  private static final String CUDA = "/project/profiles/profile[id='cuda']/properties/";

  private static final String DEPENDENCY =
      """
      <dependency>
        <groupId>%s</groupId>
        <artifactId>%s</artifactId>
        <version>%s</version>%s
      </dependency>
      """;

  private final Document pom;

  LocalLinesTest() throws Exception {
    Path file = Documents.ROOT.resolve("legacy-local/pom.xml");
    pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  @Test
  void theTableOfLinesIsFresh() throws Exception {
    Documents.assertFresh(
        "lines of DJL",
        "| line | build with | engine | libtorch | native library |\n|---|---|---|---|---|\n"
            + row("CPU", "nothing", DEFAULT, "`" + of(DEFAULT, "native.artifact") + "`")
            + row("CUDA 12.4", "`-Pcuda`", CUDA, "`" + of(CUDA, "native.artifact") + "`")
            + row("your own PyTorch", "`-Ddjl.torch.installed`", DEFAULT, "none"));
  }

  @Test
  void theDependenciesOfACallerWithAGpuAreFresh() throws Exception {
    String engine = of(CUDA, "version");
    String managed =
        DEPENDENCY.formatted("ai.djl", "api", engine, "")
            + DEPENDENCY.formatted("ai.djl.huggingface", "tokenizers", engine, "")
            + DEPENDENCY.formatted("ai.djl.pytorch", "pytorch-engine", engine, "")
            + DEPENDENCY.formatted("ai.djl.pytorch", "pytorch-jni", of(CUDA, "jni.version"), "");
    String library =
        DEPENDENCY.formatted(
            "ai.djl.pytorch",
            of(CUDA, "native.artifact"),
            of(CUDA, "torch.version"),
            "\n  <classifier>%s</classifier>\n  <scope>runtime</scope>"
                .formatted(of(DEFAULT, "native.classifier")));
    Documents.assertFresh(
        "dependencies on a GPU",
        """
        ```xml
        <dependencyManagement>
          <dependencies>
        %s  </dependencies>
        </dependencyManagement>
        <dependencies>
        %s  <dependency>
            <groupId>dev.fluxbridge</groupId>
            <artifactId>fluxbridge-compat</artifactId>
            <version>0.1.0-SNAPSHOT</version>
            <exclusions>
              <exclusion>
                <groupId>ai.djl.pytorch</groupId>
                <artifactId>%s</artifactId>
              </exclusion>
            </exclusions>
          </dependency>
        </dependencies>
        ```
        """
            .formatted(managed.indent(4), library.indent(2), of(DEFAULT, "native.artifact")));
  }

  private String row(String line, String build, String properties, String library)
      throws Exception {
    return "| %s | %s | %s | %s | %s |%n"
        .formatted(
            line, build, of(properties, "version"), of(properties, "torch.version"), library);
  }

  private String of(String properties, String name) throws Exception {
    String value = XPathFactory.newInstance().newXPath().evaluate(properties + "djl." + name, pom);
    if (value.isEmpty()) {
      throw new AssertionError("legacy-local/pom.xml has no " + properties + "djl." + name);
    }
    return value;
  }
}
