package dev.fluxbridge.providers.fal;

import static dev.fluxbridge.providers.fal.FalOptions.Failure.SERVER_ERROR;
import static dev.fluxbridge.providers.fal.FalOptions.Failure.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.fal.FalLifecycle.Access;
import dev.fluxbridge.providers.fal.FalOptions.Priority;
import dev.fluxbridge.providers.http.HttpRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FalOptionsTest {
  private static final HttpRequest SUBMIT =
      HttpRequest.postJson(URI.create("https://queue.fal.run/fal-ai/flux/dev"), new byte[0]);

  private static Map<String, String> headers(FalOptions options) {
    Map<String, String> sent = new TreeMap<>();
    options
        .on(SUBMIT, FalVerb.SUBMIT)
        .headers()
        .fields()
        .forEach(field -> sent.put(field.name(), field.value()));
    return sent;
  }

  private static String query(FalOptions options) {
    return options.on(SUBMIT, FalVerb.SUBMIT).uri().getRawQuery();
  }

  private static void refuses(UnaryOperator<FalOptions> set, String because) {
    assertThatThrownBy(() -> set.apply(FalOptions.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(because);
  }

  @Test
  void addsNothingWhereNothingIsSet() {
    HttpRequest same = FalOptions.NONE.on(SUBMIT, FalVerb.SUBMIT);

    assertThat(same.uri()).isEqualTo(SUBMIT.uri());
    assertThat(same.headers().fields()).isEmpty();
  }

  @Test
  void writesEachOptionAsThePlatformReadsIt() {
    FalOptions options =
        FalOptions.NONE
            .withPriority(Priority.LOW)
            .withStartTimeout(Duration.ofSeconds(30))
            .withRunnerHint(" runner-7 ")
            .withLifecycle(FalLifecycle.DEFAULT.withAccess(Access.FORBID))
            .withStoredPayloads(false)
            .withPlatformRetries(TIMEOUT, 0)
            .withPlatformRetries(SERVER_ERROR, 3)
            .withoutFallback()
            .withTag("Team", "a b")
            .withTag("cost.centre", "42")
            .withUploadPolicy("{\"p\":1}")
            .withHeader("X-My-Trace", "t=1");

    assertThat(headers(options))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("X-Fal-Queue-Priority", "low"),
                Map.entry("X-Fal-Request-Timeout", "30"),
                Map.entry("X-Fal-Runner-Hint", "runner-7"),
                Map.entry(
                    "X-Fal-Object-Lifecycle-Preference",
                    "{\"initial_acl\":{\"default\":\"forbid\"}}"),
                Map.entry("X-Fal-Store-IO", "0"),
                Map.entry(
                    "X-Fal-Retry-Config",
                    "{\"server_error\":{\"retries\":3},\"timeout\":{\"retries\":0}}"),
                Map.entry("x-app-fal-disable-fallback", "1"),
                Map.entry("X-Fal-Tags", "cost.centre=42,team=a b"),
                Map.entry("x-app-fal-upload-policy", "{\"p\":1}"),
                Map.entry("X-My-Trace", "t=1")));
    assertThat(headers(FalOptions.NONE.withoutPlatformRetries()))
        .containsExactly(Map.entry("X-Fal-No-Retry", "1"));
  }

  @Test
  void addsToTheAddressWhatBelongsThere() {
    FalOptions options =
        FalOptions.NONE
            .withWebhook(URI.create("https://me.example/hook?token=a%20b&x=1"))
            .withMaxQueueLength(5)
            .withQuery("my tag", "a+b&c=\u00fc");

    assertThat(query(options))
        .isEqualTo(
            "fal_max_queue_length=5"
                + "&fal_webhook=https%3A%2F%2Fme.example%2Fhook%3Ftoken%3Da%2520b%26x%3D1"
                + "&my%20tag=a%2Bb%26c%3D%C3%BC");
    URI with = URI.create(SUBMIT.uri() + "?logs=1");
    assertThat(FalOptions.NONE.withMaxQueueLength(0).on(SUBMIT.to(with), FalVerb.SUBMIT).uri())
        .hasToString(with + "&fal_max_queue_length=0");
  }

  @Test
  void takesBackWhatIsTheDefault() {
    assertThat(FalOptions.NONE.withStoredPayloads(false).withStoredPayloads(true))
        .isEqualTo(FalOptions.NONE);
    assertThat(
            FalOptions.NONE
                .withLifecycle(FalLifecycle.expiringAfter(Duration.ofHours(1)))
                .withLifecycle(FalLifecycle.DEFAULT))
        .isEqualTo(FalOptions.NONE);
  }

  @ParameterizedTest
  @CsvSource({"PT1.5S, 1.5", "PT30S, 30", "PT100S, 100", "PT1.000000001S, 1.000000001"})
  void writesTheStartTimeoutInSeconds(Duration time, String text) {
    assertThat(headers(FalOptions.NONE.withStartTimeout(time)))
        .containsEntry("X-Fal-Request-Timeout", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT0.2S", "PT0S", "PT-30S"})
  void refusesAStartTimeoutOfASecondOrLess(Duration time) {
    refuses(options -> options.withStartTimeout(time), "longer than a second");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'' | v | name of a tag",
        "fal.team | v | name of a tag",
        "FAL.team | v | name of a tag",
        "a b | v | name of a tag",
        "a=b | v | name of a tag",
        "team | a,b | value of tag 'team'",
        "team | \u00fc | value of tag 'team'",
        "team | \"\" | value of tag 'team'",
        "team | \"  \" | value of tag 'team'"
      })
  void refusesATagThatThePlatformWouldDrop(String name, String value, String because) {
    refuses(options -> options.withTag(name, value), because);
  }

  @Test
  void refusesTagsThatAreTooLongOrTooMany() {
    refuses(options -> options.withTag("k".repeat(65), "v"), "name of a tag");
    refuses(options -> options.withTag("k", "v".repeat(257)), "value of tag");
    FalOptions ten = FalOptions.NONE;
    for (int i = 0; i < 10; i++) {
      ten = ten.withTag("k" + i, "v");
    }
    FalOptions full = ten;
    assertThatThrownBy(() -> full.withTag("one-more", "v")).hasMessageContaining("11");
    assertThat(headers(full.withTag("K9", "replaced")).get("X-Fal-Tags")).contains("k9=replaced");
    assertThatThrownBy(
            () ->
                FalOptions.NONE
                    .withTag("a", "v".repeat(256))
                    .withTag("b", "v".repeat(256))
                    .withTag("c", "v".repeat(256))
                    .withTag("d", "v".repeat(253)))
        .hasMessageContaining("1025");
  }

  @Test
  void refusesRetriesThatThePlatformDoesNotMake() {
    refuses(options -> options.withPlatformRetries(TIMEOUT, 10), "0 to 9");
    refuses(options -> options.withPlatformRetries(TIMEOUT, -1), "0 to 9");
    refuses(
        options -> options.withPlatformRetries(TIMEOUT, 1).withoutPlatformRetries(), "contradict");
    refuses(
        options -> options.withoutPlatformRetries().withPlatformRetries(TIMEOUT, 1), "contradict");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Authorization", "HOST", "content-length", "Transfer-Encoding", "Content-Type"})
  void refusesHeadersThatAreTheClientsOwn(String name) {
    refuses(options -> options.withHeader(name, "x"), "set by the client itself");
  }

  @ParameterizedTest
  @CsvSource({
    "x-fal-queue-priority, withPriority",
    "X-FAL-REQUEST-TIMEOUT, withStartTimeout",
    "x-fal-runner-hint, withRunnerHint",
    "x-fal-object-lifecycle-preference, withLifecycle",
    "x-fal-object-lifecycle, withLifecycle",
    "X-Fal-Store-Io, withStoredPayloads",
    "x-fal-no-retry, withoutPlatformRetries",
    "x-fal-retry-config, withPlatformRetries",
    "X-App-Fal-Disable-Fallback, withoutFallback",
    "x-fal-tags, withTag",
    "X-App-Fal-Upload-Policy, withUploadPolicy"
  })
  void refusesFreeHeadersThatHaveAMethodAndNamesIt(String name, String method) {
    refuses(options -> options.withHeader(name, "x"), "FalOptions." + method);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fal_webhook", "FAL_WEBHOOK", "fal_max_queue_length"})
  void refusesFreeParametersThatHaveAMethod(String name) {
    refuses(options -> options.withQuery(name, "x"), "FalOptions.with");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a\r\nb", "\u00fc"})
  void refusesWhatIsNoNameOfAHeader(String name) {
    refuses(options -> options.withHeader(name, "x"), "name of a header");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\r\nAuthorization: Key evil", "x\n", "\u0000", "\u00fc"})
  void letsNoValueBreakOutOfItsLine(String value) {
    refuses(options -> options.withHeader("X-My", value), "printable ASCII");
    refuses(options -> options.withRunnerHint(value), "printable ASCII");
    refuses(options -> options.withUploadPolicy(value), "printable ASCII");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hook",
        "ftp://me.example/hook",
        "https:hook",
        "http://localhost:8080/hook",
        "https://127.0.0.1/hook"
      })
  void refusesAWebhookThatFalCannotCall(String address) {
    assertThatThrownBy(() -> FalOptions.NONE.withWebhook(URI.create(address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("webhook")
        .message()
        .doesNotContain("/hook");
  }

  @ParameterizedTest
  @EnumSource(
      value = FalVerb.class,
      names = {"RUN", "STREAM"})
  void isRefusedByADirectCallWhichWouldDropIt(FalVerb verb) {
    for (FalOptions options :
        new FalOptions[] {
          FalOptions.NONE.withPriority(Priority.LOW),
          FalOptions.NONE.withPlatformRetries(TIMEOUT, 1),
          FalOptions.NONE.withWebhook(URI.create("https://me.example/canary")),
          FalOptions.NONE.withMaxQueueLength(1)
        }) {
      FalException failure =
          catchThrowableOfType(FalException.class, () -> options.on(SUBMIT, verb));

      assertThat(failure.reason()).isEqualTo(Reason.INVALID);
      assertThat(failure)
          .hasMessageContaining("in the queue only")
          .hasMessageContaining("nothing was sent")
          .message()
          .doesNotContain("canary");
    }
    assertThat(
            FalOptions.NONE
                .withStartTimeout(Duration.ofSeconds(9))
                .withRunnerHint("r")
                .on(SUBMIT, verb)
                .headers()
                .fields())
        .hasSize(2);
  }

  @Test
  void tellsNamesAndNoValues() {
    FalOptions options =
        FalOptions.NONE
            .withUploadPolicy("canary-policy")
            .withHeader("X-My-Secret", "canary-value")
            .withWebhook(URI.create("https://me.example/hook?token=canary"))
            .withQuery("t", "canary");

    assertThat(options.toString())
        .contains("x-app-fal-upload-policy", "X-My-Secret", "fal_webhook")
        .doesNotContain("canary");
    assertThat(options.on(SUBMIT, FalVerb.SUBMIT).toString()).doesNotContain("canary");
  }

  @Test
  void staysAsItWas() {
    FalOptions first = FalOptions.NONE.withTag("a", "1");
    FalOptions second = first.withTag("b", "2").withHeader("X-My", "1").withHeader("x-my", "2");

    assertThat(headers(first)).containsExactly(Map.entry("X-Fal-Tags", "a=1"));
    assertThat(headers(second).values()).containsExactly("a=1,b=2", "2");
    assertThat(second)
        .isEqualTo(FalOptions.NONE.withHeader("X-My", "2").withTag("b", "2").withTag("a", "1"))
        .hasSameHashCodeAs(
            FalOptions.NONE.withHeader("X-My", "2").withTag("b", "2").withTag("a", "1"))
        .isNotEqualTo(first);
  }

  @Property(tries = 300)
  void bringsEveryParameterThroughTheAddress(
      @ForAll @StringLength(max = 12) String name, @ForAll String value) {
    // Not @NotBlank: it lets spaces through that Unicode has and String.trim does not know.
    Assume.that(!name.isBlank());
    String sent = query(FalOptions.NONE.withQuery(name, value));

    assertThat(sent).matches("[A-Za-z0-9%*._=-]+");
    String[] pair = sent.split("=", 2);
    assertThat(URLDecoder.decode(pair[0], StandardCharsets.UTF_8)).isEqualTo(text(name));
    assertThat(URLDecoder.decode(pair[1], StandardCharsets.UTF_8)).isEqualTo(text(value));
  }

  /** A text as UTF-8 can carry it: half a surrogate pair is no letter. */
  private static String text(String any) {
    return new String(any.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Property(tries = 300)
  void neverLetsALineBreakIntoAHeader(@ForAll String value) {
    try {
      FalOptions options = FalOptions.NONE.withHeader("X-My", value).withTag("k", value);
      assertThat(headers(options).values()).allMatch(FalOptions::printable);
    } catch (IllegalArgumentException refused) {
      assertThat(refused.getMessage()).matches(FalOptions::printable);
    }
  }
}
