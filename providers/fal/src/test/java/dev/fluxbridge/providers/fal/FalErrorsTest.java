package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.HttpHeaders;
import dev.fluxbridge.providers.http.HttpReply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FalErrorsTest {

  private static FalException read(int status, HttpHeaders headers, String body) {
    HttpReply reply = new HttpReply(status, headers, body.getBytes(UTF_8), false);
    return FalErrors.read(reply, FalVerb.STATUS, "the test", "r1");
  }

  private static FalException read(int status, String body) {
    return read(status, HttpHeaders.NONE, body);
  }

  @Test
  void keepsTypedDetailsAndNothingOfTheInput() {
    FalException failure =
        read(
            422,
            """
            {"detail":[
              {"loc":["body","loras",0,"scale"],"msg":"Input should be less than or equal to 4",
               "type":"less_than_equal","url":"https://docs.fal.ai/errors/#less_than_equal",
               "ctx":{"le":4},"input":"canary"},
              {"loc":["body","prompt"],"msg":"Field required","type":"missing"}]}""");

    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    assertThat(failure.status()).hasValue(422);
    assertThat(failure.details())
        .containsExactly(
            new FalDetail(
                List.of("body", "loras", "0", "scale"),
                "Input should be less than or equal to 4",
                "less_than_equal",
                Map.of("le", "4")),
            new FalDetail(List.of("body", "prompt"), "Field required", "missing", Map.of()));
    assertThat(failure)
        .hasMessageContaining(
            "body.loras[0].scale: Input should be less than or equal to 4 (less_than_equal)")
        .hasMessageContaining("body.prompt: Field required (missing)")
        .hasMessageContaining("[request r1]")
        .message()
        .doesNotContain("canary");
    assertThat(failure.rawBody()).contains("canary");
    assertThat(failure.retryable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "422 | {\"detail\":\"text of an app\"} | INVALID | text of an app",
        "422 | {\"detail\":[{\"type\":\"content_policy_violation\",\"msg\":\"no\"}]} | REFUSED | no",
        "400 | {\"detail\":[{\"type\":\"downstream_service_error\",\"msg\":\"d\"}]}"
            + " | UNAVAILABLE | downstream_service_error",
        "400 | {\"detail\":\"bad\",\"error_type\":\"bad_request\"} | INVALID | bad",
        "401 | {\"detail\":\"Invalid key\"} | REFUSED | look at FAL_KEY",
        "402 | {} | REFUSED | balance",
        "403 | {\"detail\":\"locked\"} | REFUSED | FAL_KEY",
        "404 | {\"status\":\"NOT_FOUND\"} | UNSUPPORTED | NOT_FOUND",
        "404 | {\"error\":{\"type\":\"not_found\",\"message\":\"no model\"}} | UNSUPPORTED | no model",
        "413 | too large | INVALID | not a JSON object",
        "429 | {\"detail\":\"slow down\"} | UNAVAILABLE | slow down",
        "499 | {\"detail\":\"gone\",\"error_type\":\"client_cancelled\"} | CANCELLED | gone",
        "500 | {\"detail\":[{\"type\":\"internal_server_error\",\"msg\":\"oops\"}]}"
            + " | UNAVAILABLE | oops",
        "502 | <html>nginx</html> | UNAVAILABLE | an HTML page",
        "503 | [] | UNAVAILABLE | not a JSON object",
        "504 | {\"detail\":\"late\",\"error_type\":\"request_timeout\"} | UNAVAILABLE | late",
        "302 | {} | BAD_REPLY | no reason given",
        "418 | {\"message\":\"teapot\"} | BAD_REPLY | teapot"
      })
  void givesEachShapeAReasonAndItsText(int status, String body, Reason reason, String text) {
    FalException failure = read(status, body);

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure).hasMessageContaining(text).hasMessageContaining("" + status);
    assertThat(failure.requestId()).contains("r1");
  }

  @Test
  void saysThatABodyIsEmpty() {
    assertThat(read(503, "")).hasMessageContaining("an empty body");
    assertThat(read(503, "").rawBody()).isEmpty();
  }

  @Test
  void knowsTheCallersOwnTimeoutWhichIsNeverTriedAgain() {
    FalException failure =
        read(
            504,
            HttpHeaders.NONE
                .with("X-Fal-Request-Timeout-Type", "user")
                .with("X-Fal-Needs-Retry", "1"),
            "{\"detail\":\"late\",\"error_type\":\"request_timeout\"}");

    assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failure.userTimeout()).isTrue();
    assertThat(failure.retryable()).isFalse();
    assertThat(failure.errorType()).isEqualTo("request_timeout");
  }

  @ParameterizedTest
  @CsvSource({
    "X-Fal-Needs-Retry, 1, true",
    "X-Fal-Needs-Retry, false, false",
    "x-fal-retryable, true, true",
    "x-fal-retryable, 0, false"
  })
  void followsFalsAdviceOnTryingAgain(String header, String value, boolean retryable) {
    assertThat(read(500, HttpHeaders.NONE.with(header, value), "{}").retryable())
        .isEqualTo(retryable);
  }

  @Test
  void takesTheTypeFromTheHeaderWhereTheBodyHasNone() {
    HttpHeaders headers = HttpHeaders.NONE.with("X-Fal-Error-Type", "runner_disconnected");

    assertThat(read(500, headers, "<html>").errorType()).isEqualTo("runner_disconnected");
    assertThat(read(500, headers, "<html>").retryable()).isTrue();
    assertThat(read(500, headers, "{\"error_type\":\"internal_error\"}").errorType())
        .isEqualTo("internal_error");
  }

  @Test
  void keepsALongAnswerShort() {
    FalException failure = read(500, "{\"detail\":\"" + "y".repeat(100_000) + "\"}");

    assertThat(failure.rawBody()).hasSize(16 * 1024);
    assertThat(failure.getMessage()).hasSizeLessThan(600);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"detail\":[1,null,[],{\"loc\":\"body\",\"msg\":5,\"type\":{}}]}",
        "{\"detail\":{\"a\":[]}}",
        "{\"detail\":null,\"error_type\":7}",
        "{\"detail\":[\"a text\"]}"
      })
  void survivesShapesThatNobodyDescribes(String body) {
    assertThat(read(422, body).reason()).isEqualTo(Reason.INVALID);
  }

  @Test
  void putsNoLineBreakFromOutsideIntoAMessage() {
    assertThat(read(400, "{\"detail\":\"a\\r\\nFAKE LOG LINE\"}").getMessage())
        .doesNotContain("\n")
        .contains("a FAKE LOG LINE");
  }
}
