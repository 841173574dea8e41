package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.HttpReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads fal's refusals, in all the shapes that they come in. Pure.
 *
 * <p>Source: fal's documentation of model errors, request errors and retries.
 */
final class FalErrors {
  static final String REQUEST_ID = "x-fal-request-id";

  private static final int RAW_LIMIT = 16 * 1024;
  private static final int TEXT_LIMIT = 300;
  private static final int DETAILS_IN_MESSAGE = 3;

  private static final Set<String> TRANSIENT =
      Set.of(
          "request_timeout",
          "startup_timeout",
          "runner_scheduling_failure",
          "runner_connection_timeout",
          "runner_disconnected",
          "runner_connection_refused",
          "runner_connection_error",
          "runner_incomplete_response",
          "concurrent_requests_limit",
          "generation_timeout",
          "downstream_service_error",
          "downstream_service_unavailable");

  private FalErrors() {}

  /**
   * The exception for an answer that is not a success.
   *
   * @param reply the answer
   * @param what what was asked, for example {@code the submit to fal-ai/flux/dev}
   * @param requestId fal's id, if there is one; else the answer's own header is used
   */
  static FalException read(HttpReply reply, String what, @Nullable String requestId) {
    Optional<ObjectNode> body = Json.read(reply.text());
    List<FalDetail> details = body.map(FalErrors::details).orElse(List.of());
    String errorType = errorType(reply, body);
    boolean userTimeout =
        reply
            .headers()
            .first("X-Fal-Request-Timeout-Type")
            .filter("user"::equalsIgnoreCase)
            .isPresent();
    boolean retryable = !userTimeout && retryable(reply, errorType, details);
    Reason reason = reason(reply.status(), errorType, details, userTimeout);
    String said = said(body, details, reply);
    return new FalException(
        reason,
        "fal answered " + reply.status() + " to " + what + ": " + said + hint(reply.status()),
        new FalException.Answer(
            reply.status(), errorType, details, raw(reply), retryable, userTimeout),
        requestId != null ? requestId : requestId(reply),
        null);
  }

  /** The beginning of the body. */
  static String raw(HttpReply reply) {
    return new String(reply.body(), 0, Math.min(reply.body().length, RAW_LIMIT), UTF_8);
  }

  /** The id that fal gave an answer; null if none, as from a gateway before fal. */
  static @Nullable String requestId(HttpReply reply) {
    return reply
        .headers()
        .first(REQUEST_ID)
        .filter(id -> id.matches("[A-Za-z0-9_-]{1,200}"))
        .orElse(null);
  }

  /** What fal advises on trying again; empty if nothing. */
  static Optional<Boolean> retryAdvice(HttpReply reply) {
    return reply
        .headers()
        .first("X-Fal-Needs-Retry")
        .or(() -> reply.headers().first("X-Fal-Retryable"))
        .map(value -> value.strip().toLowerCase(Locale.ROOT))
        .map(value -> value.equals("1") || value.equals("true"));
  }

  private static Reason reason(
      int status, String errorType, List<FalDetail> details, boolean userTimeout) {
    if (userTimeout) {
      return Reason.TIMEOUT;
    }
    boolean policy =
        errorType.equals("content_policy_violation")
            || details.stream().anyMatch(d -> d.type().equals("content_policy_violation"));
    boolean downstream =
        details.stream().anyMatch(detail -> detail.type().startsWith("downstream_service"));
    return switch (status) {
      case 401, 402, 403 -> Reason.REFUSED;
      case 422 -> policy ? Reason.REFUSED : Reason.INVALID;
      case 400 -> downstream ? Reason.UNAVAILABLE : Reason.INVALID;
      case 413 -> Reason.INVALID;
      case 404 -> Reason.UNSUPPORTED;
      case 408, 429 -> Reason.UNAVAILABLE;
      case 499 -> Reason.CANCELLED;
      default -> status >= 500 ? Reason.UNAVAILABLE : Reason.BAD_REPLY;
    };
  }

  private static boolean retryable(HttpReply reply, String errorType, List<FalDetail> details) {
    boolean known =
        TRANSIENT.contains(errorType)
            || details.stream().anyMatch(detail -> TRANSIENT.contains(detail.type()));
    int status = reply.status();
    boolean byStatus = status == 429 || status == 502 || status == 503 || status == 504;
    return retryAdvice(reply).orElse(status != 422 && (known || byStatus));
  }

  private static String errorType(HttpReply reply, Optional<ObjectNode> body) {
    Optional<String> inBody = body.flatMap(b -> Json.text(b, "error_type"));
    Optional<String> inError =
        body.map(b -> b.path("error")).flatMap(error -> Json.text(error, "type"));
    Optional<String> bare = body.flatMap(b -> Json.text(b, "type"));
    return cut(
        inBody
            .or(() -> inError)
            .or(() -> reply.headers().first("X-Fal-Error-Type"))
            .or(() -> bare)
            .orElse(""));
  }

  private static List<FalDetail> details(ObjectNode body) {
    List<FalDetail> details = new ArrayList<>();
    for (JsonNode item : body.path("detail")) {
      if (item.isObject()) {
        List<String> location = new ArrayList<>();
        item.path("loc").forEach(part -> location.add(part.asText()));
        details.add(
            new FalDetail(
                location, Json.text(item, "msg").orElse(""), Json.text(item, "type").orElse("")));
      } else if (item.isTextual()) {
        details.add(new FalDetail(List.of(), item.textValue(), ""));
      }
    }
    return details;
  }

  private static String said(Optional<ObjectNode> body, List<FalDetail> details, HttpReply reply) {
    if (!details.isEmpty()) {
      String text =
          details.stream()
              .limit(DETAILS_IN_MESSAGE)
              .map(FalErrors::line)
              .collect(Collectors.joining("; "));
      int more = details.size() - DETAILS_IN_MESSAGE;
      return more > 0 ? text + "; and " + more + " more" : text;
    }
    if (body.isEmpty()) {
      return reply.body().length == 0 ? "an empty body" : "a body that is not a JSON object";
    }
    return Json.text(body.get(), "detail")
        .or(() -> Json.text(body.get(), "message"))
        .or(() -> Json.text(body.get().path("error"), "message"))
        .or(() -> Json.text(body.get(), "error"))
        .or(() -> Json.text(body.get(), "status"))
        .map(FalErrors::cut)
        .orElse("no reason given");
  }

  private static String line(FalDetail detail) {
    String where = String.join(".", detail.location());
    return cut(
        (where.isEmpty() ? "" : where + ": ")
            + detail.message()
            + (detail.type().isEmpty() ? "" : " (" + detail.type() + ")"));
  }

  /** One line of a text from outside, at a length that a message can carry. */
  static String cut(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= TEXT_LIMIT ? line : line.substring(0, TEXT_LIMIT) + "...";
  }

  private static String hint(int status) {
    return switch (status) {
      case 401 -> "; look at FAL_KEY (or FAL_KEY_ID and FAL_KEY_SECRET)";
      case 402 -> "; look at the balance of the fal account";
      case 403 -> "; look at FAL_KEY: what it may do, and the balance of its account";
      case 404 -> "; fal does not know that";
      default -> "";
    };
  }
}
