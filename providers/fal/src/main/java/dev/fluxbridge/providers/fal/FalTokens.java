package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens that open one app for a while, kept until shortly before they expire. Safe for use by
 * several threads.
 *
 * <p>Source: the token request of fal's own clients, and the three shapes of its answer.
 */
final class FalTokens {
  private static final Duration LIFE = Duration.ofMinutes(2);
  private static final Duration USE = LIFE.multipliedBy(9).dividedBy(10);

  private final FalConfig config;
  private final FalExchange exchange;
  private final Effects effects;
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();

  FalTokens(FalConfig config, FalExchange exchange, Effects effects) {
    this.config = config;
    this.exchange = exchange;
    this.effects = effects;
  }

  /**
   * A secret.
   *
   * @param text letters of an address
   * @param until when it is old
   */
  record Token(String text, Deadline until) {
    @Override
    public String toString() {
      return "Token[hidden]";
    }
  }

  /** A token for the app of this endpoint, kept or new. */
  CompletableFuture<Outcome<String, FalException>> token(EndpointId endpoint, FalCall call) {
    String app = endpoint.alias();
    Token kept = tokens.get(app);
    if (kept != null && !kept.until().passed()) {
      return CompletableFuture.completedFuture(new Outcome.Done<>(kept.text()));
    }
    String what = "the request of a token for " + endpoint.app();
    ObjectNode body = Json.object();
    body.putArray("allowed_apps").add(app);
    body.put("token_expiration", LIFE.toSeconds());
    HttpRequest request =
        HttpRequest.postJson(
            FalHosts.at(config.hosts().rest(), "/tokens/"), Json.write(body).getBytes(UTF_8));
    Deadline until = Deadline.in(USE, effects);
    FalAsk ask = new FalAsk(FalVerb.TOKEN, request, what, null);
    return exchange.askOnce(
        ask,
        call,
        reply -> {
          if (!reply.ok()) {
            return Optional.empty();
          }
          String token = read(reply, what);
          tokens.put(app, new Token(token, until));
          return Optional.of(token);
        });
  }

  /** Forgets a token that was not believed. */
  void drop(EndpointId endpoint, String token) {
    tokens.computeIfPresent(
        endpoint.alias(), (app, kept) -> kept.text().equals(token) ? null : kept);
  }

  private static String read(HttpReply reply, String what) {
    JsonNode body = Json.any(reply.text()).orElse(Json.object());
    return Optional.of(body)
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .or(() -> Json.text(body, "token"))
        .or(() -> Json.text(body, "detail"))
        .filter(token -> token.matches("[A-Za-z0-9._~+/=-]{1,8192}"))
        .orElseThrow(
            () ->
                // the body may hold a token of a strange shape, so it is not shown
                FalException.of(
                    Reason.BAD_REPLY,
                    "fal answered " + reply.status() + " to " + what + " without one"));
  }
}
