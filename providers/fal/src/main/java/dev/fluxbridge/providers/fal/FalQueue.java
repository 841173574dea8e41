package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The verbs of fal's queue, each as one exchange with the retries that are safe for it.
 *
 * <p>Source: the queue protocol as fal documents it and as its own clients speak it.
 */
final class FalQueue {
  /** Each keeps a thread. */
  private static final int LISTENERS = 3;

  private final FalConfig config;
  private final FalExchange exchange;
  private final Retry patient;
  private final Semaphore listeners = new Semaphore(LISTENERS);

  FalQueue(FalConfig config, FalExchange exchange) {
    this.config = config;
    this.exchange = exchange;
    // what is paid for is asked for until the deadline, not until some count, but never in a rush
    Retry pace = config.retry().base().isZero() ? Retry.DEFAULT : config.retry();
    this.patient = new Retry(Integer.MAX_VALUE, pace.base(), pace.cap(), pace.jitter());
  }

  /** Submits once, and again only where nothing can have been accepted. */
  CompletableFuture<FalHandle> submit(FalClient.Input input, FalCall call) {
    EndpointId endpoint = input.endpoint();
    HttpRequest request =
        input
            .options()
            .on(
                HttpRequest.postJson(
                    FalHosts.at(config.hosts().queue(), "/" + endpoint),
                    input.json().getBytes(UTF_8)),
                FalVerb.SUBMIT);
    FalAsk ask = new FalAsk(FalVerb.SUBMIT, request, "the submit to " + endpoint, null);
    return exchange.ask(
        ask,
        config.retry(),
        call,
        reply -> reply.ok() ? Optional.of(accepted(endpoint, reply, ask)) : Optional.empty());
  }

  private static FalHandle accepted(EndpointId endpoint, HttpReply reply, FalAsk ask) {
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
      throw FalExchange.ambiguous(
          ask,
          "fal answered " + reply.status() + " with something else than a queued request",
          FalErrors.requestId(reply),
          FalException.Answer.of(reply),
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
  CompletableFuture<FalStatus> status(FalHandle handle, boolean logs, FalCall call) {
    URI uri = handle.statusAt(config.hosts());
    HttpRequest request = HttpRequest.get(logs ? withLogs(uri) : uri);
    FalAsk ask = new FalAsk(FalVerb.STATUS, request, "the look at a request's status", handle);
    return exchange.ask(ask, patient, call, reply -> object(reply, ask).map(FalQueue::status));
  }

  /** The JSON object that every good answer is; empty if it is no good answer. */
  private static Optional<ObjectNode> object(HttpReply reply, FalAsk ask) {
    if (!reply.ok()) {
      return Optional.empty();
    }
    Optional<ObjectNode> body = reply.truncated() ? Optional.empty() : Json.read(reply.text());
    if (body.isEmpty()) {
      throw unreadable(reply, ask);
    }
    return body;
  }

  /**
   * Listens to fal's own telling of where a request stands.
   *
   * @param each is told each status, as a step of the call
   * @return the status that says that it is over; empty if the stream ended, broke or never was, or
   *     if too many are listened to already
   */
  CompletableFuture<Optional<FalStatus>> listen(
      FalHandle handle, boolean logs, FalCall call, Consumer<FalStatus> each) {
    if (call.deadline().passed() || !listeners.tryAcquire()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    URI uri = handle.streamAt(config.hosts());
    FalStatusStream listener = new FalStatusStream(call, each);
    call.closing(exchange.events(HttpRequest.get(logs ? withLogs(uri) : uri), call, listener));
    return listener.over().whenComplete((over, thrown) -> listeners.release());
  }

  private static URI withLogs(URI uri) {
    return URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + "logs=1");
  }

  static FalStatus status(ObjectNode body) {
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
        Json.text(body, "error_type"),
        FalLogs.read(body.path("logs")));
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
  CompletableFuture<FalResult> result(FalHandle handle, Optional<FalStatus> failed, FalCall call) {
    // A request that failed for good says so in its status, and an answer of 5xx is its own. Old
    // apps leave that out: so fal's own answers are believed after some tries, a gateway's never.
    int doubts = failed.flatMap(FalStatus::error).isPresent() ? 0 : config.retry().attempts() - 1;
    HttpRequest request = HttpRequest.get(handle.resultAt(config.hosts()));
    FalAsk ask =
        new FalAsk(FalVerb.RESULT, request, "the fetch of a result", handle).doubting(doubts);
    return exchange
        .ask(
            ask,
            patient,
            call,
            reply ->
                object(reply, ask)
                    .map(
                        body ->
                            new FalResult(handle, reply.text(), new FalHeaders(reply.headers()))))
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(explained(FalCall.cause(failure), failed)));
  }

  private Throwable explained(Throwable failure, Optional<FalStatus> failed) {
    return failed
        .filter(status -> status.error().isPresent() || status.errorType().isPresent())
        .filter(status -> failure instanceof FalException)
        .<Throwable>map(
            status ->
                exchange.hide(
                    ((FalException) failure)
                        .adding(
                            "its status says "
                                + status.errorType().map(FalErrors::cut).orElse("error")
                                + status.error().map(e -> ": " + FalErrors.cut(e)).orElse(""))))
        .orElse(failure);
  }

  private static FalException unreadable(HttpReply reply, FalAsk ask) {
    String kind =
        reply.truncated()
            ? "more than " + FalExchange.MAX_ANSWER + " bytes"
            : reply.body().length == 0 ? "an empty body" : "a body that is not a JSON object";
    return new FalException(
        Reason.BAD_REPLY,
        "fal answered " + reply.status() + " to " + ask.what() + " with " + kind,
        FalException.Answer.of(reply),
        ask.requestId(),
        null);
  }

  /** Asks fal to stop. */
  CompletableFuture<FalCancel> cancel(FalHandle handle, FalCall call) {
    return cancel(handle, call, config.retry());
  }

  /** Asks it once. */
  CompletableFuture<FalCancel> cancelBriefly(FalHandle handle, FalCall call) {
    return cancel(handle, call, Retry.NONE);
  }

  private CompletableFuture<FalCancel> cancel(FalHandle handle, FalCall call, Retry retry) {
    HttpRequest request = HttpRequest.put(handle.cancelAt(config.hosts()));
    FalAsk ask = new FalAsk(FalVerb.CANCEL, request, "the cancelling of a request", handle);
    return exchange.ask(ask, retry, call, FalQueue::outcome);
  }

  private static Optional<FalCancel> outcome(HttpReply reply) {
    String said = Json.read(reply.text()).flatMap(b -> Json.text(b, "status")).orElse("");
    if (reply.ok()) {
      return Optional.of(FalCancel.REQUESTED);
    }
    if (reply.status() == 400 && said.equals("ALREADY_COMPLETED")) {
      return Optional.of(FalCancel.ALREADY_COMPLETED);
    }
    return reply.status() == 404 ? Optional.of(FalCancel.NOT_FOUND) : Optional.empty();
  }
}
