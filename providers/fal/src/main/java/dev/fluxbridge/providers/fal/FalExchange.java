package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.EventStream;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Retry.Outcome;
import dev.fluxbridge.providers.http.Transport;
import dev.fluxbridge.providers.http.WebSocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One exchange with fal: the key goes along, the deadline holds, and failures get a reason. */
final class FalExchange {
  /** Bytes of an answer that are read; pictures inside of it count. */
  static final int MAX_ANSWER = 64 * 1024 * 1024;

  private static final String AGENT = "fluxbridge";

  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);
  private static final int MAX_EVENT = 4 * 1024 * 1024;
  private static final int MAX_REFUSAL = 16 * 1024;

  private final FalConfig config;
  private final Transport transport;

  FalExchange(FalConfig config, Transport transport) {
    this.config = config;
    this.transport = transport;
  }

  /** What may be done more than once; it says each time whether that is safe. */
  @FunctionalInterface
  interface Attempt<T> {
    CompletableFuture<Outcome<T, FalException>> run();
  }

  /**
   * Sends it once. The caller has made sure that the key may go there.
   *
   * @param answered what becomes of an answer
   * @param failed what becomes of a failure to get one
   */
  <T> CompletableFuture<Outcome<T, FalException>> once(
      HttpRequest request,
      FalVerb verb,
      String what,
      FalCall call,
      @Nullable FalHandle handle,
      Function<HttpReply, Outcome<T, FalException>> answered,
      Function<HttpException, Outcome<T, FalException>> failed) {
    Deadline deadline = call.deadline();
    if (deadline.passed()) {
      throw failure(Reason.TIMEOUT, "no time is left for " + what, handle, null);
    }
    HttpRequest dressed = keyed(request).with("Accept", "application/json").within(deadline.left());
    return call.follow(transport.start(dressed, MAX_ANSWER), verb == FalVerb.SUBMIT)
        .handle(
            (reply, failure) -> {
              if (failure == null) {
                return answered.apply(reply);
              }
              if (failure instanceof HttpException known) {
                return failed.apply(known);
              }
              throw new CompletionException(failure);
            });
  }

  private HttpRequest keyed(HttpRequest request) {
    HttpRequest named = request.with("User-Agent", AGENT);
    return config
        .credentials()
        .authorization()
        .map(key -> named.with("Authorization", key))
        .orElse(named);
  }

  /** Opens a WebSocket, with the key or without it. */
  WebSocketChannel webSocket(
      HttpRequest request,
      boolean withKey,
      WebSocketChannel.Limits limits,
      WebSocketChannel.Listener listener) {
    HttpRequest dressed = withKey ? keyed(request) : request.with("User-Agent", AGENT);
    return transport.webSocket(dressed, limits, listener);
  }

  /** Opens a stream of events about a request, which is never opened again by itself. */
  EventStream events(HttpRequest request, FalCall call, EventStream.Listener listener) {
    EventStream.Limits limits =
        new EventStream.Limits(
            config.timeouts().connect().plus(config.timeouts().read()),
            LONGEST_SILENCE,
            MAX_EVENT,
            MAX_REFUSAL);
    return events(request, limits, call.deadline(), listener);
  }

  /** The same within these limits. */
  EventStream events(
      HttpRequest request,
      EventStream.Limits limits,
      Deadline deadline,
      EventStream.Listener listener) {
    return transport.events(
        keyed(request).with("Accept", "text/event-stream").within(deadline.left()),
        limits,
        listener);
  }

  /** Runs the one retry loop; a call that is stopped leaves it. */
  <T> CompletableFuture<T> patiently(
      Retry retry, FalCall call, String what, @Nullable FalHandle handle, Attempt<T> attempt) {
    Loop<T> loop = new Loop<>(retry, call, what, handle, attempt);
    loop.next();
    return loop.done;
  }

  /** Tries until it is done, the tries are used up, or the next wait would end too late. */
  @SuppressWarnings("FutureReturnValueIgnored") // what fails ends its own future
  private static final class Loop<T> {
    final CompletableFuture<T> done = new CompletableFuture<>();
    private final Retry retry;
    private final FalCall call;
    private final String what;
    private final @Nullable FalHandle handle;
    private final Attempt<T> attempt;
    private int tried;

    Loop(Retry retry, FalCall call, String what, @Nullable FalHandle handle, Attempt<T> attempt) {
      this.retry = retry;
      this.call = call;
      this.what = what;
      this.handle = handle;
      this.attempt = attempt;
    }

    void next() {
      Optional<FalCall.Stop> stop = call.stopped();
      if (stop.isPresent()) {
        done.completeExceptionally(
            failure(Reason.CANCELLED, what + " " + stop.get().how(), handle, null));
        return;
      }
      tried++;
      FalCall.begin(attempt::run).whenComplete(this::judge);
    }

    private void judge(@Nullable Outcome<T, FalException> outcome, @Nullable Throwable failure) {
      if (failure != null) {
        done.completeExceptionally(FalCall.cause(failure));
      } else if (outcome instanceof Outcome.Done<T, FalException> good) {
        done.complete(good.value());
      } else if (outcome instanceof Outcome.Again<T, FalException> again) {
        Optional<Duration> wait = retry.next(tried, again.after(), call.deadline(), call.effects());
        if (wait.isEmpty()) {
          done.completeExceptionally(again.failure());
        } else {
          call.pause(wait.get()).thenRun(this::next);
        }
      }
    }
  }

  /** For what may be sent twice: goes on after a failure, unless it was cancelled or time is up. */
  <T> Outcome<T, FalException> again(
      HttpException failure, String what, @Nullable FalHandle handle, FalCall call) {
    FalException known = broken(failure, what, handle);
    if (failure.kind() == HttpException.Kind.CANCELLED || call.deadline().passed()) {
      throw known;
    }
    return new Outcome.Again<>(known, Optional.empty());
  }

  static FalException broken(HttpException failure, String what, @Nullable FalHandle handle) {
    Reason reason =
        switch (failure.kind()) {
          case NO_CONNECTION, BROKEN -> Reason.UNAVAILABLE;
          case TIMED_OUT -> Reason.TIMEOUT;
          case CANCELLED -> Reason.CANCELLED;
          case REJECTED -> Reason.BAD_REPLY;
        };
    return failure(reason, what + " failed: " + failure.getMessage(), handle, failure);
  }

  private static FalException failure(
      Reason reason, String problem, @Nullable FalHandle handle, @Nullable Throwable cause) {
    return new FalException(reason, problem, FalException.Answer.NONE, id(handle), cause);
  }

  /** The exception for an answer that is not a success. */
  FalException refusal(HttpReply reply, String what, @Nullable FalHandle handle) {
    FalException failure = hide(FalErrors.read(reply, what, id(handle)));
    return reply.status() == 401 && config.credentials().keyless()
        ? failure.adding("the call carried no key, as FalCredentials.none() says")
        : failure;
  }

  /** fal has no reason to repeat a key; a gateway might. */
  FalException hide(FalException failure) {
    return failure.hiding(config.credentials().given());
  }

  /** Whether an answer comes from something before fal, whose own have an id or are JSON. */
  static boolean beforeFal(HttpReply reply) {
    return !FalErrors.byFal(reply);
  }

  private static @Nullable String id(@Nullable FalHandle handle) {
    return handle == null ? null : handle.requestId();
  }
}
