package dev.fluxbridge.providers.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Timeouts;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.net.ServerSocketFactory;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** OpenAI's image API on loopback: it answers as it is told, and remembers what it was sent. */
final class OpenAiServer implements AutoCloseable {
  static final String KEY = "sk-canary-0123456789";
  static final String REQUEST_ID = "req_1";
  static final ObjectMapper JSON = new ObjectMapper();

  final List<RecordedRequest> requests = Collections.synchronizedList(new ArrayList<>());
  private final MockWebServer server = new MockWebServer();
  private volatile Function<RecordedRequest, MockResponse> answer = this::draws;

  OpenAiServer() {
    server.setServerSocketFactory(new Prompt());
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            requests.add(request);
            return answer.apply(request);
          }
        });
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sockets that do not wait for an acknowledgement before the next piece, 40 ms each time. */
  private static final class Prompt extends ServerSocketFactory {
    @Override
    public ServerSocket createServerSocket() throws IOException {
      return new ServerSocket() {
        @Override
        public Socket accept() throws IOException {
          Socket accepted = super.accept();
          accepted.setTcpNoDelay(true);
          return accepted;
        }
      };
    }

    @Override
    public ServerSocket createServerSocket(int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
      throw new UnsupportedOperationException();
    }
  }

  OpenAiConfig config() {
    return OpenAiConfig.fromEnvironment(Map.of("OPENAI_API_KEY", KEY)::get)
        .withBaseUrl(URI.create("http://localhost:" + server.getPort() + "/v1"))
        .with(new Retry(3, Duration.ofSeconds(1), Duration.ofSeconds(10), 0))
        .with(
            new Timeouts(
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofSeconds(4)));
  }

  /** Answers every request like this. */
  void answers(MockResponse response) {
    answer = request -> response;
  }

  /** Answers every request by what it is. */
  void answers(Function<RecordedRequest, MockResponse> how) {
    answer = how;
  }

  /** Answers one request after the other, the last one again and again. */
  void answers(List<MockResponse> responses) {
    answer = request -> responses.get(Math.min(requests.size(), responses.size()) - 1);
  }

  /** An answer with this status and body. */
  static MockResponse.Builder says(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", "application/json")
        .addHeader("x-request-id", REQUEST_ID)
        .body(body);
  }

  /** OpenAI's own shape of a refusal. */
  static MockResponse.Builder refuses(int status, String code, String message) {
    return says(
        status,
        """
        {"error": {"message": "%s", "type": "image_generation_user_error", "param": null, "code": "%s"}}
        """
            .formatted(message, code));
  }

  /** Pictures as asked for, and what they cost. */
  MockResponse draws(RecordedRequest request) {
    Map<String, String> fields = fields(request);
    String[] size = fields.getOrDefault("size", "").split("x", 2);
    byte[] png = png(Integer.parseInt(size[0]), Integer.parseInt(size[1]));
    return says(200, reply(png, Integer.parseInt(fields.getOrDefault("n", "")))).build();
  }

  static String reply(byte[] file, int count) {
    String picture = "{\"b64_json\": \"" + Base64.getEncoder().encodeToString(file) + "\"}";
    return """
    {"created": 1763700000, "background": "opaque", "output_format": "png", "quality": "high", "size": "1024x1024",
     "data": [%s],
     "usage": {"input_tokens": 60, "output_tokens": 4160, "total_tokens": 4220,
               "input_tokens_details": {"text_tokens": 10, "image_tokens": 50}}}
    """
        .formatted(
            IntStream.range(0, count).mapToObj(i -> picture).collect(Collectors.joining(",")));
  }

  static byte[] png(int width, int height) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The plain fields of a body, of either kind. */
  static Map<String, String> fields(RecordedRequest request) {
    String type = String.valueOf(request.getHeaders().get("Content-Type"));
    if (type.startsWith("multipart/")) {
      return Multipart.of(request).stream()
          .filter(part -> part.filename().isEmpty())
          .collect(Collectors.toMap(Multipart::name, part -> new String(part.bytes(), UTF_8)));
    }
    return json(request).properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, field -> field.getValue().asText()));
  }

  static JsonNode json(RecordedRequest request) {
    try {
      return JSON.readTree(request.getBody().toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RecordedRequest only() {
    if (requests.size() != 1) {
      throw new AssertionError(requests.size() + " requests came");
    }
    return requests.get(0);
  }

  @Override
  public void close() {
    server.close();
  }
}
