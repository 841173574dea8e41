package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.HttpReply;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

/** One question to the platform API, waited for by the thread that asks it. */
final class PlatformExchange {
  private final FalConfig config;
  private final FalExchange exchange;
  private final FalCalls calls;
  private final Effects effects;

  PlatformExchange(FalConfig config, FalExchange exchange, FalCalls calls, Effects effects) {
    this.config = config;
    this.exchange = exchange;
    this.calls = calls;
    this.effects = effects;
  }

  /**
   * Asks, and reads the answer.
   *
   * @param reader throws a {@link NoSuchElementException} with the name of what it misses
   * @throws FalException with what fal said, or with {@code BAD_REPLY} if it cannot be read
   */
  <T> T ask(FalAsk ask, Function<ObjectNode, T> reader) {
    HttpReply reply =
        calls.now(
            Deadline.in(config.deadline(), effects),
            call ->
                exchange.ask(
                    ask,
                    config.retry(),
                    call,
                    answer -> answer.ok() ? Optional.of(answer) : Optional.empty()));
    ObjectNode body =
        (reply.truncated() ? Optional.<ObjectNode>empty() : Json.readExactly(reply.text()))
            .orElseThrow(() -> unreadable(reply, ask.what(), "is no JSON object"));
    try {
      return reader.apply(body);
    } catch (NoSuchElementException missing) {
      throw unreadable(reply, ask.what(), "lacks " + missing.getMessage());
    }
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
