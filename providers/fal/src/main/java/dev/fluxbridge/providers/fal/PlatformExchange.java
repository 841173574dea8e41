package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Transport;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

/** One question to the platform API, asked again where that is safe: each of them may be. */
final class PlatformExchange {
  private final FalConfig config;
  private final Transport transport;
  private final Effects effects;

  PlatformExchange(FalConfig config, Transport transport, Effects effects) {
    this.config = config;
    this.transport = transport;
    this.effects = effects;
  }

  /** Whether the key goes along. */
  enum Authority {
    NEEDED,
    /** Without one, fal answers too, though less often. */
    IF_THERE,
    NEVER
  }

  /**
   * Asks, and reads the answer.
   *
   * @param reader throws a {@link NoSuchElementException} with the name of what it misses
   * @throws FalException with what fal said, or with {@code BAD_REPLY} if it cannot be read
   */
  <T> T ask(HttpRequest request, Authority authority, String what, Function<ObjectNode, T> reader) {
    Deadline deadline = Deadline.in(config.deadline(), effects);
    HttpRequest dressed =
        authorized(request, authority)
            .with("Accept", "application/json")
            .with("User-Agent", "fluxbridge");
    HttpReply reply;
    try {
      reply =
          config.retry().run(deadline, effects, () -> attempt(dressed, authority, what, deadline));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new FalException(
          Reason.CANCELLED,
          what + " was cancelled by an interrupt",
          FalException.Answer.NONE,
          null,
          interrupted);
    }
    ObjectNode body =
        (reply.truncated() ? Optional.<ObjectNode>empty() : Json.readExactly(reply.text()))
            .orElseThrow(() -> unreadable(reply, what, "is no JSON object"));
    try {
      return reader.apply(body);
    } catch (NoSuchElementException missing) {
      throw unreadable(reply, what, "lacks " + missing.getMessage());
    }
  }

  private Retry.Outcome<HttpReply, FalException> attempt(
      HttpRequest request, Authority authority, String what, Deadline deadline) {
    HttpReply reply;
    try {
      reply = transport.send(request.within(deadline.left()), FalExchange.MAX_ANSWER);
    } catch (HttpException failure) {
      FalException known = FalExchange.broken(failure, what, null);
      if (failure.kind() == HttpException.Kind.CANCELLED || deadline.passed()) {
        throw known;
      }
      return new Retry.Outcome.Again<>(known, Optional.empty());
    }
    if (reply.ok()) {
      return new Retry.Outcome.Done<>(reply);
    }
    FalException refusal = FalErrors.read(reply, what, null);
    if (authority != Authority.NEVER) {
      refusal = refusal.hiding(config.credentials().given());
    }
    if (reply.status() == 429 || reply.status() >= 500) {
      return new Retry.Outcome.Again<>(refusal, wait(reply));
    }
    throw refusal;
  }

  private HttpRequest authorized(HttpRequest request, Authority authority) {
    return switch (authority) {
      case NEVER -> request;
      case NEEDED -> request.with("Authorization", "Key " + config.credentials().key());
      case IF_THERE -> {
        try {
          yield request.with("Authorization", "Key " + config.credentials().key());
        } catch (FalException none) {
          yield request;
        }
      }
    };
  }

  private static Optional<Duration> wait(HttpReply reply) {
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

  private static FalException unreadable(HttpReply reply, String what, String why) {
    return new FalException(
        Reason.BAD_REPLY,
        "fal answered "
            + reply.status()
            + " to "
            + what
            + " with something that "
            + why
            + (reply.truncated() ? ": it is too long" : ""),
        FalException.Answer.of(reply),
        FalErrors.requestId(reply),
        null);
  }
}
