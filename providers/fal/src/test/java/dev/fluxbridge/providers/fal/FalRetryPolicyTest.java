package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.fal.FalRetryPolicy.Decision;
import dev.fluxbridge.providers.http.HttpHeaders;
import dev.fluxbridge.providers.http.HttpReply;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FalRetryPolicyTest {
  private static final String NGINX = "<html>nginx</html>";

  private static HttpReply reply(int status, String headers, String body) {
    HttpHeaders all = HttpHeaders.NONE;
    for (String line : headers.isBlank() ? new String[0] : headers.split(",", -1)) {
      String[] pair = line.strip().split("=", 2);
      all = all.with(pair[0], pair[1]);
    }
    return new HttpReply(status, all, body.getBytes(UTF_8), false);
  }

  /** What each answer means for a start, a look, a fetch, a cancel or dial, and the rest. */
  @ParameterizedTest(name = "{0} [{1}] {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "200 |                       | {}      | DONE      | DONE  | DONE            | DONE  | DONE",
        "202 |                       | ''      | DONE      | DONE  | DONE            | DONE  | DONE",
        "302 |                       | ''      | FAIL      | FAIL  | FAIL            | FAIL  | FAIL",
        "400 |                       | {}      | FAIL      | FAIL  | FAIL            | FAIL  | FAIL",
        "400 |                       | EARLY   | FAIL      | AGAIN | AGAIN           | FAIL  | FAIL",
        "401 |                       | {}      | FAIL      | FAIL  | FAIL            | FAIL  | FAIL",
        "404 |                       | {}      | FAIL      | FAIL  | FAIL            | FAIL  | FAIL",
        "408 |                       | {}      | FAIL      | AGAIN | AGAIN_SOMETIMES | AGAIN | AGAIN",
        "422 | X-Fal-Needs-Retry=1   | {}      | FAIL      | FAIL  | FAIL            | FAIL  | FAIL",
        "429 |                       | {}      | AGAIN     | AGAIN | AGAIN_SOMETIMES | AGAIN | AGAIN",
        "429 | X-Fal-Needs-Retry=1   | {}      | AGAIN     | AGAIN | AGAIN_SOMETIMES | AGAIN | AGAIN",
        "429 | X-Fal-Needs-Retry=0   | {}      | FAIL      | FAIL  | FAIL            | FAIL  | FAIL",
        "500 | x-fal-request-id=r    | {}      | FAIL      | AGAIN | FAIL            | FAIL  | AGAIN",
        "500 | X-Fal-Retryable=true  | {}      | AGAIN     | AGAIN | AGAIN_SOMETIMES | AGAIN | AGAIN",
        "500 |                       | NGINX   | AMBIGUOUS | AGAIN | AGAIN           | AGAIN | AGAIN",
        "520 |                       | NGINX   | AMBIGUOUS | AGAIN | AGAIN           | AGAIN | AGAIN",
        "502 |                       | NGINX   | AGAIN     | AGAIN | AGAIN           | AGAIN | AGAIN",
        "503 |                       | NGINX   | AGAIN     | AGAIN | AGAIN           | AGAIN | AGAIN",
        "502 | x-fal-request-id=r    | NGINX   | FAIL      | AGAIN | AGAIN_SOMETIMES | AGAIN | AGAIN",
        "503 |                       | {}      | FAIL      | AGAIN | AGAIN_SOMETIMES | AGAIN | AGAIN",
        "503 | X-Fal-Error-Type=x    | NGINX   | FAIL      | AGAIN | AGAIN_SOMETIMES | AGAIN | AGAIN",
        "503 | X-Fal-Needs-Retry=no  | {}      | FAIL      | FAIL  | FAIL            | FAIL  | FAIL",
        "504 |                       | NGINX   | AMBIGUOUS | AGAIN | AGAIN           | AGAIN | AGAIN",
        "504 |                       | {}      | AMBIGUOUS | AGAIN | AGAIN           | AGAIN | AGAIN",
        "504 | X-Fal-Needs-Retry=1   | NGINX   | AMBIGUOUS | AGAIN | AGAIN           | AGAIN | AGAIN",
        "504 | x-fal-request-id=r    | {}      | FAIL      | AGAIN | AGAIN_SOMETIMES | AGAIN | AGAIN",
        "504 | X-Fal-Request-Timeout-Type=user, X-Fal-Needs-Retry=1 | {} | FAIL | FAIL | FAIL | FAIL"
            + " | FAIL"
      })
  void decidesByWhatCame(
      int status,
      String headers,
      String body,
      Decision submit,
      Decision status2,
      Decision result,
      Decision cancel,
      Decision free) {
    String text =
        switch (body) {
          case "EARLY" -> "{\"detail\":\"Request is still in progress\"}";
          case "NGINX" -> NGINX;
          default -> body;
        };
    HttpReply reply = reply(status, headers == null ? "" : headers, text);

    for (FalVerb verb : FalVerb.values()) {
      Decision expected =
          switch (verb) {
            case SUBMIT, RUN, STREAM -> submit;
            case STATUS -> status2;
            case RESULT -> result;
            case CANCEL, DIAL -> cancel;
            case TOKEN, UPLOAD_BEGIN, UPLOAD_PART, UPLOAD_COMPLETE, PLATFORM, DELETION -> free;
          };
      assertThat(FalRetryPolicy.after(verb, reply)).as(verb.name()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(FalVerb.class)
  void believesAStoreThatTakesItsWordBack(FalVerb verb) {
    boolean store = verb == FalVerb.UPLOAD_PART || verb == FalVerb.UPLOAD_COMPLETE;

    assertThat(FalRetryPolicy.after(verb, reply(200, "", "<Error><Code>SlowDown</Code></Error>")))
        .isEqualTo(store ? Decision.AGAIN : Decision.DONE);
  }

  @ParameterizedTest
  @CsvSource({
    "UNREACHABLE, AGAIN, AGAIN",
    "NOT_SENT, AGAIN, AGAIN",
    "LOST, AMBIGUOUS, AGAIN",
    "CANCELLED_BEFORE, FAIL, FAIL",
    "CANCELLED_AFTER, AMBIGUOUS, FAIL",
    "UNREADABLE, FAIL, FAIL",
    "NONSENSE, AMBIGUOUS, FAIL"
  })
  void decidesWhereNothingUsableCame(FalCondition condition, Decision start, Decision look) {
    for (FalVerb verb : FalVerb.values()) {
      assertThat(FalRetryPolicy.decide(verb, condition, Optional.empty(), false))
          .as("%s after %s", verb, condition)
          .isEqualTo(verb.starts() ? start : look);
    }
  }

  @ParameterizedTest
  @EnumSource(FalVerb.class)
  void goesToTheBackupOnlyWhereThereWasNoConnection(FalVerb verb) {
    for (FalCondition condition : FalCondition.values()) {
      Decision decision = FalRetryPolicy.decide(verb, condition, Optional.empty(), true);

      assertThat(decision == Decision.AGAIN_AT_BACKUP)
          .as("%s after %s", verb, condition)
          .isEqualTo(
              condition == FalCondition.UNREACHABLE
                  && EnumSet.range(FalVerb.SUBMIT, FalVerb.CANCEL).contains(verb));
    }
  }

  @Test
  void knowsEveryConditionForEveryVerb() {
    for (FalVerb verb : FalVerb.values()) {
      assertThat(
              Arrays.stream(FalCondition.values())
                  .map(c -> FalRetryPolicy.decide(verb, c, Optional.empty(), false)))
          .doesNotContainNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "TRUE", " yes ", "True"})
  void readsEverySpellingOfYes(String value) {
    for (String header : new String[] {"X-Fal-Needs-Retry", "x-fal-retryable"}) {
      assertThat(FalErrors.retryAdvice(reply(503, header + "=" + value, ""))).contains(true);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "false", "FALSE", " no "})
  void readsEverySpellingOfNo(String value) {
    for (String header : new String[] {"X-Fal-Needs-Retry", "x-fal-retryable"}) {
      assertThat(FalErrors.retryAdvice(reply(503, header + "=" + value, ""))).contains(false);
    }
  }

  @Test
  void takesNoAdviceFromWhatMakesNoSenseAndTheNewerHeaderFirst() {
    assertThat(FalErrors.retryAdvice(reply(503, "X-Fal-Needs-Retry=maybe", ""))).isEmpty();
    assertThat(FalErrors.retryAdvice(reply(503, "", ""))).isEmpty();
    assertThat(FalErrors.retryAdvice(reply(503, "X-Fal-Retryable=1,X-Fal-Needs-Retry=0", "")))
        .contains(false);
    assertThat(FalErrors.retryAdvice(reply(503, "X-Fal-Retryable=1,X-Fal-Needs-Retry=?", "")))
        .contains(true);
  }

  @Provide
  Arbitrary<HttpReply> replies() {
    Arbitrary<Integer> statuses =
        Arbitraries.oneOf(
            Arbitraries.integers().between(200, 599),
            Arbitraries.of(200, 400, 408, 429, 500, 502, 503, 504, 520));
    Arbitrary<String> headers =
        Arbitraries.of(
            "x-fal-request-id=r1",
            "x-fal-request-id=??",
            "X-Fal-Needs-Retry=1",
            "X-Fal-Needs-Retry=0",
            "X-Fal-Retryable=true",
            "X-Fal-Retryable=maybe",
            "X-Fal-Error-Type=internal_error",
            "X-Fal-Request-Timeout-Type=user",
            "X-Fal-Request-Timeout-Type=platform",
            "Retry-After=0");
    Arbitrary<String> bodies =
        Arbitraries.of(
            "", "{}", "[]", NGINX, "{\"detail\":\"Request is still in progress\"}", "{\"a\":");
    return Combinators.combine(statuses, headers.list().ofMaxSize(4), bodies)
        .as((status, some, body) -> reply(status, String.join(",", some), body));
  }

  /** The rule by which money is safe, told in other words than the table's. */
  private static boolean certainlyNotAccepted(HttpReply reply) {
    String retry =
        reply
            .headers()
            .first("X-Fal-Needs-Retry")
            .filter(value -> value.matches("[01]"))
            .or(() -> reply.headers().first("X-Fal-Retryable"))
            .orElse("");
    boolean falSaysSo = retry.equals("1") || retry.equals("true");
    boolean hasId = reply.headers().first("x-fal-request-id").filter("r1"::equals).isPresent();
    boolean json = reply.text().startsWith("{") && reply.text().endsWith("}");
    return switch (reply.status()) {
      case 429 -> !retry.equals("0");
      case 502, 503 -> falSaysSo || !(hasId || json);
      case 504 -> hasId && falSaysSo;
      default -> reply.status() >= 500 && falSaysSo;
    };
  }

  @Property(tries = 5_000)
  void neverSendsAgainWhatMayHaveBeenAccepted(
      @ForAll("replies") HttpReply reply, @ForAll FalVerb verb) {
    Decision decision = FalRetryPolicy.after(verb, reply);

    if (verb.starts() && decision.again()) {
      assertThat(certainlyNotAccepted(reply)).as("%s after %s", decision, reply).isTrue();
    }
    if (reply.ok()) {
      assertThat(decision).isEqualTo(Decision.DONE);
    }
    if (reply.headers().first("X-Fal-Request-Timeout-Type").filter("user"::equals).isPresent()) {
      assertThat(decision.again()).isFalse();
    }
  }

  @Property(tries = 500)
  void neverSendsAgainWhatMayHaveBeenDelivered(
      @ForAll FalVerb verb,
      @ForAll FalCondition condition,
      @ForAll Optional<Boolean> advice,
      @ForAll boolean backup) {
    boolean delivered =
        condition == FalCondition.LOST
            || condition == FalCondition.NONSENSE
            || condition == FalCondition.CANCELLED_AFTER
            || condition == FalCondition.GIVEN_UP
            || condition == FalCondition.BEFORE_FAL;
    Decision decision = FalRetryPolicy.decide(verb, condition, advice, backup);

    if (verb.starts() && delivered) {
      assertThat(decision).isEqualTo(Decision.AMBIGUOUS);
    }
    if (!verb.starts()) {
      assertThat(decision).isNotEqualTo(Decision.AMBIGUOUS);
    }
  }
}
