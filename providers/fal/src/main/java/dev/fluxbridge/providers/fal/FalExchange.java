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
import java.net.URI;
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
    return start(request, verb, what, call, handle)
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

  private CompletableFuture<HttpReply> start(
      HttpRequest request, FalVerb verb, String what, FalCall call, @Nullable FalHandle handle) {
    Deadline deadline = call.deadline();
    if (deadline.passed()) {
      throw failure(Reason.TIMEOUT, "no time is left for " + what, handle, null);
    }
    HttpRequest dressed = keyed(request).with("Accept", "application/json").within(deadline.left());
    return call.follow(transport.start(dressed, MAX_ANSWER), verb == FalVerb.SUBMIT);
  }

  /**
   * Asks until there is an answer of use.
   *
   * @param retry how often and after which waits, where the policy lets
   * @param use what an answer comes to; empty if the policy shall judge it
   */
  <T> CompletableFuture<T> ask(
      FalAsk ask, Retry retry, FalCall call, Function<HttpReply, Optional<T>> use) {
    Asking<T> asking = new Asking<>(ask, call, use);
    return patiently(retry, call, ask.notTaken(), ask.handle(), asking::attempt);
  }

  /** One attempt after the other, judged by {@link FalRetryPolicy}. */
  @SuppressWarnings("FutureReturnValueIgnored") // the inner future is what the outer one becomes
  private final class Asking<T> {
    private final FalAsk ask;
    private final FalCall call;
    private final Function<HttpReply, Optional<T>> use;
    private int doubted;

    Asking(FalAsk ask, FalCall call, Function<HttpReply, Optional<T>> use) {
      this.ask = ask;
      this.call = call;
      this.use = use;
    }

    CompletableFuture<Outcome<T, FalException>> attempt() {
      return send(ask.request(), null);
    }

    /**
     * Sends it once, to the host or to its backup.
     *
     * @param first why the host itself was not reached, if this goes to its backup
     */
    private CompletableFuture<Outcome<T, FalException>> send(
        HttpRequest request, @Nullable FalException first) {
      return start(request, ask.verb(), ask.what(), call, ask.handle())
          .handle(
              (reply, thrown) -> {
                if (thrown == null) {
                  return CompletableFuture.completedFuture(answered(reply));
                }
                if (thrown instanceof HttpException failure) {
                  return failed(failure, first);
                }
                throw new CompletionException(thrown);
              })
          .thenCompose(outcome -> outcome);
    }

    private Outcome<T, FalException> answered(HttpReply reply) {
      Optional<T> useful = use.apply(reply);
      if (useful.isPresent()) {
        return new Outcome.Done<>(useful.get());
      }
      FalException refusal = refusal(reply, ask.verb(), ask.what(), ask.requestId());
      return switch (FalRetryPolicy.after(ask.verb(), reply)) {
        case AGAIN, AGAIN_AT_BACKUP -> new Outcome.Again<>(refusal, reply.retryAfter());
        case AGAIN_SOMETIMES -> {
          if (doubted++ < ask.doubts()) {
            yield new Outcome.Again<>(refusal, reply.retryAfter());
          }
          throw refusal;
        }
        case AMBIGUOUS -> {
          String why = "something before fal answered " + reply.status() + " for it";
          throw ambiguous(ask, why, null, null);
        }
        case DONE, FAIL -> throw refusal;
      };
    }

    private CompletableFuture<Outcome<T, FalException>> failed(
        HttpException failure, @Nullable FalException first) {
      Optional<URI> backup =
          first == null ? config.hosts().onBackup(ask.request().uri()) : Optional.empty();
      String what = failure.maybeDelivered() ? ask.what() : ask.notTaken();
      FalException known = broken(failure, what, ask.handle());
      return switch (FalRetryPolicy.after(ask.verb(), failure, backup.isPresent())) {
        case AGAIN_AT_BACKUP -> send(ask.request().to(backup.orElseThrow()), known);
        // that the backup is not there either says less than that the host itself is not
        case AGAIN, AGAIN_SOMETIMES ->
            CompletableFuture.completedFuture(
                new Outcome.Again<>(first == null ? known : first, Optional.empty()));
        case AMBIGUOUS -> {
          String id = failure.head().map(FalErrors::requestId).orElse(null);
          throw ambiguous(ask, failure.getMessage(), id, failure);
        }
        case DONE, FAIL -> throw known;
      };
    }
  }

  /** The exception for what may be running and billed, and is never sent again by itself. */
  static FalException ambiguous(
      FalAsk ask, @Nullable String why, @Nullable String requestId, @Nullable Throwable cause) {
    String problem =
        ask.verb() == FalVerb.SUBMIT
            ? " may have been accepted and billed, "
                + (requestId == null ? "but no request id came back: " : "and an id came back: ")
                + why
                + "; look at the requests on fal's dashboard before sending it again"
            : " may have been carried out and billed, and its result is lost: "
                + why
                + "; submit it to the queue instead, which keeps results";
    return new FalException(
        Reason.AMBIGUOUS, ask.what() + problem, FalException.Answer.NONE, requestId, cause);
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
    return refusal(reply, FalVerb.LOOK_UP, what, id(handle));
  }

  private FalException refusal(
      HttpReply reply, FalVerb verb, String what, @Nullable String requestId) {
    FalException failure = hide(FalErrors.read(reply, verb, what, requestId));
    return reply.status() == 401 && config.credentials().keyless()
        ? failure.adding("the call carried no key, as FalCredentials.none() says")
        : failure;
  }

  /** fal has no reason to repeat a key; a gateway might. */
  FalException hide(FalException failure) {
    return failure.hiding(config.credentials().given());
  }

  private static @Nullable String id(@Nullable FalHandle handle) {
    return handle == null ? null : handle.requestId();
  }
}
