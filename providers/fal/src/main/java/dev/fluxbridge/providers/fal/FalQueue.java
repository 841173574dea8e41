package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Transport;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of fal's queue, each as one exchange with the retries that are safe for it.
 *
 * <p>Source: the queue protocol as fal documents it and as its own clients speak it.
 */
final class FalQueue {
  private static final int MAX_ANSWER = 64 * 1024 * 1024;
  private static final Duration CANCEL_LIMIT = Duration.ofSeconds(3);

  private final FalConfig config;
  private final Transport transport;
  private final Effects effects;
  private final Retry patient;

  FalQueue(FalConfig config, Transport transport, Effects effects) {
    this.config = config;
    this.transport = transport;
    this.effects = effects;
    // what is paid for is asked for until the deadline, not until some count, but never in a rush
    Retry pace = config.retry().base().isZero() ? Retry.DEFAULT : config.retry();
    this.patient = new Retry(Integer.MAX_VALUE, pace.base(), pace.cap(), pace.jitter());
  }

  /** Submits once, and again only where nothing can have been accepted. */
  FalHandle submit(EndpointId endpoint, String json, Deadline deadline) {
    String what = "the submit to " + endpoint;
    URI uri = FalHosts.at(config.hosts().queue(), "/" + endpoint);
    byte[] body = json.getBytes(UTF_8);
    return patiently(
        config.retry(),
        deadline,
        what + ", before fal had accepted it",
        null,
        () -> {
          HttpReply reply;
          try {
            reply = send(HttpRequest.postJson(uri, body), what, deadline, null);
          } catch (HttpException failure) {
            return notSubmitted(failure, what);
          }
          if (reply.ok()) {
            return new Retry.Outcome.Done<>(accepted(endpoint, reply, what));
          }
          FalException failure = hide(FalErrors.read(reply, what, null));
          if (certainlyRefused(reply)) {
            return new Retry.Outcome.Again<>(failure, reply.retryAfter());
          }
          if (reply.status() == 504 && !failure.userTimeout() && beforeFal(reply)) {
            throw ambiguous(what, "a gateway gave up waiting for fal", null, null);
          }
          throw failure;
        });
  }

  private Retry.Outcome<FalHandle, FalException> notSubmitted(HttpException failure, String what) {
    if (failure.maybeDelivered()) {
      String id = failure.head().map(FalErrors::requestId).orElse(null);
      throw ambiguous(what, failure.getMessage(), id, failure);
    }
    FalException known = broken(failure, what + " (nothing was accepted)", null);
    if (failure.kind() == HttpException.Kind.NO_CONNECTION) {
      return new Retry.Outcome.Again<>(known, Optional.empty());
    }
    throw known;
  }

  private FalException ambiguous(
      String what, @Nullable String why, @Nullable String requestId, @Nullable Throwable cause) {
    return new FalException(
        Reason.AMBIGUOUS,
        what
            + " may have been accepted and billed, but no request id came back: "
            + why
            + "; look at the requests on fal's dashboard before sending it again",
        FalException.Answer.NONE,
        requestId,
        cause);
  }

  private static boolean beforeFal(HttpReply reply) {
    return reply.headers().first(FalErrors.REQUEST_ID).isEmpty();
  }

  /** Whether the answer itself says that nothing was taken in and that trying again is welcome. */
  private static boolean certainlyRefused(HttpReply reply) {
    int status = reply.status();
    boolean gateway = (status == 502 || status == 503) && beforeFal(reply);
    return (status == 429 || gateway) && FalErrors.retryAdvice(reply).orElse(true);
  }

  private FalHandle accepted(EndpointId endpoint, HttpReply reply, String what) {
    Optional<ObjectNode> body = reply.truncated() ? Optional.empty() : Json.read(reply.text());
    try {
      String id = body.flatMap(b -> Json.text(b, "request_id")).orElse("");
      ObjectNode fields = body.orElseGet(Json::object);
      return new FalHandle(
          endpoint,
          id,
          uri(fields, "status_url"),
          uri(fields, "response_url"),
          uri(fields, "cancel_url"));
    } catch (IllegalArgumentException noId) {
      throw ambiguous(
          what,
          "fal answered " + reply.status() + " with something else than a queued request",
          FalErrors.requestId(reply),
          null);
    }
  }

  private static Optional<URI> uri(ObjectNode body, String field) {
    try {
      return Json.text(body, field).map(URI::create);
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  /** Where the request stands. */
  FalStatus status(FalHandle handle, Deadline deadline) {
    String what = "the look at a request's status";
    HttpReply reply =
        fetch(HttpRequest.get(handle.statusAt(config.hosts())), what, handle, deadline, true);
    ObjectNode body = Json.read(reply.text()).orElseThrow(() -> unreadable(reply, what, handle));
    JsonNode position = body.path("queue_position");
    JsonNode seconds = body.path("metrics").path("inference_time");
    return new FalStatus(
        state(body.path("status").asText()),
        position.canConvertToInt() && position.isNumber()
            ? OptionalInt.of(position.intValue())
            : OptionalInt.empty(),
        seconds.isNumber()
            ? Optional.of(Duration.ofNanos((long) (seconds.doubleValue() * 1e9)))
            : Optional.empty(),
        Json.text(body, "error"),
        Json.text(body, "error_type"));
  }

  private static FalStatus.State state(String text) {
    return switch (text) {
      case "IN_QUEUE" -> FalStatus.State.IN_QUEUE;
      case "IN_PROGRESS" -> FalStatus.State.IN_PROGRESS;
      case "COMPLETED" -> FalStatus.State.COMPLETED;
      default -> FalStatus.State.UNKNOWN;
    };
  }

  /**
   * The result of a completed request.
   *
   * @param failed what the status said about a failure: an answer of 5xx is then final
   */
  FalResult result(FalHandle handle, Optional<FalStatus> failed, Deadline deadline) {
    String what = "the fetch of a result";
    boolean mayHeal = failed.flatMap(FalStatus::error).isEmpty();
    HttpReply reply;
    try {
      reply =
          fetch(HttpRequest.get(handle.resultAt(config.hosts())), what, handle, deadline, mayHeal);
    } catch (FalException failure) {
      throw failed
          .filter(status -> status.error().isPresent() || status.errorType().isPresent())
          .map(
              status ->
                  failure.adding(
                      "its status says "
                          + status.errorType().orElse("error")
                          + status.error().map(e -> ": " + FalErrors.cut(e)).orElse("")))
          .map(this::hide)
          .orElse(failure);
    }
    if (reply.truncated() || Json.read(reply.text()).isEmpty()) {
      throw unreadable(reply, what, handle);
    }
    Optional<BigDecimal> units =
        reply
            .headers()
            .first("X-Fal-Billable-Units")
            .map(String::strip)
            .filter(text -> text.matches("\\d{1,15}(\\.\\d{1,15})?"))
            .map(BigDecimal::new);
    return new FalResult(handle, reply.text(), units);
  }

  private static FalException unreadable(HttpReply reply, String what, FalHandle handle) {
    String kind =
        reply.truncated()
            ? "more than " + MAX_ANSWER + " bytes"
            : reply.body().length == 0 ? "an empty body" : "a body that is not a JSON object";
    return new FalException(
        Reason.BAD_REPLY,
        "fal answered " + reply.status() + " to " + what + " with " + kind,
        new FalException.Answer(reply.status(), "", List.of(), FalErrors.raw(reply), false, false),
        handle.requestId(),
        null);
  }

  /** Asks fal to stop. */
  FalCancel cancel(FalHandle handle, Deadline deadline) {
    return cancel(handle, deadline, config.retry());
  }

  private FalCancel cancel(FalHandle handle, Deadline deadline, Retry retry) {
    String what = "the cancelling of a request";
    return patiently(
        retry,
        deadline,
        what,
        handle,
        () -> {
          HttpReply reply;
          try {
            reply = send(HttpRequest.put(handle.cancelAt(config.hosts())), what, deadline, handle);
          } catch (HttpException failure) {
            return again(failure, what, handle, deadline);
          }
          String said = Json.read(reply.text()).flatMap(b -> Json.text(b, "status")).orElse("");
          if (reply.ok()) {
            return new Retry.Outcome.Done<>(FalCancel.REQUESTED);
          }
          if (reply.status() == 400 && said.equals("ALREADY_COMPLETED")) {
            return new Retry.Outcome.Done<>(FalCancel.ALREADY_COMPLETED);
          }
          if (reply.status() == 404) {
            return new Retry.Outcome.Done<>(FalCancel.NOT_FOUND);
          }
          FalException failure = hide(FalErrors.read(reply, what, handle.requestId()));
          if (transientStatus(reply, false)) {
            return new Retry.Outcome.Again<>(failure, reply.retryAfter());
          }
          throw failure;
        });
  }

  /**
   * Asks once and for 3 seconds at most, even on an interrupted thread; leaves the interrupt as it
   * was.
   */
  FalCancel cancelBriefly(FalHandle handle) {
    boolean interrupted = Thread.interrupted();
    try {
      return cancel(handle, Deadline.in(CANCEL_LIMIT, effects), Retry.NONE);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private HttpReply fetch(
      HttpRequest request, String what, FalHandle handle, Deadline deadline, boolean mayHeal) {
    return patiently(
        patient,
        deadline,
        what,
        handle,
        () -> {
          HttpReply reply;
          try {
            reply = send(request, what, deadline, handle);
          } catch (HttpException failure) {
            return again(failure, what, handle, deadline);
          }
          if (reply.ok()) {
            return new Retry.Outcome.Done<>(reply);
          }
          FalException failure = hide(FalErrors.read(reply, what, handle.requestId()));
          boolean tooEarly =
              reply.status() == 400 && failure.rawBody().contains("still in progress");
          if (!failure.userTimeout() && (tooEarly || transientStatus(reply, !mayHeal))) {
            return new Retry.Outcome.Again<>(failure, reply.retryAfter());
          }
          throw failure;
        });
  }

  /** Whether an answer is about the moment and not about the request. */
  private static boolean transientStatus(HttpReply reply, boolean serverErrorsAreFinal) {
    int status = reply.status();
    if (status == 408 || status == 429) {
      return FalErrors.retryAdvice(reply).orElse(true);
    }
    boolean moment = status == 502 || status == 503 || status == 504;
    boolean gateway = beforeFal(reply) && status >= 500;
    return (moment && !serverErrorsAreFinal && FalErrors.retryAdvice(reply).orElse(true))
        || gateway;
  }

  private <T> Retry.Outcome<T, FalException> again(
      HttpException failure, String what, FalHandle handle, Deadline deadline) {
    FalException known = broken(failure, what, handle);
    if (failure.kind() == HttpException.Kind.CANCELLED || deadline.passed()) {
      throw known;
    }
    return new Retry.Outcome.Again<>(known, Optional.empty());
  }

  private static FalException broken(
      HttpException failure, String what, @Nullable FalHandle handle) {
    Reason reason =
        switch (failure.kind()) {
          case NO_CONNECTION, BROKEN -> Reason.UNAVAILABLE;
          case TIMED_OUT -> Reason.TIMEOUT;
          case CANCELLED -> Reason.CANCELLED;
          case REJECTED -> Reason.BAD_REPLY;
        };
    return new FalException(
        reason,
        what + " failed: " + failure.getMessage(),
        FalException.Answer.NONE,
        handle == null ? null : handle.requestId(),
        failure);
  }

  private HttpReply send(
      HttpRequest request, String what, Deadline deadline, @Nullable FalHandle handle)
      throws HttpException {
    if (deadline.passed()) {
      throw outOfTime(what, handle);
    }
    return transport.send(
        request
            .with("Authorization", "Key " + config.credentials().key())
            .with("Accept", "application/json")
            .with("User-Agent", "fluxbridge")
            .within(deadline.left()),
        MAX_ANSWER);
  }

  FalException outOfTime(String what, @Nullable FalHandle handle) {
    return new FalException(
        Reason.TIMEOUT,
        what + " took longer than the " + config.deadline() + " that the whole call may take",
        FalException.Answer.NONE,
        handle == null ? null : handle.requestId(),
        null);
  }

  private <T> T patiently(
      Retry retry,
      Deadline deadline,
      String what,
      @Nullable FalHandle handle,
      Retry.Attempt<T, FalException> attempt) {
    try {
      return retry.run(deadline, effects, attempt);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new FalException(
          Reason.CANCELLED,
          what + " was cancelled by an interrupt",
          FalException.Answer.NONE,
          handle == null ? null : handle.requestId(),
          interrupted);
    }
  }

  /** fal has no reason to repeat a key; a gateway might. */
  private FalException hide(FalException failure) {
    return failure.hiding(List.of(config.credentials().key()));
  }
}
