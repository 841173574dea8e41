package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.EventStream;
import dev.fluxbridge.providers.http.Exchange;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The exchanges with fal's own hosts: the key goes along, and failures get a reason. */
final class FalExchange implements FalAsking.Wire {
  /** Bytes of an answer that are read; pictures inside of it count. */
  static final int MAX_ANSWER = 64 * 1024 * 1024;

  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);
  private static final int MAX_EVENT = 4 * 1024 * 1024;
  private static final int MAX_REFUSAL = 16 * 1024;

  private final FalConfig config;
  private final Transport transport;

  FalExchange(FalConfig config, Transport transport) {
    this.config = config;
    this.transport = transport;
  }

  /**
   * Asks until there is an answer of use.
   *
   * @param retry how often and after which waits, where the policy lets
   * @param use what an answer comes to; empty if the policy shall judge it
   */
  <T> CompletableFuture<T> ask(
      FalAsk ask, Retry retry, FalCall call, Function<HttpReply, Optional<T>> use) {
    return new FalAsking<>(this, ask, call, use).until(retry);
  }

  /** Asks once, and says whether it may be asked again. */
  <T> CompletableFuture<Outcome<T, FalException>> askOnce(
      FalAsk ask, FalCall call, Function<HttpReply, Optional<T>> use) {
    return new FalAsking<>(this, ask, call, use).attempt();
  }

  @Override
  public Exchange<HttpReply> start(FalAsk ask, HttpRequest request, FalCall call) {
    HttpRequest dressed = ask.authority().on(request, config.credentials());
    return transport.start(dressed.with("Accept", "application/json"), MAX_ANSWER, call.lent());
  }

  @Override
  public FalException refusal(FalAsk ask, HttpReply reply) {
    FalException failure = hide(FalErrors.read(reply, ask.verb(), ask.what(), ask.requestId()));
    return reply.status() == 401 && config.credentials().keyless()
        ? failure.adding("the call carried no key, as FalCredentials.none() says")
        : failure;
  }

  @Override
  public Optional<URI> backup(URI uri) {
    return config.hosts().onBackup(uri);
  }

  /** The exception for what may be running and billed, and is never sent again by itself. */
  static FalException ambiguous(
      FalAsk ask,
      @Nullable String why,
      @Nullable String requestId,
      FalException.Answer answer,
      @Nullable Throwable cause) {
    String problem =
        ask.verb() == FalVerb.SUBMIT
            ? " may have been accepted and billed, "
                + (requestId == null ? "but no request id came back: " : "and an id came back: ")
                + why
                + "; look at the requests on fal's dashboard before sending it again"
            : " may have been carried out and billed, and its result is lost: "
                + why
                + "; submit it to the queue instead, which keeps results";
    return new FalException(Reason.AMBIGUOUS, ask.what() + problem, answer, requestId, cause);
  }

  /** Opens a WebSocket, with the key or without it. */
  WebSocketChannel webSocket(
      HttpRequest request,
      boolean withKey,
      WebSocketChannel.Limits limits,
      WebSocketChannel.Listener listener) {
    FalAuthority authority = withKey ? FalAuthority.AS_CONFIGURED : FalAuthority.NEVER;
    return transport.webSocket(authority.on(request, config.credentials()), limits, listener);
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
        FalAuthority.AS_CONFIGURED
            .on(request, config.credentials())
            .with("Accept", "text/event-stream")
            .within(deadline.left()),
        limits,
        listener);
  }

  /** The exception for an answer that did not come. */
  static FalException broken(HttpException failure, String what, @Nullable FalHandle handle) {
    if (failure.unreadable()) {
      if (failure.getCause() instanceof RuntimeException own) {
        // the caller's: what watches the progress, or reads the source
        throw own;
      }
      return failure(
          Reason.INVALID, what + " failed: " + failure.getMessage(), handle, failure.getCause());
    }
    Reason reason =
        switch (failure.kind()) {
          case NO_CONNECTION, BROKEN -> Reason.UNAVAILABLE;
          case TIMED_OUT -> Reason.TIMEOUT;
          case CANCELLED -> Reason.CANCELLED;
          case REJECTED -> Reason.BAD_REPLY;
        };
    return failure(reason, what + " failed: " + failure.getMessage(), handle, failure);
  }

  static FalException failure(
      Reason reason, String problem, @Nullable FalHandle handle, @Nullable Throwable cause) {
    return new FalException(reason, problem, FalException.Answer.NONE, id(handle), cause);
  }

  /** fal has no reason to repeat a key; a gateway might. */
  FalException hide(FalException failure) {
    return failure.hiding(config.credentials().given());
  }

  private static @Nullable String id(@Nullable FalHandle handle) {
    return handle == null ? null : handle.requestId();
  }
}
