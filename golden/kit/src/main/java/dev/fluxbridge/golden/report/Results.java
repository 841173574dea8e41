package dev.fluxbridge.golden.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the lines of one or several folders say: of those about one golden and key the last counts.
 *
 * @param cases the worst first
 * @param problems lines and folders that say nothing
 */
record Results(List<Case> cases, List<Problem> problems) {
  static final String FILE = "results.ndjson";
  private static final int ID_BYTES = 4;

  private record Identity(String testClass, String name, String key) {}

  private record Numbered(int number, Line line) {}

  static Results read(List<Path> folders) throws IOException {
    List<Case> cases = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Path folder : folders) {
      read(folder, cases, problems, ids);
    }
    cases.sort(Case.WORST_FIRST);
    return new Results(List.copyOf(cases), List.copyOf(problems));
  }

  private static void read(Path folder, List<Case> cases, List<Problem> problems, Set<String> ids)
      throws IOException {
    Path file = folder.resolve(FILE);
    Map<Identity, Numbered> last = new LinkedHashMap<>();
    Map<String, String> runs = new HashMap<>();
    // Whatever is no UTF-8 becomes a broken line rather than the end of the report.
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      int number = 0;
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        number++;
        if (text.isBlank()) {
          continue;
        }
        try {
          Line line = Line.of(text);
          last.put(
              new Identity(line.testClass(), line.name(), line.key()), new Numbered(number, line));
          runs.put(line.testClass(), line.run());
        } catch (BrokenLine e) {
          problems.add(new Problem(file + " line " + number, String.valueOf(e.getMessage())));
        }
      }
    } catch (NoSuchFileException e) {
      problems.add(
          new Problem(
              folder.toString(),
              "there is no %s: run tests that hold something to a golden first".formatted(FILE)));
    }
    last.forEach(
        (identity, one) ->
            cases.add(
                new Case(
                    free(id(identity), ids),
                    folder,
                    one.number,
                    !one.line.run().equals(runs.get(identity.testClass)),
                    one.line,
                    one.line.pictures().stream().map(picture -> Shown.of(folder, picture)).toList(),
                    Nearness.of(one.line))));
  }

  /** Words for people, and a hash that tells those apart that share them. */
  private static String id(Identity identity) {
    String simple = identity.testClass.substring(identity.testClass.lastIndexOf('.') + 1);
    String all = String.join("\n", identity.testClass, identity.name, identity.key);
    byte[] digest = sha256().digest(all.getBytes(StandardCharsets.UTF_8));
    return "%s/%s/%s"
        .formatted(
            slug(simple), slug(identity.name), HexFormat.of().formatHex(digest, 0, ID_BYTES));
  }

  private static String slug(String text) {
    return text.replaceAll("[^A-Za-z0-9_]+", "-");
  }

  /** Two folders may each have it. */
  private static String free(String id, Set<String> taken) {
    String free = id;
    for (int i = 2; !taken.add(free); i++) {
      free = id + "-" + i;
    }
    return free;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  boolean bad() {
    return !problems.isEmpty() || cases.stream().anyMatch(one -> one.line().status().bad());
  }

  /** How many of each, also of those that there are none of. */
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      counts.put(
          outcome.label(),
          (int) cases.stream().filter(one -> one.line().status() == outcome).count());
    }
    return counts;
  }
}
