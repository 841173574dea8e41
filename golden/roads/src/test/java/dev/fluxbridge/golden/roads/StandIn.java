package dev.fluxbridge.golden.roads;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Both providers on a loopback server, as their protocols are known, with a secret wherever one
 * could be: signed addresses, cookies, organisations, fields that nobody reads. Counts what is
 * billed.
 */
final class StandIn implements AutoCloseable {
  static final String FAL_KEY = "canary-fal-id:canary-fal-secret";
  static final String OPENAI_KEY = "sk-canary-openai-key";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SIGNED =
      "?X-Signature=canary-signature-0123456789&Expires=1763700000";

  private final HttpServer server;
  private final byte[] picture;
  private final Map<String, Integer> polls = new ConcurrentHashMap<>();
  private final List<String> billed = new CopyOnWriteArrayList<>();
  private final List<JsonNode> submitted = new CopyOnWriteArrayList<>();
  private final List<String> keysAtStrangers = new CopyOnWriteArrayList<>();
  private int ids;
  private volatile int refusal;
  private volatile boolean cutting;
  private volatile int looks = 1;

  /**
   * @param picture the file that every job draws
   */
  StandIn(byte[] picture) throws IOException {
    this.picture = picture;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What leads a road here. */
  RoadSettings settings() {
    return new RoadSettings(properties(), environment());
  }

  Map<String, String> properties() {
    return Map.of(
        "fluxbridge.fal.queue-url", url() + "/queue",
        "fluxbridge.fal.rest-url", url() + "/rest",
        "fluxbridge.fal.loopback-media", "true");
  }

  Map<String, String> environment() {
    return new HashMap<>(
        Map.of(
            "FAL_KEY",
            FAL_KEY,
            "OPENAI_API_KEY",
            OPENAI_KEY,
            "OPENAI_ORG_ID",
            "org-canary-organisation",
            "OPENAI_BASE_URL",
            url() + "/v1"));
  }

  /** From now on nothing is accepted, with this status; with 429 once. */
  void refuse(int status) {
    refusal = status;
  }

  /** From now on connections are cut when a job was accepted. */
  void cut() {
    cutting = true;
  }

  /** From now on a job is done at the second look, not at the first. */
  void dawdle() {
    looks = 2;
  }

  /** What was accepted, and would be paid for. */
  List<String> billed() {
    return billed;
  }

  List<JsonNode> submitted() {
    return submitted;
  }

  /** Keys that came to where none may go. */
  List<String> keysAtStrangers() {
    return keysAtStrangers;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      exchange.getResponseHeaders().add("Set-Cookie", "session=canary-cookie-value; Path=/");
      exchange.getResponseHeaders().add("x-trace-token", "canary-trace-token");
      String key = exchange.getRequestHeaders().getFirst("Authorization");
      if (path.startsWith("/cdn/") || path.startsWith("/store/")) {
        if (key != null) {
          keysAtStrangers.add(path);
        }
        file(exchange, path);
      } else if (!("Key " + FAL_KEY).equals(key)
          && !("Bearer " + OPENAI_KEY).equals(key)
          && !("Key " + System.getenv("FAL_KEY")).equals(key)) {
        reply(exchange, 401, "{\"detail\": \"No valid key\"}");
      } else if (path.startsWith("/queue/")) {
        queue(exchange, path.substring("/queue".length()), body);
      } else if (path.equals("/rest/storage/upload/initiate")) {
        int id = next();
        reply(
            exchange,
            200,
            "{\"upload_url\": \"%1$s/store/canary-slot-%2$d%3$s\", \"file_url\": \"%1$s/cdn/canary-file-%2$d.png\"}"
                .formatted(url(), id, SIGNED));
      } else if (path.startsWith("/v1/images/")) {
        openai(exchange, path, body);
      } else {
        reply(exchange, 404, "{\"detail\": \"Not found\"}");
      }
    }
  }

  private synchronized int next() {
    return ++ids;
  }

  private void file(HttpExchange exchange, String path) throws IOException {
    if (path.startsWith("/store/")) {
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    exchange.getResponseHeaders().add("Content-Type", "image/jpeg");
    exchange.sendResponseHeaders(200, picture.length);
    exchange.getResponseBody().write(picture);
  }

  private void queue(HttpExchange exchange, String path, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("POST")) {
      submit(exchange, path, body);
      return;
    }
    String id = path.replaceFirst(".*/requests/([^/]+).*", "$1");
    if (path.endsWith("/status")) {
      int seen = polls.merge(id, 1, Integer::sum);
      reply(
          exchange,
          seen < looks ? 202 : 200,
          "{\"status\": \"%s\", \"request_id\": \"%s\", \"logs\": [{\"message\": \"canary-log-line\"}]}"
              .formatted(seen < looks ? "IN_PROGRESS" : "COMPLETED", id));
      return;
    }
    if (!"token=canary-response-token".equals(exchange.getRequestURI().getQuery())) {
      reply(exchange, 403, "{\"detail\": \"use the address that you were given\"}");
      return;
    }
    exchange.getResponseHeaders().add("x-fal-request-id", id);
    exchange.getResponseHeaders().add("x-fal-billable-units", "0.5");
    reply(
        exchange,
        200,
        """
        {"images": [{"url": "%s/cdn/canary-path-%s/0.jpg%s", "width": 64, "height": 64, "content_type": "image/jpeg"}],
         "seed": 7, "has_nsfw_concepts": [false], "prompt": "canary-echo", "owner": "canary-account"}"""
            .formatted(url(), id, SIGNED));
  }

  private void submit(HttpExchange exchange, String path, byte[] body) throws IOException {
    if (refusal != 0) {
      exchange.getResponseHeaders().add("Retry-After", "0");
      reply(exchange, refusal, "{\"detail\": \"the stand-in was told to\"}");
      refusal = refusal == 429 ? 0 : refusal;
      return;
    }
    submitted.add(JSON.readTree(body));
    billed.add(path);
    if (cutting) {
      return;
    }
    String id = "job-%04d".formatted(next());
    String[] parts = path.split("/", -1);
    String base = "%s/queue/%s/%s/requests/%s".formatted(url(), parts[1], parts[2], id);
    ObjectNode accepted =
        JSON.createObjectNode()
            .put("status", "IN_QUEUE")
            .put("request_id", id)
            .put("gateway_request_id", "canary-gateway-id")
            .put("response_url", base + "?token=canary-response-token")
            .put("status_url", base + "/status")
            .put("cancel_url", base + "/cancel")
            .put("queue_position", 0);
    reply(exchange, 200, accepted.toString());
  }

  private void openai(HttpExchange exchange, String path, byte[] body) throws IOException {
    if (refusal != 0) {
      reply(exchange, refusal, "{\"error\": {\"message\": \"the stand-in was told to\"}}");
      return;
    }
    submitted.add(JSON.createObjectNode().put("body", new String(body, ISO_8859_1)));
    billed.add(path);
    exchange.getResponseHeaders().add("x-request-id", "req_%04d".formatted(next()));
    exchange.getResponseHeaders().add("openai-organization", "org-canary-organisation");
    reply(
        exchange,
        200,
        """
        {"created": 1763700000, "data": [{"b64_json": "%s"}], "output_format": "png", "account": "canary-account",
         "usage": {"input_tokens": 10, "output_tokens": 100, "total_tokens": 110,
                   "input_tokens_details": {"text_tokens": 10, "image_tokens": 0}}}"""
            .formatted(Base64.getEncoder().encodeToString(picture)));
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
