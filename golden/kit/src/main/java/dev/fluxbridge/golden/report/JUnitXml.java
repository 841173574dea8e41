package dev.fluxbridge.golden.report;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A report as the XML that CI servers read: a suite for each test class, a test case for each
 * comparison, and an error for each line that says nothing. Pictures are named as {@code
 * [[ATTACHMENT|path]]}, absolute, or below the checkout where the server says where that is.
 *
 * <p>Source: the schema junit-10 of Jenkins' xUnit plugin; attachments as Jenkins' JUnit
 * Attachments plugin and GitLab read them, the latter relative to {@code CI_PROJECT_DIR}.
 */
final class JUnitXml {
  private static final String PROBLEMS = "golden report";

  private final XMLStreamWriter xml;
  private final Optional<Path> checkout;

  private JUnitXml(XMLStreamWriter xml, Optional<Path> checkout) {
    this.xml = xml;
    this.checkout = checkout;
  }

  /**
   * @param checkout the folder that attachments are named from, if they lie below it
   */
  static void write(Results results, Instant at, Optional<Path> checkout, Writer out)
      throws IOException {
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
      new JUnitXml(xml, checkout).write(results, at);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException("junit.xml cannot be written", e);
    }
  }

  private void write(Results results, Instant at) throws XMLStreamException {
    Map<String, List<Case>> suites = new TreeMap<>();
    results
        .cases()
        .forEach(
            one ->
                suites.computeIfAbsent(one.line().testClass(), name -> new ArrayList<>()).add(one));
    xml.writeStartDocument("UTF-8", "1.0");
    newLine();
    xml.writeStartElement("testsuites");
    attribute("name", "goldens");
    counts(results.cases(), results.problems().size());
    for (Map.Entry<String, List<Case>> suite : suites.entrySet()) {
      suite(suite.getKey(), suite.getValue());
    }
    if (!results.problems().isEmpty()) {
      problems(results.problems(), at);
    }
    newLine();
    xml.writeEndElement();
    newLine();
    xml.writeEndDocument();
  }

  private void counts(List<Case> cases, int problems) throws XMLStreamException {
    attribute("tests", String.valueOf(cases.size() + problems));
    attribute("failures", String.valueOf(number(cases, "failure")));
    attribute("errors", String.valueOf(problems + number(cases, "error")));
  }

  private static long number(List<Case> cases, String tag) {
    return cases.stream().filter(one -> tag(one.line().status()).equals(tag)).count();
  }

  private void suite(String testClass, List<Case> cases) throws XMLStreamException {
    start(1, "testsuite");
    attribute("name", testClass);
    counts(cases, 0);
    attribute("skipped", String.valueOf(number(cases, "skipped")));
    attribute("time", "0");
    attribute(
        "timestamp", cases.stream().map(one -> one.line().at()).min(String::compareTo).orElse(""));
    for (Case one : cases) {
      boolean alone =
          cases.stream().filter(other -> other.line().name().equals(one.line().name())).count()
              == 1;
      testCase(one, alone ? one.line().name() : one.line().name() + " " + one.line().key());
    }
    end(1);
  }

  private void testCase(Case one, String name) throws XMLStreamException {
    start(2, "testcase");
    attribute("name", name);
    attribute("classname", one.line().testClass());
    attribute("time", "0");
    String tag = tag(one.line().status());
    if (!tag.isEmpty()) {
      start(3, tag);
      attribute("message", one.line().message().lines().findFirst().orElse(""));
      attribute("type", one.line().status().label());
      text(one.line().message());
      xml.writeEndElement();
    }
    start(3, "system-out");
    text(facts(one));
    xml.writeEndElement();
    end(2);
  }

  private static String tag(Outcome outcome) {
    return switch (outcome) {
      case FAILED, MISSING -> "failure";
      case ERROR -> "error";
      case OBSOLETE -> "skipped";
      case WRITTEN, UNCHANGED, PASSED -> "";
    };
  }

  private String facts(Case one) {
    List<String> lines = new ArrayList<>();
    lines.add("status: " + one.line().status().label());
    lines.add("test: " + one.line().test());
    lines.add("drawn by: " + one.line().key());
    if (!one.line().against().isEmpty()) {
      lines.add("held to: " + one.line().against());
    }
    if (!one.nearness().label().isEmpty()) {
      lines.add(
          "farthest: %s, %s times what is allowed"
              .formatted(one.nearness().label(), one.nearness().plainTimes()));
    }
    lines.addAll(one.problems());
    one.files().forEach(file -> lines.add("[[ATTACHMENT|" + attachment(file.whole()) + "]]"));
    return String.join("\n", lines) + "\n";
  }

  private String attachment(Path file) {
    Path whole = file.toAbsolutePath().normalize();
    return checkout
        .map(root -> root.toAbsolutePath().normalize())
        .filter(whole::startsWith)
        .map(root -> root.relativize(whole))
        .orElse(whole)
        .toString()
        .replace('\\', '/');
  }

  private void problems(List<Problem> problems, Instant at) throws XMLStreamException {
    start(1, "testsuite");
    attribute("name", PROBLEMS);
    counts(List.of(), problems.size());
    attribute("skipped", "0");
    attribute("time", "0");
    attribute("timestamp", at.toString());
    for (Problem problem : problems) {
      start(2, "testcase");
      attribute("name", problem.where());
      attribute("classname", PROBLEMS);
      attribute("time", "0");
      start(3, "error");
      attribute("message", problem.text());
      attribute("type", "unreadable");
      xml.writeEndElement();
      end(2);
    }
    end(1);
  }

  private void start(int depth, String name) throws XMLStreamException {
    newLine();
    xml.writeCharacters("  ".repeat(depth));
    xml.writeStartElement(name);
  }

  private void end(int depth) throws XMLStreamException {
    newLine();
    xml.writeCharacters("  ".repeat(depth));
    xml.writeEndElement();
  }

  private void newLine() throws XMLStreamException {
    xml.writeCharacters("\n");
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, legal(value));
  }

  private void text(String value) throws XMLStreamException {
    xml.writeCharacters(legal(value));
  }

  /** With U+FFFD for what XML 1.0 has no way to write. */
  static String legal(String text) {
    StringBuilder legal = new StringBuilder(text.length());
    text.codePoints().map(c -> isLegal(c) ? c : 0xFFFD).forEach(legal::appendCodePoint);
    return legal.toString();
  }

  private static boolean isLegal(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
