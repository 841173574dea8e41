package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.http.HttpHeaders;
import dev.fluxbridge.providers.http.HttpReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private static final String ERROR_TYPE = "X-Fal-Error-Type";
  private static final String NEEDS_RETRY = "X-Fal-Needs-Retry";
  private static final String RETRYABLE = "X-Fal-Retryable";
  private static final int RAW_LIMIT = 16 * 1024;
  private static final int TEXT_LIMIT = 300;
  private static final int DETAILS_IN_MESSAGE = 3;
  private static final int DETAILS_KEPT = 100;

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
   * @param verb what was asked: only some answers tell what a request costs
   * @param what the same in words, for example {@code the submit to fal-ai/flux/dev}
   * @param requestId fal's id, if there is one; else the answer's own header is used
   */
  static FalException read(HttpReply reply, FalVerb verb, String what, @Nullable String requestId) {
    Optional<ObjectNode> body = Json.read(reply.text());
    List<FalDetail> details = body.map(b -> details(b, reply.status())).orElse(List.of());
    String errorType = errorType(reply, body, details);
    boolean userTimeout = userTimeout(reply);
    FalHeaders headers = new FalHeaders(reply.headers());
    String said = said(body, details, reply);
    return new FalException(
        reason(reply.status(), errorType, details, userTimeout),
        "fal answered " + reply.status() + " to " + what + ": " + said + hint(reply.status()),
        new FalException.Answer(
            reply.status(),
            errorType,
            details,
            headers,
            raw(reply),
            cost(reply, verb),
            !userTimeout && retryable(reply, errorType, details),
            userTimeout),
        requestId != null ? requestId : requestId(reply),
        null);
  }

  /** How long fal asks to be left alone. */
  static Optional<Duration> askedToWait(HttpReply reply) {
    return reply
        .retryAfter()
        .or(
            () ->
                reply
                    .headers()
                    .first("x-ratelimit-reset")
                    // longer ones are moments, and clocks differ
                    .filter(value -> value.matches("[0-9]{1,4}"))
                    .map(value -> Duration.ofSeconds(Long.parseLong(value))));
  }

  /** Whether the limit for the start that the caller set ran out. */
  static boolean userTimeout(HttpReply reply) {
    return reply
        .headers()
        .first("X-Fal-Request-Timeout-Type")
        .map(String::strip)
        .filter("user"::equalsIgnoreCase)
        .isPresent();
  }

  /**
   * What a request costs all the same. fal charges nothing for its own 5xx; apart from that, saying
   * nothing is not saying 0.
   */
  static Cost cost(HttpReply reply, FalVerb verb) {
    FalHeaders headers = new FalHeaders(reply.headers());
    if (headers.billableUnits().isPresent()) {
      return new Cost.Units(headers.billableUnits().get());
    }
    boolean itsOwn = verb.starts() || verb == FalVerb.RESULT;
    boolean failed = reply.status() >= 500 && headers.requestId().isPresent();
    return itsOwn && failed ? new Cost.NotBilled() : new Cost.Unknown();
  }

  /** Whether an answer comes from fal itself and not from something before it. */
  static boolean byFal(HttpReply reply) {
    HttpHeaders headers = reply.headers();
    return requestId(reply) != null
        || headers.first(ERROR_TYPE).isPresent()
        || headers.first(NEEDS_RETRY).isPresent()
        || headers.first(RETRYABLE).isPresent()
        || Json.read(reply.text()).isPresent();
  }

  /** The beginning of the body. */
  static String raw(HttpReply reply) {
    return new String(reply.body(), 0, Math.min(reply.body().length, RAW_LIMIT), UTF_8);
  }

  /**
   * The id that fal gave an answer, in a header or as the platform API does in the body; null if
   * none, as from a gateway before fal.
   */
  static @Nullable String requestId(HttpReply reply) {
    return new FalHeaders(reply.headers())
        .requestId()
        .or(() -> reply.ok() ? Optional.empty() : inBody(reply))
        .orElse(null);
  }

  private static Optional<String> inBody(HttpReply reply) {
    return Json.read(reply.text())
        .flatMap(body -> Json.text(body.path("error"), "request_id"))
        .filter(FalHeaders::isId);
  }

  /** What fal advises on trying again; empty if nothing, or nothing that makes sense. */
  static Optional<Boolean> retryAdvice(HttpReply reply) {
    return advice(reply, NEEDS_RETRY).or(() -> advice(reply, RETRYABLE));
  }

  private static Optional<Boolean> advice(HttpReply reply, String header) {
    String value = reply.headers().first(header).orElse("").strip().toLowerCase(Locale.ROOT);
    return switch (value) {
      case "1", "true", "yes" -> Optional.of(true);
      case "0", "false", "no" -> Optional.of(false);
      default -> Optional.empty();
    };
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
    int status = reply.status();
    if (status == 422) {
      // an input that is wrong stays wrong, whatever a header says
      return false;
    }
    boolean known =
        TRANSIENT.contains(errorType)
            || details.stream().anyMatch(detail -> TRANSIENT.contains(detail.type()));
    boolean byStatus =
        status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
    return retryAdvice(reply).orElse(known || byStatus);
  }

  private static String errorType(
      HttpReply reply, Optional<ObjectNode> body, List<FalDetail> details) {
    Optional<String> inBody = body.flatMap(b -> Json.text(b, "error_type"));
    Optional<String> inDetail =
        body.map(b -> b.path("detail"))
            .filter(JsonNode::isObject)
            .flatMap(detail -> Json.text(detail, "error_type"));
    Optional<String> inError =
        body.map(b -> b.path("error")).flatMap(error -> Json.text(error, "type"));
    Optional<String> bare = body.flatMap(b -> Json.text(b, "type"));
    Optional<String> only =
        details.size() == 1
            ? Optional.of(details.get(0).type()).filter(TRANSIENT::contains)
            : Optional.empty();
    return cut(
        inBody
            .or(() -> inDetail)
            .or(() -> inError)
            .or(() -> reply.headers().first(ERROR_TYPE))
            .or(() -> bare)
            .or(() -> only)
            .orElse(""));
  }

  private static List<FalDetail> details(ObjectNode body, int status) {
    JsonNode said = body.path("detail");
    if (said.isTextual()) {
      // an app that speaks of the input in general: as fal's own clients read it
      return status == 422 && !said.textValue().isBlank()
          ? List.of(new FalDetail(List.of("body"), said.textValue(), "", Map.of()))
          : List.of();
    }
    List<FalDetail> details = new ArrayList<>();
    for (JsonNode item : said.isObject() ? List.of(said) : said) {
      if (details.size() < DETAILS_KEPT) {
        detail(item).ifPresent(details::add);
      }
    }
    return details;
  }

  private static Optional<FalDetail> detail(JsonNode item) {
    if (item.isTextual()) {
      return Optional.of(new FalDetail(List.of(), item.textValue(), "", Map.of()));
    }
    List<String> location = new ArrayList<>();
    JsonNode at = item.path("loc");
    (at.isTextual() ? List.of(at) : at).forEach(part -> location.add(part.asText()));
    String message = Json.text(item, "msg").or(() -> Json.text(item, "message")).orElse("");
    String type = Json.text(item, "type").orElse("");
    return item.isObject() && !(location.isEmpty() && message.isEmpty() && type.isEmpty())
        ? Optional.of(new FalDetail(location, message, type, context(item.path("ctx"))))
        : Optional.empty();
  }

  private static Map<String, String> context(JsonNode values) {
    Map<String, String> context = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      JsonNode node = value.getValue();
      context.put(value.getKey(), node.isValueNode() ? node.asText() : Json.write(node));
    }
    return context;
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
      return unreadable(reply);
    }
    return Json.text(body.get(), "detail")
        .or(() -> Json.text(body.get(), "message"))
        .or(() -> Json.text(body.get().path("error"), "message"))
        .or(() -> Json.text(body.get(), "error"))
        .or(() -> Json.text(body.get().path("detail"), "error"))
        .or(() -> Json.text(body.get(), "status"))
        .map(FalErrors::cut)
        .orElse("no reason given");
  }

  /** What a body is that fal does not write itself. */
  private static String unreadable(HttpReply reply) {
    if (reply.body().length == 0) {
      return "an empty body";
    }
    String start = raw(reply).stripLeading().toLowerCase(Locale.ROOT);
    return start.startsWith("<!doctype html") || start.startsWith("<html")
        ? "an HTML page, as of a gateway before fal"
        : "a body that is not a JSON object";
  }

  private static String line(FalDetail detail) {
    String where = detail.path();
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
