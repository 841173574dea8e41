package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry.Outcome;
import dev.fluxbridge.providers.http.WebSocketChannel;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections to one realtime endpoint: logs in, tries again where that helps, and not in a
 * rush. A handshake starts no work, so it may be repeated.
 */
final class FalRealtimeDialer {
  private static final Duration OPENING = Duration.ofSeconds(90);
  private static final Duration PING = Duration.ofSeconds(30);
  private static final Duration GOODBYE = Duration.ofSeconds(2);

  private static final int SECRETS = 4;

  private final FalConfig config;
  private final FalExchange exchange;
  private final FalTokens tokens;
  private final FalCalls calls;
  private final Effects effects;
  private final EndpointId endpoint;
  private final FalRealtimeOptions options;
  private final String path;
  private volatile @Nullable WebSocketChannel opening;
  private final Queue<String> secrets = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  FalRealtimeDialer(
      FalConfig config,
      FalExchange exchange,
      FalTokens tokens,
      FalCalls calls,
      Effects effects,
      EndpointId endpoint,
      FalRealtimeOptions options) {
    this.config = config;
    this.exchange = exchange;
    this.tokens = tokens;
    this.calls = calls;
    this.effects = effects;
    this.endpoint = endpoint;
    this.options = options;
    this.path = options.pathOf(endpoint);
  }

  String what() {
    return "the realtime connection to " + path.substring(1);
  }

  /**
   * Makes a connection.
   *
   * @param fruitless how many connections before ended without having brought anything
   */
  CompletableFuture<FalRealtimeLine> dial(int fruitless, FalRealtimeLine.Ear ear) {
    return calls.later(
        Deadline.in(config.deadline(), effects),
        call -> {
          Attempts attempts = new Attempts(call, ear);
          return calm(fruitless, call)
              .thenCompose(
                  calmed -> FalLoop.run(config.retry(), call, what(), null, attempts::next));
        });
  }

  private CompletableFuture<@Nullable Void> calm(int fruitless, FalCall call) {
    if (fruitless == 0) {
      return CompletableFuture.completedFuture(null);
    }
    Duration wait =
        config
            .retry()
            .next(fruitless, Optional.empty(), call.deadline(), effects)
            .orElseThrow(
                () ->
                    FalException.of(
                        Reason.UNAVAILABLE,
                        what() + " ended without a message so often in a row: " + fruitless));
    return call.pause(wait);
  }

  /** fal has no reason to repeat a key or a token; a gateway might. */
  FalException hide(FalException failure) {
    return exchange.hide(failure).hiding(List.copyOf(secrets));
  }

  private void remember(String token) {
    if (!secrets.contains(token)) {
      secrets.add(token);
    }
    if (secrets.size() > SECRETS) {
      secrets.poll();
    }
  }

  /** Ends an attempt that is under way; an open line is ended by who has it. */
  void close() {
    closed = true;
    WebSocketChannel now = opening;
    if (now != null && !now.isOpen()) {
      now.cancel();
    }
  }

  /** The tries to make one connection. */
  private final class Attempts {
    private final FalCall call;
    private final FalRealtimeLine.Ear ear;
    private boolean renewed;

    Attempts(FalCall call, FalRealtimeLine.Ear ear) {
      this.call = call;
      this.ear = ear;
    }

    CompletableFuture<Outcome<FalRealtimeLine, FalException>> next() {
      if (options.login() == FalRealtimeOptions.Login.KEY) {
        return handshake(null);
      }
      return tokens
          .token(endpoint, call)
          .thenCompose(
              outcome -> {
                if (outcome instanceof Outcome.Done<String, FalException> done) {
                  remember(done.value());
                  return handshake(done.value());
                }
                Outcome.Again<String, FalException> again =
                    (Outcome.Again<String, FalException>) outcome;
                return CompletableFuture.completedFuture(
                    new Outcome.Again<>(again.failure(), again.after()));
              });
    }

    private CompletableFuture<Outcome<FalRealtimeLine, FalException>> handshake(
        @Nullable String with) {
      Duration left = call.deadline().left();
      Duration limit = left.compareTo(OPENING) < 0 ? left.plusMillis(1) : OPENING;
      WebSocketChannel.Limits limits =
          new WebSocketChannel.Limits(
              limit,
              PING,
              GOODBYE,
              options.maxMessage(),
              FalRealtimeLine.MAX_QUEUED,
              FalExchange.MAX_ANSWER);
      Handshake handshake = new Handshake(with);
      FalRealtimeLine line = new FalRealtimeLine(what(), GOODBYE, ear, handshake);
      WebSocketChannel made =
          exchange.webSocket(HttpRequest.get(address(with)), with == null, limits, line);
      opening = made;
      if (closed) {
        made.cancel();
      }
      return handshake.done;
    }

    private URI address(@Nullable String with) {
      StringBuilder query = new StringBuilder();
      if (with != null) {
        query.append("?fal_jwt_token=").append(URLEncoder.encode(with, UTF_8));
      }
      options
          .maxBuffering()
          .ifPresent(
              most -> query.append(with == null ? "?" : "&").append("max_buffering=").append(most));
      return FalHosts.at(config.hosts().run(), path + query);
    }

    /** How one of them ends. */
    private final class Handshake implements FalRealtimeLine.Opening {
      final CompletableFuture<Outcome<FalRealtimeLine, FalException>> done =
          new CompletableFuture<>();
      private final @Nullable String with;

      Handshake(@Nullable String with) {
        this.with = with;
      }

      @Override
      public void opened(FalRealtimeLine line) {
        call.step(() -> done.complete(new Outcome.Done<>(line)));
      }

      @Override
      public void answered(HttpReply reply) {
        FalException refusal = hide(FalErrors.read(reply, FalVerb.DIAL, what(), null));
        boolean login = reply.status() == 401 || reply.status() == 403;
        if (login && with != null && !renewed) {
          renewed = true;
          tokens.drop(endpoint, with);
          again(refusal, Optional.empty());
        } else if (FalRetryPolicy.after(FalVerb.DIAL, reply).again()) {
          again(refusal, FalErrors.askedToWait(reply));
        } else {
          unauthorized();
          call.step(() -> done.completeExceptionally(refusal));
        }
      }

      private void again(FalException failure, Optional<Duration> after) {
        call.step(() -> done.complete(new Outcome.Again<>(failure, after)));
      }

      @Override
      public void failed(HttpException failure) {
        again(hide(FalExchange.broken(failure, what(), null)), Optional.empty());
      }

      @Override
      public void unwanted() {
        FalException closing =
            FalException.of(Reason.CANCELLED, what() + " was closed before it was open");
        call.step(() -> done.completeExceptionally(closing));
      }

      @Override
      public void unauthorized() {
        if (with != null) {
          tokens.drop(endpoint, with);
        }
      }
    }
  }
}
