package dev.fluxbridge.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.fal.FalClient;
import dev.fluxbridge.providers.fal.webhook.WebhookVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The guide's comparison of fal clients, as data: every "yes" of ours names a public method, or a
 * test of the module, that is there.
 */
class FalClientsTest {
  private static final Path TESTS = Documents.ROOT.resolve("providers/fal/src/test/java");

  /**
   * A feature.
   *
   * @param ours what this client does, and behind it in brackets the methods or tests
   * @param javaScript the same in fal's JavaScript client
   * @param python in its Python client
   * @param java in its Java client
   */
  private record Row(
      String feature,
      String ours,
      List<String> proofs,
      String javaScript,
      String python,
      String java) {
    String line() {
      String shown = proofs.isEmpty() ? "" : " (`" + String.join("`, `", proofs) + "`)";
      return "| %s | %s | %s | %s | %s |%n"
          .formatted(feature, ours + shown, javaScript, python, java);
    }

    @Override
    public String toString() {
      return feature;
    }
  }

  private static Row row(
      String feature, String ours, String proofs, String javaScript, String python, String java) {
    List<String> named = proofs.isEmpty() ? List.of() : List.of(proofs.split(", "));
    return new Row(feature, ours, named, javaScript, python, java);
  }

  static Stream<Row> rows() {
    return Stream.of(
        row(
            "run, submit, status, result, subscribe",
            "yes",
            "FalClient.run, FalClient.submit, FalClient.subscribe",
            "yes",
            "yes",
            "yes"),
        row(
            "going on in another process",
            "from a line of text, or an address of fal's",
            "FalHandle.parse, FalHandle.of",
            "by endpoint and id",
            "by endpoint and id",
            "by endpoint and id; not for `workflows/` and `comfy/`"),
        row(
            "cancel",
            "yes, three outcomes",
            "FalClient.cancel",
            "yes, two of the outcomes are exceptions",
            "yes, two of the outcomes are exceptions",
            "no"),
        row(
            "stream of statuses",
            "where asked for, and polling where it breaks",
            "FalPolling.withListening, FalListeningTest.asksInsteadWhenTheStreamBreaks",
            "where asked for",
            "no",
            "always; a refusal leaves the caller waiting for ever"),
        row(
            "polling",
            "with growing pauses, no thread for each wait",
            "FalPolling.longest, FalAsyncTest.keepsNoThreadForARequestThatWaits",
            "fixed pause",
            "fixed pause",
            "no"),
        row(
            "deadline, start timeout",
            "both, for each call",
            "FalOptions.withDeadline, FalOptions.withStartTimeout",
            "both",
            "both",
            "neither"),
        row(
            "priority, runner hint, lifecycle",
            "yes",
            "FalOptions.withPriority, FalOptions.withRunnerHint, FalOptions.withLifecycle",
            "yes, the hint on submit alone",
            "yes, the lifecycle as a free header",
            "no"),
        row(
            "tags, payloads not stored, platform retries, longest queue",
            "yes, checked before they are sent",
            "FalOptions.withTag, FalOptions.withStoredPayloads, FalOptions.withMaxQueueLength",
            "as free headers; no longest queue",
            "as free headers; no longest queue",
            "no"),
        row(
            "free headers for one call",
            "yes",
            "FalOptions.withHeader",
            "on submit and subscribe",
            "yes",
            "no"),
        row("streaming of outputs", "yes", "FalClient.stream", "yes", "yes", "no"),
        row("realtime", "yes", "FalClient.realtime", "yes", "yes", "no"),
        row(
            "upload, in parts",
            "yes; streams of unknown length, constant memory, a part is sent again by itself",
            "FalStorage.upload, FalMultipartTest.aLongStreamPassesThroughASmallHeap",
            "yes",
            "yes; large byte arrays arrive damaged from the blocking client",
            "no"),
        row(
            "files in inputs",
            "yes, the same one once",
            "FalStorage.json",
            "yes, the same one each time",
            "no",
            "no"),
        row("data URIs", "yes", "FalDataUri.text, FalDataUri.parse", "no", "yes", "no"),
        row(
            "retries",
            "by one table, with `Retry-After` and fal's own advice",
            "FalRetryPolicyTest.decidesByWhatCame",
            "yes",
            "yes",
            "no"),
        row(
            "a submit whose answer was lost",
            "is told as `AMBIGUOUS`",
            "FalSubmitTest.isNotSentAgainWhenTheConnectionBreaksAfterIt",
            "is sent again, and may be paid for twice",
            "is sent again, and may be paid for twice",
            "is an exception"),
        row(
            "backup hosts",
            "where no connection came about",
            "FalHosts.withBackup",
            "in later sources",
            "in later sources",
            "no"),
        row(
            "errors with details, request id, headers, body",
            "yes, all of fal's shapes",
            "FalException.details, FalException.headers, FalException.rawBody",
            "yes, no headers",
            "in part",
            "no"),
        row(
            "time and failure of a completed request",
            "both",
            "FalStatus.inferenceTime, FalStatus.errorType",
            "time",
            "both",
            "neither"),
        row(
            "headers of a good answer, units charged",
            "yes",
            "FalResult.headers, FalResult.billableUnits",
            "no",
            "no",
            "no"),
        row(
            "verification of webhooks, replay guard",
            "yes",
            "WebhookVerifier.verify, SeenWebhooks.note",
            "no",
            "no",
            "no"),
        row(
            "platform API: models, prices, usage, bills",
            "yes",
            "FalPlatform.models, FalPlatform.usage, FalPlatform.billingEvents",
            "no",
            "no",
            "no"),
        row(
            "other hosts, a gateway",
            "yes",
            "FalHosts.allAt",
            "through middleware",
            "environment",
            "no"),
        row("fal's server proxy", "no: a server holds the key itself", "", "yes", "no", "yes"),
        row("an HTTP client of one's own", "no", "", "`fetch`", "no", "no"),
        row(
            "without waiting",
            "`CompletableFuture`",
            "FalClient.subscribeAsync",
            "yes",
            "yes",
            "`CompletableFuture`, coroutines"),
        row("types for endpoints", "no: JSON texts, records as inputs", "", "yes", "no", "no"),
        row(
            "tests",
            "yes, compared with the JavaScript client on the wire",
            "OfficialClientConformanceTest.theRecordIsWhatTheJavaScriptClientSends",
            "yes",
            "yes",
            "none"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatWeSayWeDoIsThere(Row row) {
    assertThat(row.proofs().isEmpty())
        .as("only a no needs no proof")
        .isEqualTo(row.ours().startsWith("no"));
    assertThat(row.proofs()).allMatch(FalClientsTest::isThere);
  }

  private static boolean isThere(String proof) {
    String[] parts = proof.split("\\.", 2);
    return parts[0].endsWith("Test")
        ? source(parts[0]).contains(" void " + parts[1] + "(")
        : type(parts[0]).stream()
            .flatMap(type -> Arrays.stream(type.getMethods()))
            .map(Method::getName)
            .anyMatch(parts[1]::equals);
  }

  private static Optional<Class<?>> type(String name) {
    return Stream.of(FalClient.class, WebhookVerifier.class)
        .map(Class::getPackageName)
        .<Class<?>>mapMulti(
            (folder, found) -> {
              try {
                found.accept(Class.forName(folder + "." + name));
              } catch (ClassNotFoundException elsewhere) {
                // in the other one
              }
            })
        .findFirst();
  }

  private static String source(String test) {
    try (Stream<Path> files = Files.walk(TESTS)) {
      return Documents.read(
          files.filter(file -> file.endsWith(test + ".java")).findFirst().orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theGuidesTableIsFresh() {
    StringBuilder table =
        new StringBuilder(
            "| | here | JavaScript 1.10.1 | Python 1.0.1 | Java 0.7.1 |\n|---|---|---|---|---|\n");
    rows().forEach(row -> table.append(row.line()));
    Documents.assertFresh("fal clients", table.toString());
  }
}
