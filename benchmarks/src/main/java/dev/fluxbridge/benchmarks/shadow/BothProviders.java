package dev.fluxbridge.benchmarks.shadow;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * fal's queue and OpenAI's images on this machine, in a process of its own. Each draws for a while
 * and then gives a picture of 1024x1024 that can be decoded.
 */
final class BothProviders {
  private static final int SIDE = 1024;

  private final String base;
  private final long drawingMillis;
  private final byte[] png = picture(3);
  private final byte[] openai = openai(picture(5));

  private BothProviders(String base, long drawingMillis) {
    this.base = base;
    this.drawingMillis = drawingMillis;
  }

  /** {@code args}: milliseconds of drawing. Prints its address and serves until its input ends. */
  public static void main(String[] args) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    BothProviders providers = new BothProviders(base, Long.parseLong(args[0]));
    server.createContext("/", providers::answer);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    System.out.println(base);
    while (System.in.read() >= 0) {
      // whoever started this has not gone yet
    }
    System.exit(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith("/v1/")) {
        draw();
        exchange.getResponseHeaders().add("x-request-id", "req_1");
        send(exchange, "application/json", openai);
      } else if (path.startsWith("/media/")) {
        send(exchange, "image/png", png);
      } else {
        send(exchange, "application/json", fal(path).getBytes(UTF_8));
      }
    }
  }

  private String fal(String path) {
    String id = base + "/fal-ai/flux/requests/r-1";
    if (path.endsWith("/status")) {
      draw();
      return "{\"status\": \"COMPLETED\", \"request_id\": \"r-1\"}";
    }
    if (path.endsWith("/r-1")) {
      return "{\"images\": [{\"url\": \"%s/media/1.png\", \"content_type\": \"image/png\"}], \"seed\": 7}"
          .formatted(base);
    }
    return "{\"status\": \"IN_QUEUE\", \"request_id\": \"r-1\", \"queue_position\": 0, \"response_url\": \"%1$s\", \"status_url\": \"%1$s/status\", \"cancel_url\": \"%1$s/cancel\"}"
        .formatted(id);
  }

  private void draw() {
    try {
      TimeUnit.MILLISECONDS.sleep(drawingMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] openai(byte[] picture) {
    return """
    {"created": 1763700000, "data": [{"b64_json": "%s"}],
     "usage": {"input_tokens": 10, "output_tokens": 100, "total_tokens": 110,
               "input_tokens_details": {"text_tokens": 10, "image_tokens": 0}}}"""
        .formatted(Base64.getEncoder().encodeToString(picture))
        .getBytes(UTF_8);
  }

  /** Waves of colour, so that it compresses about as a drawing does. */
  private static byte[] picture(int waves) {
    byte[] pixels = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      int x = i / 3 % SIDE;
      int y = i / 3 / SIDE;
      double wave = Math.sin(waves * (x + (i % 3) * y) / 200.0) * Math.cos(waves * y / 90.0);
      pixels[i] = (byte) (128 + 120 * wave);
    }
    return Bitmaps.png(new Bitmap(SIDE, SIDE, 3, pixels));
  }
}
