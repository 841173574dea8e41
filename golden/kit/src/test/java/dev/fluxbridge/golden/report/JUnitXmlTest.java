package dev.fluxbridge.golden.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** Held to junit.xsd, which says where it comes from. */
class JUnitXmlTest {
  private static final XPath XPATH = XPathFactory.newInstance().newXPath();

  private Lines lines = new Lines(Path.of(""));

  @BeforeEach
  void open(@TempDir Path folder) {
    lines = new Lines(folder);
  }

  private File written() throws IOException {
    return GoldenReports.write(lines.folder).junit().toFile();
  }

  private static void validate(File xml) throws SAXException, IOException {
    Validator validator =
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
            .newSchema(Objects.requireNonNull(JUnitXmlTest.class.getResource("junit.xsd")))
            .newValidator();
    validator.validate(new StreamSource(xml));
  }

  private static Document parsed(File xml) {
    try {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml);
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new AssertionError(e);
    }
  }

  private static String at(Document xml, String path) {
    try {
      return XPATH.evaluate(path, xml);
    } catch (XPathExpressionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyOutcomeIsCountedAsServersCount() throws Exception {
    int number = 0;
    for (String status :
        List.of(
            "error", "failed", "failed", "missing", "obsolete", "written", "unchanged", "passed")) {
      lines.add(Lines.line(status, "a.FoxTest", status + number++));
    }
    lines.add(Lines.line("passed", "a.OwlTest", "owl")).text("broken");
    File file = written();
    validate(file);
    Document xml = parsed(file);

    assertThat(at(xml, "/testsuites/@tests")).isEqualTo("10");
    assertThat(at(xml, "/testsuites/@failures")).isEqualTo("3");
    assertThat(at(xml, "/testsuites/@errors")).isEqualTo("2");
    String fox = "/testsuites/testsuite[@name='a.FoxTest']";
    assertThat(at(xml, fox + "/@tests")).isEqualTo("8");
    assertThat(at(xml, fox + "/@failures")).isEqualTo("3");
    assertThat(at(xml, fox + "/@errors")).isEqualTo("1");
    assertThat(at(xml, fox + "/@skipped")).isEqualTo("1");
    for (String[] counted :
        new String[][] {
          {"tests", "testcase"}, {"failures", "testcase/failure"}, {"errors", "testcase/error"}
        }) {
      assertThat(at(xml, "sum(//testsuite/@" + counted[0] + ")"))
          .isEqualTo(at(xml, "count(//" + counted[1] + ")"))
          .isEqualTo(at(xml, "string(/testsuites/@" + counted[0] + ")"));
    }
    assertThat(at(xml, fox + "/@timestamp")).isEqualTo("2026-11-22T01:00:00Z");
    assertThat(at(xml, "//testsuite[@name='golden report']/testcase/@name"))
        .endsWith("results.ndjson line 10");
    assertThat(at(xml, "//testsuite[@name='golden report']//error/@message"))
        .contains("line 10: is no JSON");
  }

  @Test
  void aFailureTellsWhatTheTesterIsToldAndNamesThePictures() throws Exception {
    ObjectNode fox = Lines.line("failed", "a.FoxTest", "fox");
    Lines.picture(fox, 0.9, false).put("golden", lines.png("fox", Landscape.draw(1, 16)));
    lines.add(fox);
    File file = written();
    validate(file);
    Document xml = parsed(file);

    assertThat(at(xml, "//testcase/@name")).isEqualTo("fox");
    assertThat(at(xml, "//testcase/@classname")).isEqualTo("a.FoxTest");
    assertThat(at(xml, "//failure/@message")).isEqualTo("it is failed,");
    assertThat(at(xml, "//failure")).isEqualTo("it is failed,\nand says why");
    assertThat(at(xml, "//system-out"))
        .contains("farthest: SSIM, 2.0 times what is allowed")
        .contains(
            "[[ATTACHMENT|" + lines.folder.resolve("pictures/fox.png").toAbsolutePath() + "]]");

    StringWriter relative = new StringWriter();
    Optional<Path> checkout = Optional.ofNullable(lines.folder.getParent());
    JUnitXml.write(Results.read(List.of(lines.folder)), Instant.EPOCH, checkout, relative);
    assertThat(relative.toString())
        .contains("[[ATTACHMENT|" + lines.folder.getFileName() + "/pictures/fox.png]]");
  }

  @Test
  void oneNameOnTwoRoadsIsTwoTestCases() throws Exception {
    lines
        .add(Lines.line("passed", "a.FoxTest", "fox"))
        .add(Lines.line("passed", "a.FoxTest", "fox").put("key", "fal-1"));
    Document xml = parsed(written());
    assertThat(at(xml, "count(//testcase)")).isEqualTo("2");
    assertThat(at(xml, "count(//testcase[@name='fox fal-1'])")).isEqualTo("1");
  }

  @Test
  void whatXmlHasNoWayToWriteIsReplaced() throws Exception {
    ObjectNode hostile = Lines.line("failed", "a.FoxTest", Lines.HOSTILE);
    lines.add(hostile.put("message", Lines.HOSTILE + "\ud800\uffff\ud83e\udd8a\u0000 end"));
    File file = written();
    validate(file);
    Document xml = parsed(file);

    assertThat(at(xml, "//failure"))
        .contains("</script>", "]]>")
        .endsWith("\ufffd\ufffd\ud83e\udd8a\ufffd end");
    assertThat(at(xml, "//testcase/@name")).isEqualTo(Lines.HOSTILE.replace('\u0001', '\ufffd'));
  }

  @Test
  void theSchemaRefusesWhatServersCannotRead() throws IOException {
    File file =
        Files.writeString(
                lines.folder.resolve("x.xml"), "<testsuites tests='1' failures='no' errors='0'/>")
            .toFile();
    assertThatThrownBy(() -> validate(file)).isInstanceOf(SAXException.class);
  }
}
