package dev.fluxbridge.providers.fal.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * fal on loopback as both clients see it: writes down what arrives and answers as the scenario
 * wants. Every host of fal's is the first part of a path here.
 */
final class RecordingServer implements AutoCloseable {
  static final String REQUEST_ID = "764cabcf-b745-4b3e-ae38-1200304cf45b";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the HTTP library adds by itself, or what names the client. */
  private static final Set<String> NOT_THE_CLIENTS =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "accept-encoding",
          "accept-language",
          "sec-fetch-mode",
          "user-agent");

  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final ObjectNode recorded = JSON.createObjectNode();
  private String scenario = "";
  private ArrayNode exchanges = JSON.createArrayNode();

  /** What is answered. */
  private record Answer(int status, String type, String body) {
    static Answer json(int status, String body) {
      return new Answer(status, "application/json", body);
    }
  }

  RecordingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(workers);
    server.start();
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** From now on everything belongs to that scenario. */
  synchronized void begin(String name) {
    scenario = name;
    exchanges = recorded.putArray(name);
  }

  /** By scenario, what arrived, in the order of arrival. */
  synchronized ObjectNode recorded() {
    return recorded;
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      if (path.startsWith("/scenario/")) {
        begin(path.substring("/scenario/".length()));
        exchange.sendResponseHeaders(204, -1);
        return;
      }
      record(exchange);
      String method = exchange.getRequestMethod();
      Answer answer = answer(method, path, exchanges.size());
      byte[] body = answer.body.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type);
      if (answer.status != 503 && answer.status != 504) {
        exchange.getResponseHeaders().set("x-fal-request-id", REQUEST_ID);
      }
      exchange.getResponseHeaders().set("ETag", "\"etag-" + exchanges.size() + "\"");
      exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void record(HttpExchange exchange) throws IOException {
    ObjectNode seen = exchanges.addObject();
    URI uri = exchange.getRequestURI();
    seen.put("method", exchange.getRequestMethod());
    seen.put("path", uri.getRawPath());
    ObjectNode query = seen.putObject("query");
    if (uri.getRawQuery() != null) {
      for (String pair : uri.getRawQuery().split("&", -1)) {
        String[] sides = pair.split("=", 2);
        query.put(decoded(sides[0]), sides.length > 1 ? decoded(sides[1]) : "");
      }
    }
    ObjectNode headers = seen.putObject("headers");
    lowerCased(exchange.getRequestHeaders()).forEach(headers::put);
    seen.set("body", body(exchange.getRequestBody()));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, UTF_8);
  }

  private static Map<String, String> lowerCased(Headers headers) {
    Map<String, String> own = new TreeMap<>();
    headers.forEach(
        (name, values) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!NOT_THE_CLIENTS.contains(lower)) {
            own.put(lower, String.join(", ", values));
          }
        });
    return own;
  }

  /** JSON as it is, short texts too, of anything long the size. */
  private static JsonNode body(InputStream in) throws IOException {
    byte[] start = in.readNBytes(4096);
    long rest = in.transferTo(OutputStream.nullOutputStream());
    if (rest > 0) {
      return JSON.createObjectNode().put("bytes", start.length + rest);
    }
    try {
      JsonNode tree = start.length == 0 ? null : JSON.readTree(start);
      return tree != null && tree.isContainerNode()
          ? tree
          : JSON.getNodeFactory().textNode(new String(start, UTF_8));
    } catch (IOException notJson) {
      return JSON.getNodeFactory().textNode(new String(start, UTF_8));
    }
  }

  private Answer answer(String method, String path, int number) {
    if (path.startsWith("/rest.fal.ai/storage/upload/initiate")) {
      return Answer.json(
          200,
          "{\"upload_url\":\"%s/upload.example/put/1?signature=s3cret\",\"file_url\":\"%s/files.example/1\"}"
              .formatted(base(), base()));
    }
    if (path.startsWith("/upload.example/")) {
      return path.endsWith("/complete") || !path.matches(".*/\\d+/\\d+")
          ? Answer.json(200, "{}")
          : Answer.json(
              200,
              "{\"partNumber\":%s,\"etag\":\"etag-%s\"}".formatted(lastPart(path), lastPart(path)));
    }
    if (path.endsWith("/stream")) {
      return stream(path);
    }
    if (path.startsWith("/fal.run/")) {
      return scenario.equals("run-refused")
          ? Answer.json(
              422,
              "{\"detail\":[{\"loc\":[\"body\",\"prompt\"],\"msg\":\"too long\",\"type\":\"value_error\"}]}")
          : Answer.json(200, "{\"images\":[]}");
    }
    if (path.endsWith("/cancel")) {
      return scenario.equals("cancel-too-late")
          ? Answer.json(400, "{\"status\":\"ALREADY_COMPLETED\"}")
          : Answer.json(202, "{\"status\":\"CANCELLATION_REQUESTED\"}");
    }
    if (path.endsWith("/status")) {
      return status(number);
    }
    return method.equals("GET") ? result() : submitted(path, number);
  }

  private static String lastPart(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Answer stream(String path) {
    String events =
        path.endsWith("/status/stream")
            ? event("{\"status\":\"IN_QUEUE\",\"queue_position\":0}")
                + event("{\"status\":\"COMPLETED\"}")
            : event("{\"output\":\"a\"}") + event("{\"output\":\"ab\"}");
    return new Answer(200, "text/event-stream", events);
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  private Answer status(int number) {
    if (scenario.equals("status-after-a-failure") && number == 1) {
      return Answer.json(500, "{\"detail\":\"try again\"}");
    }
    if (scenario.equals("subscribe") && number < 4) {
      return number == 2
          ? Answer.json(202, "{\"status\":\"IN_QUEUE\",\"queue_position\":1}")
          : Answer.json(202, "{\"status\":\"IN_PROGRESS\"}");
    }
    return Answer.json(200, "{\"status\":\"COMPLETED\",\"logs\":[]}");
  }

  private Answer result() {
    return scenario.equals("result-of-a-failed-request")
        ? Answer.json(
            422,
            "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"unsafe\",\"type\":\"content_policy\"}]}")
        : Answer.json(200, "{\"images\":[]}");
  }

  private Answer submitted(String path, int number) {
    if (scenario.equals("submit-where-a-gateway-is-down") && number == 1) {
      return new Answer(503, "text/html", "<html>no upstream</html>");
    }
    if (scenario.equals("submit-where-a-gateway-gives-up") && number == 1) {
      return new Answer(504, "text/html", "<html>upstream timed out</html>");
    }
    String[] parts = path.split("/", -1);
    boolean named = parts[2].equals("workflows");
    String app =
        base() + "/queue.fal.run/" + (named ? "workflows/me/flow" : parts[2] + "/" + parts[3]);
    String about = app + "/requests/" + REQUEST_ID;
    ObjectNode body = JSON.createObjectNode().put("request_id", REQUEST_ID);
    body.put("status", "IN_QUEUE").put("status_url", about + "/status");
    body.put("response_url", about).put("cancel_url", about + "/cancel");
    return Answer.json(200, body.toString());
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdown();
  }
}
