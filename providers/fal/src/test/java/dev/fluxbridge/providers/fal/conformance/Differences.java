package dev.fluxbridge.providers.fal.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What differs between two recordings of one scenario, and why that is right. */
final class Differences {

  /** Patterns of differences, and the reason for each. */
  static final Map<String, String> REASONS = reasons();

  private Differences() {}

  private static Map<String, String> reasons() {
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put(
        ".*: headers content-type is \"application/json\", ours absent",
        "a request without a body has no type of one");
    reasons.put(
        ".*: query logs is \"0\", ours absent", "without logs is what fal answers by itself");
    reasons.put(
        ".*: headers x-fal-queue-priority is \"normal\", ours absent",
        "normal is what fal takes by itself");
    reasons.put(
        "submit-where-a-gateway-gives-up: 2 requests, ours 1",
        "the request may be running behind the gateway, and a second one would be paid for too");
    reasons.put(
        ".*: headers accept is \"application/json, text/event-stream\", ours"
            + " \"text/event-stream\"",
        "they mean to replace the header, and the other spelling of its name stays beside it");
    reasons.put(
        ".*: headers accept is \"\\*/\\*\", ours absent",
        "without the header anything is welcome, and Node's fetch says so too");
    reasons.put(
        "upload 1: headers x-fal-object-lifecycle-preference is absent, ours .*",
        "fal documents this name for uploads, its Python client sends both, and so do we");
    return reasons;
  }

  static Optional<String> reason(String difference) {
    return REASONS.entrySet().stream()
        .filter(reason -> difference.matches(reason.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** A line for each difference: scenario, which request, what, theirs, ours. */
  static List<String> between(String scenario, JsonNode theirs, JsonNode ours) {
    List<String> differences = new ArrayList<>();
    if (theirs.size() != ours.size()) {
      differences.add("%s: %d requests, ours %d".formatted(scenario, theirs.size(), ours.size()));
    }
    for (int i = 0; i < Math.min(theirs.size(), ours.size()); i++) {
      String where = scenario + " " + (i + 1) + ": ";
      compare(
          where + "method", theirs.get(i).path("method"), ours.get(i).path("method"), differences);
      compare(where + "path", theirs.get(i).path("path"), ours.get(i).path("path"), differences);
      for (String part : List.of("query", "headers")) {
        JsonNode one = theirs.get(i).path(part);
        JsonNode other = ours.get(i).path(part);
        TreeSet<String> names = new TreeSet<>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        names.forEach(
            name ->
                compare(where + part + " " + name, one.path(name), other.path(name), differences));
      }
      compare(where + "body", theirs.get(i).path("body"), ours.get(i).path("body"), differences);
    }
    return differences;
  }

  private static void compare(
      String what, JsonNode theirs, JsonNode ours, List<String> differences) {
    if (!theirs.equals(ours)) {
      differences.add("%s is %s, ours %s".formatted(what, text(theirs), text(ours)));
    }
  }

  private static String text(JsonNode node) {
    return node.isMissingNode() ? "absent" : node.toString();
  }
}
