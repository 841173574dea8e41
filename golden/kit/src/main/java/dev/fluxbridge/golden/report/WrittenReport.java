package dev.fluxbridge.golden.report;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A report that was written. Immutable.
 *
 * @param page the HTML file
 * @param junit the XML file for CI servers
 * @param json the file for programs
 * @param counts how many cases ended how, by the words of {@link dev.fluxbridge.golden.report}
 * @param problems what kept it from being whole: each names the file and the line, and what to do
 * @param passed whether no case failed, is missing or in error, and there are no problems
 */
public record WrittenReport(
    Path page,
    Path junit,
    Path json,
    Map<String, Integer> counts,
    List<String> problems,
    boolean passed) {
  public WrittenReport {
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    problems = List.copyOf(problems);
  }

  /** For people, for example {@code 20 failed, 480 passed}. */
  public String text() {
    String text =
        counts.entrySet().stream()
            .filter(count -> count.getValue() > 0)
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "no cases" : text;
  }
}
