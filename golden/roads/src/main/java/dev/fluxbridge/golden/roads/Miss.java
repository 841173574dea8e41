package dev.fluxbridge.golden.roads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.fluxbridge.golden.roads.Recording.Recorded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says how a request differs from what was recorded. Pure; tells no prompt. */
final class Miss {
  private static final int MOST = 6;
  private static final int LONGEST = 60;

  private Miss() {}

  /**
   * The difference from the nearest recorded request.
   *
   * @param used names of those that were answered already and are answered once
   */
  static String told(
      Recording recording, Set<String> used, String method, String path, Optional<JsonNode> body) {
    String what = method + " " + path;
    List<Recorded> there =
        recording.exchanges().stream()
            .filter(known -> known.method().equals(method) && known.at(path))
            .toList();
    if (there.isEmpty()) {
      return "%s: nothing like it was recorded, only %s"
          .formatted(
              what,
              recording.exchanges().stream()
                  .map(known -> known.method() + " " + known.path())
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    Recorded nearest =
        there.stream()
            .min(
                Comparator.<Recorded>comparingInt(known -> differences(known, body).size())
                    .thenComparing(known -> used.contains(known.name())))
            .orElseThrow();
    List<String> differences = differences(nearest, body);
    if (differences.isEmpty()) {
      long times = there.stream().filter(known -> differences(known, body).isEmpty()).count();
      return "%s: it was recorded %s, and is asked once more (%s)"
          .formatted(what, times == 1 ? "once" : times + " times", nearest.file());
    }
    String more =
        differences.size() > MOST ? " and %d more".formatted(differences.size() - MOST) : "";
    return "%s: %s%s (%s)"
        .formatted(
            what,
            differences.stream().limit(MOST).collect(Collectors.joining(", ")),
            more,
            nearest.file());
  }

  private static List<String> differences(Recorded known, Optional<JsonNode> body) {
    List<String> differences = new ArrayList<>();
    differ(
        "",
        "",
        known.body().orElse(MissingNode.getInstance()),
        body.orElse(MissingNode.getInstance()),
        differences);
    return differences;
  }

  private static void differ(
      String path, String field, JsonNode was, JsonNode is, List<String> differences) {
    if (was.isObject() && is.isObject()) {
      Set<String> names = new TreeSet<>();
      was.fieldNames().forEachRemaining(names::add);
      is.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        differ(
            path.isEmpty() ? name : path + "." + name,
            name,
            was.path(name),
            is.path(name),
            differences);
      }
    } else if (was.isArray() && is.isArray() && was.size() == is.size()) {
      for (int i = 0; i < was.size(); i++) {
        differ("%s[%d]".formatted(path, i), field, was.get(i), is.get(i), differences);
      }
    } else if (!same(was, is)) {
      differences.add(
          "`%s` is %s".formatted(path.isEmpty() ? "body" : path, change(field, was, is)));
    }
  }

  private static String change(String field, JsonNode was, JsonNode is) {
    if (was.isMissingNode()) {
      return "new";
    }
    if (is.isMissingNode()) {
      return "gone";
    }
    return tellable(field, was) && tellable(field, is)
        ? "%s and was %s".formatted(is, was)
        : "another";
  }

  private static boolean same(JsonNode was, JsonNode is) {
    if (was.isNumber() && is.isNumber()) {
      return was.decimalValue().compareTo(is.decimalValue()) == 0;
    }
    return was.equals(is);
  }

  private static boolean tellable(String field, JsonNode value) {
    return !Fields.isPrompt(field) && value.isValueNode() && value.toString().length() <= LONGEST;
  }
}
