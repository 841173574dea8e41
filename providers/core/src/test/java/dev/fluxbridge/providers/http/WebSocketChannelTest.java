package dev.fluxbridge.providers.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.http.HttpException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WebSocketChannelTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final WebSocketChannel.Limits LIMITS =
      new WebSocketChannel.Limits(LONG, LONG, SHORT, 100_000, 1_000_000, 50);

  private final MockWebServer server = new MockWebServer();
  private final ConnectionPool pool = new ConnectionPool();
  private final Transport transport =
      new Transport(
          new OkHttpClient.Builder().connectionPool(pool).build(),
          new Timeouts(LONG, LONG, LONG, LONG));
  private final Peer peer = new Peer();
  private final Notes notes = new Notes();

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void closesEveryConnectionThatItOpened() throws InterruptedException {
    transport.close();
    // OkHttp lets go of a WebSocket that was cut a moment later, on a thread of its own
    for (int i = 0; i < 200 && pool.connectionCount() > 0; i++) {
      Effects.Pause.system().pause(Duration.ofMillis(10));
    }
    assertThat(pool.connectionCount()).isZero();
    server.close();
  }

  /** The other side. */
  private static final class Peer extends WebSocketListener {
    final BlockingQueue<WebSocket> sockets = new LinkedBlockingQueue<>();
    final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    @Override
    public void onOpen(WebSocket socket, Response response) {
      sockets.add(socket);
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      heard.add(text);
    }

    @Override
    public void onMessage(WebSocket socket, ByteString bytes) {
      heard.add(bytes);
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      heard.add("closing " + code);
      socket.close(code, reason);
    }

    @Override
    public void onFailure(
        WebSocket socket, Throwable failure, @org.jspecify.annotations.Nullable Response response) {
      heard.add("gone");
    }

    WebSocket socket() throws InterruptedException {
      return Objects.requireNonNull(sockets.poll(10, TimeUnit.SECONDS));
    }

    Object next() throws InterruptedException {
      return Objects.requireNonNull(heard.poll(10, TimeUnit.SECONDS), "nothing was heard");
    }
  }

  /** Writes down what it is told. */
  private static class Notes implements WebSocketChannel.Listener {
    final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

    @Override
    public void opened(WebSocketChannel channel) {
      told.add("opened");
    }

    @Override
    public void text(String message) {
      told.add(message);
    }

    @Override
    public void binary(byte[] message) {
      told.add(ByteString.of(message));
    }

    @Override
    public void answered(HttpReply reply) {
      told.add(reply);
    }

    @Override
    public void closed(int code, String reason) {
      told.add("closed " + code + " " + reason);
    }

    @Override
    public void failed(HttpException failure) {
      told.add(failure);
    }

    Object next() throws InterruptedException {
      return Objects.requireNonNull(told.poll(10, TimeUnit.SECONDS), "nothing was told");
    }

    HttpException failure() throws InterruptedException {
      return (HttpException) next();
    }
  }

  private URI uri() {
    return URI.create("http://127.0.0.1:" + server.getPort() + "/app/realtime?token=canary");
  }

  private WebSocketChannel open(WebSocketChannel.Limits limits) {
    return transport.webSocket(HttpRequest.get(uri()).with("X-A", "b"), limits, notes);
  }

  private WebSocketChannel opened(WebSocketChannel.Limits limits) throws Exception {
    server.enqueue(new MockResponse.Builder().webSocketUpgrade(peer).build());
    WebSocketChannel channel = open(limits);
    assertThat(notes.next()).isEqualTo("opened");
    return channel;
  }

  @Test
  void carriesTextAndBytesBothWaysAndOffersNoCompression() throws Exception {
    WebSocketChannel channel = opened(LIMITS);
    WebSocket other = peer.socket();

    assertThat(channel.send("grüße")).isTrue();
    assertThat(channel.send(new byte[] {1, 2, 0})).isTrue();
    assertThat(peer.next()).isEqualTo("grüße");
    assertThat(peer.next()).isEqualTo(ByteString.of((byte) 1, (byte) 2, (byte) 0));
    other.send("hej");
    other.send(ByteString.of((byte) 9));
    assertThat(notes.next()).isEqualTo("hej");
    assertThat(notes.next()).isEqualTo(ByteString.of((byte) 9));

    RecordedRequest handshake = server.takeRequest();
    assertThat(handshake.getHeaders().get("X-A")).isEqualTo("b");
    assertThat(handshake.getHeaders().get("Sec-WebSocket-Extensions")).isNull();
    assertThat(handshake.getTarget()).isEqualTo("/app/realtime?token=canary");
    assertThat(channel.toString()).contains("/app/realtime").doesNotContain("canary");
  }

  @Test
  void saysGoodbyeAfterWhatIsWaiting() throws Exception {
    WebSocketChannel channel = opened(LIMITS);

    assertThat(channel.send("last")).isTrue();
    channel.close();

    assertThat(peer.next()).isEqualTo("last");
    assertThat(peer.next()).isEqualTo("closing 1000");
    assertThat(notes.next()).isEqualTo("closed 1000 ");
    assertThat(channel.send("too late")).isFalse();
    channel.close();
    assertThat(notes.told).isEmpty();
  }

  @Test
  void answersTheServersGoodbyeAndTellsItsCode() throws Exception {
    WebSocketChannel channel = opened(LIMITS);

    peer.socket().close(1011, "it broke");

    assertThat(notes.next()).isEqualTo("closed 1011 it broke");
    assertThat(channel.send("too late")).isFalse();
  }

  @Test
  void cutsTheLineWhenTheServerDoesNotAnswerItsGoodbye() throws Exception {
    try (RawServer mute = upgrading(exchange -> exchange.waitForTheEnd())) {
      WebSocketChannel channel = transport.webSocket(HttpRequest.get(mute.uri("/")), LIMITS, notes);
      assertThat(notes.next()).isEqualTo("opened");
      channel.close();

      assertThat(notes.next()).isEqualTo("closed 1006 ");
      assertThat(mute.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Does the handshake by hand, and then as it is told. */
  private static RawServer upgrading(RawServer.Behaviour then) throws IOException {
    return upgrading("", then);
  }

  private static RawServer upgrading(String fields, RawServer.Behaviour then) throws IOException {
    return new RawServer(
        exchange -> {
          String key = "";
          for (String line = exchange.in().readLine();
              line != null && !line.isEmpty();
              line = exchange.in().readLine()) {
            if (line.startsWith("Sec-WebSocket-Key: ")) {
              key = line.substring("Sec-WebSocket-Key: ".length());
            }
          }
          exchange.write(
              "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Accept: "
                  + accept(key)
                  + "\r\n"
                  + fields
                  + "\r\n");
          then.serve(exchange);
        });
  }

  private static String accept(String key) {
    try {
      byte[] text =
          (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Test
  void saysThatTheServerLeftInTheMiddleOfAFrame() throws Exception {
    try (RawServer half =
        upgrading(exchange -> exchange.out().write(new byte[] {(byte) 0x82, 100, 1, 2}))) {
      transport.webSocket(HttpRequest.get(half.uri("/a?token=canary")), LIMITS, notes);

      assertThat(notes.next()).isEqualTo("opened");
      HttpException failure = notes.failure();
      assertThat(failure.kind()).isEqualTo(Kind.BROKEN);
      assertThat(failure.maybeDelivered()).isTrue();
      assertThat(failure).hasMessageContaining("/a broke").hasMessageNotContaining("canary");
    }
  }

  @Test
  void refusesAHugeFrameBeforeItIsInMemory() throws Exception {
    try (RawServer huge =
        upgrading(
            exchange -> {
              exchange.out().write(new byte[] {(byte) 0x82, 127, 0, 0, 0, 8, 0, 0, 0, 0});
              byte[] piece = new byte[10_000];
              while (true) {
                exchange.out().write(piece);
              }
            })) {
      transport.webSocket(HttpRequest.get(huge.uri("/")), LIMITS, notes);

      assertThat(notes.next()).isEqualTo("opened");
      HttpException failure = notes.failure();
      assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
      assertThat(failure).hasMessageContaining("more than 100000 bytes");
      assertThat(huge.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void refusesAMessageThatIsALittleTooLargeAndTakesManySmallOnes() throws Exception {
    opened(LIMITS);
    WebSocket other = peer.socket();

    for (int i = 0; i < 20; i++) {
      other.send("x".repeat(50_000));
      assertThat((String) notes.next()).hasSize(50_000);
    }
    other.send(ByteString.of(new byte[100_001]));

    assertThat(notes.failure().kind()).isEqualTo(Kind.REJECTED);
    assertThat(peer.next()).isEqualTo("gone");
  }

  @Test
  void handsOnAnAnswerThatIsNoHandshake() throws Exception {
    server.enqueue(
        new MockResponse.Builder().code(401).addHeader("X-A", "b").body("x".repeat(60)).build());
    open(LIMITS);

    HttpReply reply = (HttpReply) notes.next();
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.headers().first("X-A")).contains("b");
    assertThat(reply.text()).isEqualTo("x".repeat(50));
    assertThat(reply.truncated()).isTrue();
  }

  @Test
  void unpacksNothingThatTheServerCompressedUnasked() throws Exception {
    try (RawServer packing =
        upgrading(
            "Sec-WebSocket-Extensions: permessage-deflate\r\n",
            exchange -> {
              exchange.out().write(new byte[] {(byte) 0xc2, 1, 0});
              exchange.waitForTheEnd();
            })) {
      transport.webSocket(HttpRequest.get(packing.uri("/")), LIMITS, notes);

      assertThat(notes.next()).isEqualTo("opened");
      assertThat(notes.failure().kind()).isEqualTo(Kind.BROKEN);
      assertThat(packing.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void waitsForTheHandshakeNoLongerThanItMay() throws Exception {
    try (RawServer mute = new RawServer(RawServer.Exchange::waitForTheEnd)) {
      transport.webSocket(
          HttpRequest.get(mute.uri("/")),
          new WebSocketChannel.Limits(SHORT, LONG, SHORT, 100, 100, 50),
          notes);

      assertThat(notes.failure().kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(mute.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void noticesThatTheOtherSideShowsNoSignOfLife() throws Exception {
    try (RawServer mute = upgrading(exchange -> exchange.waitForTheEnd())) {
      transport.webSocket(
          HttpRequest.get(mute.uri("/")),
          new WebSocketChannel.Limits(LONG, SHORT, SHORT, 100, 100, 50),
          notes);

      assertThat(notes.next()).isEqualTo("opened");
      assertThat(notes.failure().kind()).isEqualTo(Kind.TIMED_OUT);
    }
  }

  @Test
  void saysWhenThereIsNoConnection() throws Exception {
    URI uri = uri();
    server.close();
    transport.webSocket(HttpRequest.get(uri), LIMITS, notes);

    HttpException failure = notes.failure();
    assertThat(failure.kind()).isEqualTo(Kind.NO_CONNECTION);
    assertThat(failure.maybeDelivered()).isFalse();
  }

  @Test
  void refusesToQueueMoreThanItMay() throws Exception {
    WebSocketChannel channel =
        opened(new WebSocketChannel.Limits(LONG, LONG, SHORT, 100, 1000, 50));

    assertThat(channel.send("x".repeat(1001))).isFalse();
    assertThat(channel.send("x".repeat(1000))).isTrue();
    assertThat(peer.next()).isEqualTo("x".repeat(1000));
  }

  @Test
  void canBeClosedBeforeItIsOpen() throws Exception {
    try (RawServer mute = new RawServer(RawServer.Exchange::waitForTheEnd)) {
      transport.webSocket(HttpRequest.get(mute.uri("/")), LIMITS, notes).close();

      assertThat(notes.next()).isEqualTo("closed 1006 ");
    }
  }

  @Test
  void isCutWithItsTransport() throws Exception {
    opened(LIMITS);
    transport.close();

    assertThat(notes.next()).isEqualTo("closed 1006 ");
    assertThat(peer.next()).isEqualTo("gone");
  }

  @Test
  void tellsItsListenerOfItsOwnDefect() throws Exception {
    Notes broken =
        new Notes() {
          @Override
          public void text(String message) {
            throw new IllegalStateException("a defect");
          }
        };
    server.enqueue(new MockResponse.Builder().webSocketUpgrade(peer).build());
    transport.webSocket(HttpRequest.get(uri()), LIMITS, broken);
    assertThat(broken.next()).isEqualTo("opened");
    peer.socket().send("x");

    assertThat(broken.failure()).hasRootCauseMessage("a defect");
  }
}
