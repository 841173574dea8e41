package dev.fluxbridge.providers.openai;

import com.openai.errors.OpenAIServiceException;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpHeaders;
import dev.fluxbridge.providers.http.HttpReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads OpenAI's refusals and what goes wrong on the way. Pure.
 *
 * <p>Source: OpenAI's guide to error codes, and to blocked requests in the guide to image
 * generation.
 *
 * @param spent what was drawn and billed for the same call before; empty if nothing
 * @param secret texts that no message repeats
 */
record OpenAiErrors(String spent, List<String> secret) {
  private static final int LONGEST = 300;
  private static final String LOOK =
      "it may have been drawn and billed, and was not sent again; look at the account's usage"
          + " before you do";

  private static final Set<String> BLOCKED =
      Set.of("moderation_blocked", "content_policy_violation", "safety_violations");
  private static final Set<String> UNPAID =
      Set.of("insufficient_quota", "billing_hard_limit_reached", "billing_not_active");

  /**
   * What to throw for an answer that is not a success.
   *
   * @param failure the exception
   * @param again whether the same request was certainly not accepted and may do better later
   * @param after how long OpenAI asks to wait
   */
  record Refusal(BackendException failure, boolean again, Optional<Duration> after) {}

  /** An answer that is not a success. */
  Refusal refused(OpenAIServiceException answer) {
    int status = answer.statusCode();
    String code = answer.code().or(answer::type).orElse("");
    boolean said = !code.isEmpty();
    Reason reason = reason(status, code, said);
    String text =
        "OpenAI answered %d%s%s%s"
            .formatted(
                status, said ? " (" + cut(code) + ")" : "", words(answer, status), hint(status));
    if (reason == Reason.AMBIGUOUS) {
      text += "; " + LOOK;
    }
    HttpHeaders headers = HttpHeaders.NONE;
    for (String name : answer.headers().names()) {
      for (String value : answer.headers().values(name)) {
        headers = headers.with(name, value);
      }
    }
    return new Refusal(
        failure(reason, text, headers.first("x-request-id").orElse(null), null),
        status == 429 && reason == Reason.UNAVAILABLE,
        new HttpReply(status, headers, new byte[0], false).retryAfter());
  }

  private static Reason reason(int status, String code, boolean said) {
    if (UNPAID.contains(code)) {
      return Reason.REFUSED;
    }
    return switch (status) {
      case 400 -> BLOCKED.contains(code) ? Reason.REFUSED : Reason.INVALID;
      case 413, 415, 422 -> Reason.INVALID;
      case 401, 402, 403 -> Reason.REFUSED;
      case 404 -> Reason.UNSUPPORTED;
      case 429 -> Reason.UNAVAILABLE;
      // overloaded, and it is OpenAI itself that says so: nothing was begun
      case 503 -> said ? Reason.UNAVAILABLE : Reason.AMBIGUOUS;
      case 408 -> Reason.AMBIGUOUS;
      default -> status >= 500 ? Reason.AMBIGUOUS : Reason.BAD_REPLY;
    };
  }

  /** OpenAI's own words, except where they repeat a part of the key. */
  private String words(OpenAIServiceException answer, int status) {
    String message = answer.getMessage();
    if (status == 401 || message == null || answer.code().or(answer::type).isEmpty()) {
      return "";
    }
    String clean = message.replaceFirst("^\\d{3}: ", "").replaceAll("\\bsk-\\S+", "[...]");
    for (String text : secret) {
      if (text.length() > 2) {
        clean = clean.replace(text, "[...]");
      }
    }
    return ": " + cut(clean);
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  private static String hint(int status) {
    return switch (status) {
      case 401 -> "; look at OPENAI_API_KEY";
      case 403 ->
          "; look at OPENAI_API_KEY, OPENAI_ORG_ID and OPENAI_PROJECT_ID: what they may do, and"
              + " whether the organization is verified";
      case 404 -> "; look at OPENAI_IMAGE_MODEL and OPENAI_BASE_URL";
      default -> "";
    };
  }

  /** No usable reply came. */
  BackendException broken(HttpException failure) {
    boolean maybe = failure.maybeDelivered();
    Reason reason =
        switch (failure.kind()) {
          case CANCELLED -> Reason.CANCELLED;
          case TIMED_OUT -> maybe ? Reason.AMBIGUOUS : Reason.TIMEOUT;
          case NO_CONNECTION, BROKEN, REJECTED -> maybe ? Reason.AMBIGUOUS : Reason.UNAVAILABLE;
        };
    String id = failure.head().flatMap(head -> head.headers().first("x-request-id")).orElse(null);
    return failure(reason, failure.getMessage() + (maybe ? "; " + LOOK : ""), id, failure);
  }

  /** An answer of a success that makes no sense. */
  BackendException senseless(String what, @Nullable String requestId) {
    return failure(
        Reason.BAD_REPLY, what + "; it is probably billed all the same", requestId, null);
  }

  /** No time is left for a request that was not sent. */
  BackendException late() {
    return failure(
        Reason.TIMEOUT, "the deadline passed before OpenAI was asked for the rest", null, null);
  }

  /** The thread was interrupted while no request was under way. */
  BackendException interrupted(InterruptedException interrupt) {
    return failure(
        Reason.CANCELLED, "the call to OpenAI was cancelled by an interrupt", null, interrupt);
  }

  private BackendException failure(
      Reason reason, String text, @Nullable String requestId, @Nullable Throwable cause) {
    return new BackendException(
        reason, text + (spent.isEmpty() ? "" : "; " + spent), requestId, cause);
  }
}
