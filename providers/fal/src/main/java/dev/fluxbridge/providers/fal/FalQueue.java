package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
    String what = "the submit to " + endpoint;
    HttpRequest request =
        input
            .options()
            .on(
                HttpRequest.postJson(
                    FalHosts.at(config.hosts().queue(), "/" + endpoint),
                    input.json().getBytes(UTF_8)),
                FalVerb.SUBMIT);
    return exchange.patiently(
        config.retry(),
        call,
        what + ", before fal had accepted it,",
        null,
        () ->
            exchange.once(
                request,
                FalVerb.SUBMIT,
                what,
                call,
                null,
                reply -> submitted(endpoint, reply, what),
                failure -> notSubmitted(failure, what)));
  }

  private Retry.Outcome<FalHandle, FalException> submitted(
      EndpointId endpoint, HttpReply reply, String what) {
    if (reply.ok()) {
      return new Retry.Outcome.Done<>(accepted(endpoint, reply, what));
    }
    FalException failure = exchange.refusal(reply, what, null);
    if (certainlyRefused(reply)) {
      return new Retry.Outcome.Again<>(failure, reply.retryAfter());
    }
    if (reply.status() == 504 && !failure.userTimeout() && FalErrors.requestId(reply) == null) {
      throw ambiguous(what, "a gateway gave up waiting for fal", null, null);
    }
    throw failure;
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
  static boolean certainlyRefused(HttpReply reply) {
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
  CompletableFuture<FalStatus> status(FalHandle handle, boolean logs, FalCall call) {
    String what = "the look at a request's status";
    URI uri = handle.statusAt(config.hosts());
    return fetch(
            HttpRequest.get(logs ? withLogs(uri) : uri),
            FalVerb.STATUS,
            what,
            handle,
            call,
            FalQueue::aboutTheMoment)
        .thenApply(
            reply ->
                Json.read(reply.text())
                    .map(FalQueue::status)
                    .orElseThrow(() -> unreadable(reply, what, handle)));
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
    String what = "the fetch of a result";
    // A request that failed for good says so in its status, and an answer of 5xx is its own. Old
    // apps leave that out: so fal's own answers are believed after some tries, a gateway's never.
    int[] tries = {failed.flatMap(FalStatus::error).isPresent() ? config.retry().attempts() : 1};
    return fetch(
            HttpRequest.get(handle.resultAt(config.hosts())),
            FalVerb.RESULT,
            what,
            handle,
            call,
            answer ->
                gateway(answer)
                    || (transientStatus(answer) && tries[0]++ < config.retry().attempts()))
        .handle(
            (reply, failure) -> {
              if (failure != null) {
                throw new CompletionException(explained(FalCall.cause(failure), failed));
              }
              return read(handle, reply, what);
            });
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

  private static FalResult read(FalHandle handle, HttpReply reply, String what) {
    if (reply.truncated() || Json.read(reply.text()).isEmpty()) {
      throw unreadable(reply, what, handle);
    }
    return new FalResult(handle, reply.text(), new FalHeaders(reply.headers()));
  }

  private static FalException unreadable(HttpReply reply, String what, FalHandle handle) {
    String kind =
        reply.truncated()
            ? "more than " + FalExchange.MAX_ANSWER + " bytes"
            : reply.body().length == 0 ? "an empty body" : "a body that is not a JSON object";
    return new FalException(
        Reason.BAD_REPLY,
        "fal answered " + reply.status() + " to " + what + " with " + kind,
        FalException.Answer.of(reply),
        handle.requestId(),
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
    String what = "the cancelling of a request";
    HttpRequest request = HttpRequest.put(handle.cancelAt(config.hosts()));
    return exchange.patiently(
        retry,
        call,
        what,
        handle,
        () ->
            exchange.once(
                request,
                FalVerb.CANCEL,
                what,
                call,
                handle,
                reply -> cancelled(handle, reply, what),
                failure -> exchange.again(failure, what, handle, call)));
  }

  private Retry.Outcome<FalCancel, FalException> cancelled(
      FalHandle handle, HttpReply reply, String what) {
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
  }

  private CompletableFuture<HttpReply> fetch(
      HttpRequest request,
      FalVerb verb,
      String what,
      FalHandle handle,
      FalCall call,
      Predicate<HttpReply> again) {
    return exchange.patiently(
        patient,
        call,
        what,
        handle,
        () ->
            exchange.once(
                request,
                verb,
                what,
                call,
                handle,
                reply -> fetched(handle, reply, what, again),
                failure -> exchange.again(failure, what, handle, call)));
  }

  private Retry.Outcome<HttpReply, FalException> fetched(
      FalHandle handle, HttpReply reply, String what, Predicate<HttpReply> again) {
    if (reply.ok()) {
      return new Retry.Outcome.Done<>(reply);
    }
    FalException failure = exchange.refusal(reply, what, handle);
    boolean tooEarly = reply.status() == 400 && failure.rawBody().contains("still in progress");
    if (!failure.userTimeout() && (tooEarly || again.test(reply))) {
      return new Retry.Outcome.Again<>(failure, reply.retryAfter());
    }
    throw failure;
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
