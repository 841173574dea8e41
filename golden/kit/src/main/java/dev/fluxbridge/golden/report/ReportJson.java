package dev.fluxbridge.golden.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;

/** A report as JSON, in the format that the package describes. Stateless. */
final class ReportJson {
  private static final int SCHEMA = 1;
  private static final List<String> FILES = List.of("golden", "received", "heat_map");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, null))
          // The same in every encoding, and half characters of broken texts do no harm.
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private ReportJson() {}

  static ObjectNode of(Results results, List<Path> folders, Path into, Instant at) {
    return of(results, folders, at, (slot, json) -> json.textNode(Links.from(into, slot.whole())));
  }

  /**
   * @param picture what stands for a file
   */
  static ObjectNode of(
      Results results,
      List<Path> folders,
      Instant at,
      BiFunction<PictureSlot, ObjectNode, JsonNode> picture) {
    ObjectNode report = MAPPER.createObjectNode();
    report.put("schema", SCHEMA).put("at", at.toString()).put("passed", !results.bad());
    results.counts().forEach(report.putObject("counts")::put);
    ArrayNode from = report.putArray("folders");
    folders.forEach(folder -> from.add(folder.toString()));
    ArrayNode problems = report.putArray("problems");
    results
        .problems()
        .forEach(one -> problems.addObject().put("where", one.where()).put("what", one.what()));
    ArrayNode cases = report.putArray("cases");
    for (Case one : results.cases()) {
      cases.add(of(one, folders.indexOf(one.folder()), picture));
    }
    return report;
  }

  private static ObjectNode of(
      Case one, int folder, BiFunction<PictureSlot, ObjectNode, JsonNode> file) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("id", one.id()).put("folder", folder).put("line", one.number());
    json.put("earlier_run", one.earlier());
    ObjectNode line = MAPPER.valueToTree(one.line());
    json.setAll((ObjectNode) line.without(List.of("schema", "pictures")));
    ObjectNode nearness = json.putObject("nearness");
    nearness.put("measure", one.nearness().label());
    nearness.set("times", MAPPER.valueToTree(one.nearness().plainTimes()));
    ArrayNode problems = json.putArray("problems");
    one.problems().forEach(problems::add);
    ArrayNode pictures = json.putArray("pictures");
    for (Shown shown : one.pictures()) {
      ObjectNode picture = MAPPER.valueToTree(shown.picture());
      for (String which : FILES) {
        picture.remove(which);
        picture.remove(which + "_preview");
      }
      shown.files().forEach((which, slot) -> picture.set(which, file.apply(slot, picture)));
      pictures.add(picture);
    }
    return json;
  }

  static String pretty(ObjectNode report) {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    return written(
        MAPPER.writer(
            new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines)),
        report);
  }

  /**
   * JSON that cannot end the script element it stands in, whatever its texts say. The characters
   * stand in texts only, where JSON has another way to write them.
   */
  static String scriptSafe(ObjectNode report) {
    return written(MAPPER.writer(), report)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026");
  }

  private static String written(ObjectWriter writer, ObjectNode report) {
    try {
      return writer.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }
}
