package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Direct calls, which do not go through the queue: nobody keeps their result, so what breaks off
 * half way is lost and may be billed.
 *
 * <p>Source: direct calls and concurrency limits as fal documents them.
 */
final class FalDirect {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  private final FalConfig config;
  private final FalExchange exchange;
  private final Retry retry;

  FalDirect(FalConfig config, FalExchange exchange) {
    this.config = config;
    this.exchange = exchange;
    // fal asks who is over the limit of calls at once to wait 1, 2, 4, 8 seconds
    Retry own = config.retry();
    Duration base = own.base().compareTo(FIRST_WAIT) < 0 ? FIRST_WAIT : own.base();
    Duration cap = own.cap().compareTo(base) < 0 ? base : own.cap();
    this.retry = new Retry(own.attempts(), base, cap, own.jitter());
  }

  /** Posts the input. */
  CompletableFuture<FalOutput> post(FalClient.Input input, FalCall call) {
    return run(
        input, HttpRequest.postJson(at(input.endpoint()), input.json().getBytes(UTF_8)), call);
  }

  /** Sends the input as parameters of the address. */
  CompletableFuture<FalOutput> get(FalClient.Input input, FalCall call) {
    String query = query(input.json());
    URI uri = URI.create(at(input.endpoint()) + (query.isEmpty() ? "" : "?" + query));
    return run(input, HttpRequest.get(uri), call);
  }

  private URI at(EndpointId endpoint) {
    return FalHosts.at(config.hosts().run(), "/" + endpoint);
  }

  private CompletableFuture<FalOutput> run(FalClient.Input input, HttpRequest bare, FalCall call) {
    HttpRequest request = input.options().on(bare, FalVerb.RUN);
    FalAsk ask = new FalAsk(FalVerb.RUN, request, "the direct call of " + input.endpoint(), null);
    return exchange.ask(
        ask,
        retry,
        call,
        reply -> reply.ok() ? Optional.of(output(reply, ask.what())) : Optional.empty());
  }

  private static FalOutput output(HttpReply reply, String what) {
    FalOutput output = new FalOutput(reply.body(), new FalHeaders(reply.headers()));
    boolean broken = output.mediaType().endsWith("json") && !Json.valid(output.json());
    if (reply.truncated() || broken) {
      throw new FalException(
          Reason.BAD_REPLY,
          "fal answered "
              + reply.status()
              + " to "
              + what
              + " with "
              + (reply.truncated()
                  ? "more than " + FalExchange.MAX_ANSWER + " bytes"
                  : "a body that is not JSON, though it says so"),
          FalException.Answer.of(reply),
          FalErrors.requestId(reply),
          null);
    }
    return output;
  }

  private static String query(String json) {
    ObjectNode input =
        Json.read(json)
            .orElseThrow(
                () ->
                    FalException.of(
                        Reason.INVALID,
                        "the input of a call by GET must be a JSON object; nothing was sent"));
    List<String> pairs = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : input.properties()) {
      JsonNode value = field.getValue();
      if (!value.isValueNode() || value.isNull()) {
        throw FalException.of(
            Reason.INVALID,
            ("the input '%s' is no text, number or boolean, so it cannot stand in an address: call"
                    + " with POST, or leave it out; nothing was sent")
                .formatted(FalErrors.cut(field.getKey())));
      }
      pairs.add(encoded(field.getKey()) + "=" + encoded(value.asText()));
    }
    return String.join("&", pairs);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
