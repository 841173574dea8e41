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
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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
    String what = "the direct call of " + input.endpoint();
    HttpRequest request = input.options().on(bare, FalVerb.RUN);
    return exchange.patiently(
        retry,
        call,
        what + ", before fal had accepted it,",
        null,
        () ->
            exchange.once(
                request,
                FalVerb.RUN,
                what,
                call,
                null,
                reply -> answered(reply, what),
                failure -> broken(failure, what)));
  }

  private Retry.Outcome<FalOutput, FalException> answered(HttpReply reply, String what) {
    if (reply.ok()) {
      return new Retry.Outcome.Done<>(output(reply, what));
    }
    FalException failure = exchange.refusal(reply, what, null);
    if (FalQueue.certainlyRefused(reply)) {
      return new Retry.Outcome.Again<>(failure, reply.retryAfter());
    }
    if (reply.status() == 504 && !failure.userTimeout() && FalErrors.requestId(reply) == null) {
      throw lost(what, "a gateway gave up waiting for fal", null, null);
    }
    throw failure;
  }

  private Retry.Outcome<FalOutput, FalException> broken(HttpException failure, String what) {
    if (failure.maybeDelivered()) {
      String id = failure.head().map(FalErrors::requestId).orElse(null);
      throw lost(what, failure.getMessage(), id, failure);
    }
    FalException known = FalExchange.broken(failure, what + " (nothing was accepted)", null);
    if (failure.kind() == HttpException.Kind.NO_CONNECTION) {
      return new Retry.Outcome.Again<>(known, Optional.empty());
    }
    throw known;
  }

  private static FalException lost(
      String what, @Nullable String why, @Nullable String requestId, @Nullable Throwable cause) {
    return new FalException(
        Reason.AMBIGUOUS,
        what
            + " may have been carried out and billed, and its result is lost: "
            + why
            + "; submit it to the queue instead, which keeps results",
        FalException.Answer.NONE,
        requestId,
        cause);
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
