package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of fal's queue, each as one exchange with the retries that are safe for it.
 *
 * <p>Source: the queue protocol as fal documents it and as its own clients speak it.
 */
final class FalQueue {
  private final FalConfig config;
  private final FalExchange exchange;
  private final Retry patient;

  FalQueue(FalConfig config, FalExchange exchange) {
    this.config = config;
    this.exchange = exchange;
    // what is paid for is asked for until the deadline, not until some count, but never in a rush
    Retry pace = config.retry().base().isZero() ? Retry.DEFAULT : config.retry();
    this.patient = new Retry(Integer.MAX_VALUE, pace.base(), pace.cap(), pace.jitter());
  }

  /** Submits once, and again only where nothing can have been accepted. */
  FalHandle submit(EndpointId endpoint, String json, Deadline deadline) {
    String what = "the submit to " + endpoint;
    URI uri = FalHosts.at(config.hosts().queue(), "/" + endpoint);
    byte[] body = json.getBytes(UTF_8);
    return exchange.patiently(
        config.retry(),
        deadline,
        what + ", before fal had accepted it",
        null,
        () -> {
          HttpReply reply;
          try {
            reply = exchange.send(HttpRequest.postJson(uri, body), what, deadline, null);
          } catch (HttpException failure) {
            return notSubmitted(failure, what);
          }
          if (reply.ok()) {
            return new Retry.Outcome.Done<>(accepted(endpoint, reply, what));
          }
          FalException failure = exchange.refusal(reply, what, null);
          if (certainlyRefused(reply)) {
            return new Retry.Outcome.Again<>(failure, reply.retryAfter());
          }
          if (reply.status() == 504
              && !failure.userTimeout()
              && FalErrors.requestId(reply) == null) {
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
    FalException known = FalExchange.broken(failure, what + " (nothing was accepted)", null);
    if (failure.kind() == HttpException.Kind.NO_CONNECTION) {
      return new Retry.Outcome.Again<>(known, Optional.empty());
    }
    throw known;
  }

  private static FalException ambiguous(
      String what, @Nullable String why, @Nullable String requestId, @Nullable Throwable cause) {
    return new FalException(
        Reason.AMBIGUOUS,
        what
            + " may have been accepted and billed, "
            + (requestId == null ? "but no request id came back: " : "and an id came back: ")
            + why
            + "; look at the requests on fal's dashboard before sending it again",
        FalException.Answer.NONE,
        requestId,
        cause);
  }

  /** Whether the answer itself says that nothing was taken in and that trying again is welcome. */
  private static boolean certainlyRefused(HttpReply reply) {
    int status = reply.status();
    boolean gateway = (status == 502 || status == 503) && FalExchange.beforeFal(reply);
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
        fetch(
            HttpRequest.get(handle.statusAt(config.hosts())),
            what,
            handle,
            deadline,
            FalQueue::aboutTheMoment);
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
    // A request that failed for good says so in its status, and an answer of 5xx is its own. Old
    // apps leave that out: so fal's own answers are believed after some tries, a gateway's never.
    int[] tries = {failed.flatMap(FalStatus::error).isPresent() ? config.retry().attempts() : 1};
    HttpReply reply;
    try {
      reply =
          fetch(
              HttpRequest.get(handle.resultAt(config.hosts())),
              what,
              handle,
              deadline,
              answer ->
                  gateway(answer)
                      || (transientStatus(answer) && tries[0]++ < config.retry().attempts()));
    } catch (FalException failure) {
      throw failed
          .filter(status -> status.error().isPresent() || status.errorType().isPresent())
          .map(
              status ->
                  failure.adding(
                      "its status says "
                          + status.errorType().orElse("error")
                          + status.error().map(e -> ": " + FalErrors.cut(e)).orElse("")))
          .map(exchange::hide)
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
            ? "more than " + FalExchange.MAX_ANSWER + " bytes"
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
    return exchange.patiently(
        retry,
        deadline,
        what,
        handle,
        () -> {
          HttpReply reply;
          try {
            reply =
                exchange.send(
                    HttpRequest.put(handle.cancelAt(config.hosts())), what, deadline, handle);
          } catch (HttpException failure) {
            return exchange.again(failure, what, handle, deadline);
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
          FalException failure = exchange.refusal(reply, what, handle);
          if (transientStatus(reply)) {
            return new Retry.Outcome.Again<>(failure, reply.retryAfter());
          }
          throw failure;
        });
  }

  /** Asks once, even on an interrupted thread; leaves the interrupt as it was. */
  FalCancel cancelBriefly(FalHandle handle, Deadline deadline) {
    boolean interrupted = Thread.interrupted();
    try {
      return cancel(handle, deadline, Retry.NONE);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private HttpReply fetch(
      HttpRequest request,
      String what,
      FalHandle handle,
      Deadline deadline,
      Predicate<HttpReply> again) {
    return exchange.patiently(
        patient,
        deadline,
        what,
        handle,
        () -> {
          HttpReply reply;
          try {
            reply = exchange.send(request, what, deadline, handle);
          } catch (HttpException failure) {
            return exchange.again(failure, what, handle, deadline);
          }
          if (reply.ok()) {
            return new Retry.Outcome.Done<>(reply);
          }
          FalException failure = exchange.refusal(reply, what, handle);
          boolean tooEarly =
              reply.status() == 400 && failure.rawBody().contains("still in progress");
          if (!failure.userTimeout() && (tooEarly || again.test(reply))) {
            return new Retry.Outcome.Again<>(failure, reply.retryAfter());
          }
          throw failure;
        });
  }

  /** Whether it is not fal that failed but something before it. */
  private static boolean gateway(HttpReply reply) {
    return reply.status() >= 500 && FalExchange.beforeFal(reply);
  }

  /** Whether an answer speaks of the moment and not of the request. */
  private static boolean transientStatus(HttpReply reply) {
    int status = reply.status();
    boolean moment = status == 408 || status == 429 || (status >= 502 && status <= 504);
    return gateway(reply) || (moment && FalErrors.retryAdvice(reply).orElse(true));
  }

  /** The same for a look, which cannot fail for good: its 500 is not the request's. */
  private static boolean aboutTheMoment(HttpReply reply) {
    return reply.status() == 500 || transientStatus(reply);
  }
}
