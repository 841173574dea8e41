package dev.fluxbridge.cli.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Speaks fal's queue protocol over HTTP on this machine, for people without a key: submit, status,
 * result, cancel and the media file. It draws no FLUX pictures, only {@link Sketch}es, and holds
 * nothing of fal's beyond the protocol.
 *
 * <p>Every job is first queued, then in progress, then completed, one state a poll; told to {@link
 * #fail}, it accepts jobs as before and none of them comes to anything, as when the machine behind
 * an endpoint is gone. Safe for use by several threads.
 */
public final class FalStandIn implements AutoCloseable {
  /** The only key that it accepts. */
  public static final String KEY = "stand-in:not-a-secret";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern REQUEST =
      Pattern.compile("(?<app>/[^/]+/[^/]+)/requests/(?<id>[0-9a-f-]+)(?<verb>/status|/cancel)?");
  private static final int POLLS_UNTIL_DONE = 2;

  private final HttpServer server;
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();

  private volatile boolean failing;

  private FalStandIn(HttpServer server) {
    this.server = server;
  }

  /** Listens on a free port of this machine. */
  public static FalStandIn start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    FalStandIn standIn = new FalStandIn(server);
    server.createContext("/", standIn::answer);
    server.start();
    return standIn;
  }

  /** Where it listens. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on nothing comes of any job, those under way included. */
  public void fail() {
    failing = true;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Matcher request = REQUEST.matcher(path);
      if (path.startsWith("/media/")) {
        media(exchange, path.substring("/media/".length()));
      } else if (!("Key " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        reply(exchange, 401, JSON.createObjectNode().put("detail", "No valid key"));
      } else if (request.matches()) {
        follow(exchange, request);
      } else if (exchange.getRequestMethod().equals("POST")) {
        submit(exchange, path);
      } else {
        reply(exchange, 404, JSON.createObjectNode().put("detail", "Not found"));
      }
    }
  }

  private void submit(HttpExchange exchange, String path) throws IOException {
    JsonNode input = JSON.readTree(exchange.getRequestBody());
    String[] parts = path.split("/", -1);
    if (parts.length < 3 || !input.path("prompt").isTextual()) {
      reply(
          exchange,
          422,
          JSON.createObjectNode().put("detail", "An endpoint and a prompt are needed"));
      return;
    }
    String id = UUID.randomUUID().toString();
    jobs.put(id, new Job(input));
    String base = url() + "/" + parts[1] + "/" + parts[2] + "/requests/" + id;
    reply(
        exchange,
        200,
        JSON.createObjectNode()
            .put("status", "IN_QUEUE")
            .put("request_id", id)
            .put("response_url", base)
            .put("status_url", base + "/status")
            .put("cancel_url", base + "/cancel")
            .put("queue_position", 0));
  }

  private void follow(HttpExchange exchange, Matcher request) throws IOException {
    String id = request.group("id");
    Job job = jobs.get(id);
    if (job == null) {
      reply(exchange, 404, JSON.createObjectNode().put("status", "NOT_FOUND"));
    } else if ("/status".equals(request.group("verb"))) {
      reply(exchange, job.isDone() ? 200 : 202, job.status(id));
    } else if ("/cancel".equals(request.group("verb"))) {
      jobs.remove(id);
      reply(exchange, 202, JSON.createObjectNode().put("status", "CANCELLATION_REQUESTED"));
    } else if (!job.isDone()) {
      reply(exchange, 400, JSON.createObjectNode().put("detail", "Request is still in progress"));
    } else if (failing) {
      exchange.getResponseHeaders().add("x-fal-request-id", id);
      ObjectNode gone = JSON.createObjectNode();
      gone.withArray("/detail")
          .addObject()
          .put("type", "downstream_service_unavailable")
          .put("msg", "The stand-in was told to fail")
          .putArray("loc");
      reply(exchange, 400, gone);
    } else {
      exchange.getResponseHeaders().add("x-fal-request-id", id);
      exchange.getResponseHeaders().add("x-fal-billable-units", "0");
      reply(exchange, 200, job.result(url() + "/media/" + id + "/"));
    }
  }

  private void media(HttpExchange exchange, String idAndIndex) throws IOException {
    String[] parts = idAndIndex.split("/", -1);
    Job job = jobs.get(parts[0]);
    if (job == null || parts.length != 2) {
      reply(exchange, 404, JSON.createObjectNode().put("detail", "Not found"));
      return;
    }
    byte[] png = job.png(Integer.parseInt(parts[1].replace(".png", "")));
    exchange.getResponseHeaders().add("Content-Type", "image/png");
    exchange.sendResponseHeaders(200, png.length);
    exchange.getResponseBody().write(png);
  }

  private static void reply(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** One accepted request. */
  private static final class Job {
    private final JsonNode input;
    private int polls;

    Job(JsonNode input) {
      this.input = input;
    }

    synchronized boolean isDone() {
      return polls >= POLLS_UNTIL_DONE;
    }

    synchronized ObjectNode status(String id) {
      ObjectNode status = JSON.createObjectNode().put("request_id", id);
      switch (polls++) {
        case 0 -> status.put("status", "IN_QUEUE").put("queue_position", 0);
        case 1 -> status.put("status", "IN_PROGRESS").putArray("logs");
        default ->
            status.put("status", "COMPLETED").putObject("metrics").put("inference_time", 0.01);
      }
      return status;
    }

    JsonNode result(String mediaUrl) {
      ObjectNode result = JSON.createObjectNode();
      int count = input.path("num_images").asInt(1);
      for (int i = 0; i < count; i++) {
        result
            .withArray("images")
            .addObject()
            .put("url", mediaUrl + i + ".png")
            .put("width", width())
            .put("height", height())
            .put("content_type", "image/png");
        result.withArray("has_nsfw_concepts").add(false);
      }
      result.put("seed", seed()).put("prompt", input.path("prompt").asText());
      result.putObject("timings").put("inference", 0.01);
      return result;
    }

    byte[] png(int index) throws IOException {
      return Sketch.png(input.path("prompt").asText(), width(), height(), seed() + index);
    }

    private int width() {
      return input.path("image_size").path("width").asInt(512);
    }

    private int height() {
      return input.path("image_size").path("height").asInt(512);
    }

    private long seed() {
      return input.path("seed").asLong(0);
    }
  }
}
