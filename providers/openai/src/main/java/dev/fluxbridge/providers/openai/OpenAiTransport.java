package dev.fluxbridge.providers.openai;

import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpHeaders;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.Transport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Sends openai-java's requests over our own transport: once each, and with an honest word on
 * whether a request that failed may have arrived, which openai-java's own client does not give.
 *
 * <p>Safe for use by several threads; owns connections.
 */
final class OpenAiTransport implements HttpClient {
  private final Transport transport;
  private final int longestAnswer;

  /**
   * A client over this transport.
   *
   * @param transport closed with this
   * @param longestAnswer bytes of an answer's body
   */
  OpenAiTransport(Transport transport, int longestAnswer) {
    this.transport = transport;
    this.longestAnswer = longestAnswer;
  }

  /** No usable reply came. Passes through openai-java as it is. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpException failure;

    Failed(HttpException failure) {
      super(failure);
      this.failure = failure;
    }

    HttpException failure() {
      return failure;
    }
  }

  /** An answer of which only the beginning was kept. */
  static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient HttpReply reply;

    TooLong(HttpReply reply) {
      this.reply = reply;
    }

    HttpReply reply() {
      return reply;
    }
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    HttpReply reply;
    try {
      reply = transport.send(encode(request, options), longestAnswer);
    } catch (HttpException failure) {
      throw new Failed(failure);
    }
    if (reply.truncated()) {
      throw new TooLong(reply);
    }
    return new Reply(reply);
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    throw new UnsupportedOperationException("the calls here wait");
  }

  private static dev.fluxbridge.providers.http.HttpRequest encode(
      HttpRequest request, RequestOptions options) {
    HttpHeaders headers = HttpHeaders.NONE;
    for (Map.Entry<String, List<String>> field : request.headers().asMap().entrySet()) {
      for (String value : field.getValue()) {
        headers = headers.with(field.getKey(), value);
      }
    }
    var encoded =
        new dev.fluxbridge.providers.http.HttpRequest(
            request.method().name(),
            URI.create(request.url()),
            headers,
            Optional.ofNullable(request.body()).map(OpenAiTransport::encode),
            Optional.empty());
    return options.getTimeout() == null ? encoded : encoded.within(options.getTimeout().request());
  }

  private static dev.fluxbridge.providers.http.HttpRequest.Body encode(HttpRequestBody body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.writeTo(bytes);
    String type = body.contentType();
    return new dev.fluxbridge.providers.http.HttpRequest.Body(
        type == null ? "" : type, bytes.toByteArray());
  }

  @Override
  public void close() {
    transport.close();
  }

  /** What came, as openai-java reads it. */
  private static final class Reply implements HttpResponse {
    private final HttpReply reply;

    Reply(HttpReply reply) {
      this.reply = reply;
    }

    @Override
    public int statusCode() {
      return reply.status();
    }

    @Override
    public Headers headers() {
      Headers.Builder headers = Headers.builder();
      reply.headers().fields().forEach(field -> headers.put(field.name(), field.value()));
      return headers.build();
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(reply.body());
    }

    @Override
    public void close() {}
  }
}
