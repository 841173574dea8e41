package dev.fluxbridge.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.micrometer.ObservedCalls;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import dev.fluxbridge.providers.fal.FalImageBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the guide to the code. Generated parts are written anew with {@code
 * -Dfluxbridge.documents=write}.
 */
class GuideTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");

  @Test
  void theSettingsTableIsFresh() {
    StringBuilder table = new StringBuilder("| key | what it does |\n|---|---|\n");
    Map<String, String> rows = new LinkedHashMap<>();
    Settings.keys().forEach((key, text) -> rows.put(ofAnyTask(key, text), text));
    rows.forEach((key, text) -> table.append("| `%s` | %s |%n".formatted(key, text)));
    Documents.assertFresh("settings", table.toString());
  }

  /** One row for all tasks, where the key says the same of each. */
  private static String ofAnyTask(String key, String text) {
    for (Task task : Task.values()) {
      String part = "." + task.label();
      String any = key.replaceFirst(Pattern.quote(part) + "(?=\\.|$)", ".TASK");
      if (!any.equals(key)
          && Stream.of(Task.values())
              .allMatch(
                  other ->
                      text.equals(
                          Settings.keys().get(any.replace(".TASK", "." + other.label()))))) {
        return any.replace("TASK", "<task>");
      }
    }
    return key;
  }

  @Test
  void theTableOfObservationsIsFresh() {
    StringBuilder table =
        new StringBuilder("| observation | key | what it says |\n|---|---|---|\n");
    ObservedCalls.names()
        .forEach(
            (name, keys) ->
                keys.forEach(
                    (key, text) ->
                        table.append("| `%s` | `%s` | %s |%n".formatted(name, key, text))));
    Documents.assertFresh("observations", table.toString());
  }

  @Test
  void theArgumentsOnFalAreFresh() {
    Documents.assertFresh("arguments on fal", Documents.ledger(FalImageBackend.ledger()));
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyErrorEndsAtAHeadingOfTheGuide(Reason reason) {
    String message = String.valueOf(new BackendException(reason, "x").getMessage());
    String anchor = message.replaceAll(".*migration-guide.md#([\\w-]+).*", "$1");
    assertThat(anchors(Documents.GUIDE)).contains(anchor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "migration-guide.md"})
  void everyLinkLeadsSomewhere(String name) {
    Path document = Documents.ROOT.resolve(name);
    LINK.matcher(Documents.read(document))
        .results()
        .map(match -> match.group(1))
        .forEach(
            link -> {
              Path target =
                  link.startsWith("#")
                      ? document
                      : Documents.ROOT.resolve(link.replaceAll("#.*", ""));
              assertThat(target).as(link).exists();
              if (link.contains("#")) {
                assertThat(anchors(target)).contains(link.replaceAll(".*#", ""));
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"Run it", "Test it"})
  void theReadmeHasOneCommandUnderEachHeading(String heading) {
    String section =
        Documents.read(Documents.README)
            .replaceAll("(?s).*\\n## " + heading + "\\n(.*?)\\n## .*", "$1");
    List<String> commands =
        Pattern.compile("(?ms)^```sh$\\n(.*?)^```$")
            .matcher(section)
            .results()
            .map(m -> m.group(1))
            .toList();
    assertThat(commands)
        .singleElement()
        .satisfies(command -> assertThat(command.lines()).hasSize(1));
  }

  private static Set<String> anchors(Path document) {
    if (!Files.isRegularFile(document)) {
      return Set.of();
    }
    return Documents.read(document)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceAll("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\w -]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
