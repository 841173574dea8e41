package dev.fluxbridge.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.fal.FalRealtimeOptions.Encoding;
import dev.fluxbridge.providers.fal.FalRealtimeOptions.Login;
import dev.fluxbridge.providers.http.Effects;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FalRealtimeTest {
  private static final EndpointId APP = EndpointId.parse("fal-ai/fast-lcm");
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String TOKEN = "canary-secret-token";

  private final MockWebServer server = new MockWebServer();
  private final Peer peer = new Peer();
  private final AtomicInteger tokens = new AtomicInteger();
  private final FakeTime time = new FakeTime();
  private final FalInbox inbox = new FalInbox(10);
  private @Nullable FalClient client;
  private volatile Function<RecordedRequest, MockResponse> handshakes =
      request -> new MockResponse.Builder().webSocketUpgrade(peer).build();

  @BeforeEach
  void start() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            if (request.getTarget().equals("/tokens/")) {
              String token = "\"" + TOKEN + tokens.incrementAndGet() + "\"";
              return new MockResponse.Builder().body(token).build();
            }
            return handshakes.apply(request);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    inbox.close();
    client().close();
    server.close();
  }

  private FalClient client() {
    if (client == null) {
      URI base = URI.create("http://localhost:" + server.getPort());
      client =
          new FalClient(
              FalConfig.fromEnvironment(Map.of("FAL_KEY", FalServer.KEY)::get)
                  .with(FalHosts.allAt(base)),
              time.effects());
    }
    return client;
  }

  private FalRealtime open(FalRealtimeOptions options) {
    return client().realtime(APP, options, inbox);
  }

  private FalRealtime open() {
    return open(FalRealtimeOptions.DEFAULT);
  }

  private FalMessage message() {
    return inbox.take(SOON).orElseThrow();
  }

  private FalException problem() {
    return catchThrowableOfType(FalException.class, () -> inbox.take(SOON));
  }

  /** The endpoint. */
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
      heard.add(Objects.requireNonNull(MsgPack.read(bytes.toByteArray()).orElseThrow().value()));
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      heard.add("closing " + code);
      socket.close(code, reason);
    }

    @Override
    public void onFailure(WebSocket socket, Throwable failure, @Nullable Response response) {
      heard.add("gone");
    }

    WebSocket socket() throws InterruptedException {
      return Objects.requireNonNull(sockets.poll(10, TimeUnit.SECONDS), "nobody connected");
    }

    Object next() throws InterruptedException {
      return Objects.requireNonNull(heard.poll(10, TimeUnit.SECONDS), "nothing was heard");
    }
  }

  private static ByteString packed(Map<String, Object> values) {
    return ByteString.of(MsgPack.write(values));
  }

  @Test
  void connectsWithTheFirstMessageAndCarriesBytesBothWays() throws Exception {
    try (FalRealtime realtime = open()) {
      assertThat(server.getRequestCount()).isZero();
      Map<String, Object> input = new HashMap<>(Map.of("prompt", "a red fox", "seed", 7));
      input.put("image", new byte[] {1, 2});
      realtime.send(input);

      assertThat(peer.next())
          .usingRecursiveComparison()
          .isEqualTo(Map.of("prompt", "a red fox", "seed", 7L, "image", new byte[] {1, 2}));
      peer.socket().send(packed(Map.of("images", List.of(new byte[] {9}), "request_id", "r1")));
      FalMessage message = message();
      assertThat(message.requestId()).contains("r1");
      assertThat(message.values().get("images"))
          .usingRecursiveComparison()
          .isEqualTo(List.of(new byte[] {9}));
      assertThat(message.json()).contains("\"images\":[\"CQ==\"]");
      assertThat(message.toString()).contains("images").doesNotContain("r1");
    }
    assertThat(peer.next()).isEqualTo("closing 1000");
    RecordedRequest handshake = server.takeRequest();
    assertThat(handshake.getTarget()).isEqualTo("/fal-ai/fast-lcm/realtime");
    assertThat(handshake.getHeaders().get("Authorization")).isEqualTo("Key " + FalServer.KEY);
  }

  @Test
  void speaksJsonWhereItIsAskedToAndReadsItAlways() throws Exception {
    try (FalRealtime realtime = open(FalRealtimeOptions.DEFAULT.with(Encoding.JSON))) {
      realtime.send("{\"prompt\":\"a\",\"n\":[1,2.5,null,true]}");

      assertThat(peer.next()).isEqualTo("{\"prompt\":\"a\",\"n\":[1,2.5,null,true]}");
      peer.socket().send("{\"a\":1}");
      assertThat(message().values()).isEqualTo(Map.of("a", 1L));
    }
  }

  @Test
  void logsInWithATokenOfTheAppAndKeepsItUntilItIsOld() throws Exception {
    FalRealtimeOptions options =
        FalRealtimeOptions.DEFAULT.with(Login.TOKEN).withMaxBuffering(2).withPath("/ws");
    for (int i = 0; i < 3; i++) {
      try (FalRealtime realtime = open(options)) {
        realtime.send("{\"i\":" + i + "}");
        assertThat(peer.next()).isEqualTo(Map.of("i", (long) i));
      }
      assertThat(peer.next()).isEqualTo("closing 1000");
      if (i == 1) {
        time.effects().pause().pause(Duration.ofSeconds(108));
      }
    }

    RecordedRequest asked = server.takeRequest();
    assertThat(asked.getTarget()).isEqualTo("/tokens/");
    assertThat(asked.getHeaders().get("Authorization")).isEqualTo("Key " + FalServer.KEY);
    assertThat(Objects.requireNonNull(asked.getBody()).utf8())
        .isEqualTo("{\"allowed_apps\":[\"fast-lcm\"],\"token_expiration\":120}");
    RecordedRequest handshake = server.takeRequest();
    assertThat(handshake.getTarget())
        .isEqualTo("/fal-ai/fast-lcm/ws?fal_jwt_token=" + TOKEN + "1&max_buffering=2");
    assertThat(handshake.getHeaders().get("Authorization")).isNull();
    assertThat(tokens).hasValue(2);
  }

  @Test
  void fetchesAnotherTokenOnceWhenTheFirstIsNotBelieved() throws Exception {
    handshakes =
        request ->
            request.getTarget().endsWith(TOKEN + "1")
                ? new MockResponse.Builder().code(401).build()
                : new MockResponse.Builder().webSocketUpgrade(peer).build();
    try (FalRealtime realtime = open(FalRealtimeOptions.DEFAULT.with(Login.TOKEN))) {
      realtime.send("{\"a\":1}");

      assertThat(peer.next()).isEqualTo(Map.of("a", 1L));
      assertThat(tokens).hasValue(2);
    }
  }

  @Test
  void saysThatTheLoginIsRefusedAndWhatBecameOfTheMessages() throws Exception {
    handshakes =
        request -> new MockResponse.Builder().code(401).body("{\"detail\":\"No\"}").build();
    for (Login login : Login.values()) {
      FalRealtime realtime = open(FalRealtimeOptions.DEFAULT.with(login));
      realtime.send("{}");

      FalException problem = problem();
      assertThat(problem.reason()).isEqualTo(Reason.REFUSED);
      assertThat(problem).hasMessageContaining("not sent: 1").hasMessageNotContaining(TOKEN);
      realtime.close();
    }
    assertThat(tokens).hasValue(2);
  }

  @Test
  void tellsErrorsAndPassesOverTimings() throws Exception {
    try (FalRealtime realtime = open()) {
      realtime.send("{}");
      WebSocket socket = peer.socket();
      socket.send("{\"type\":\"x-fal-message\",\"action\":\"timings\",\"timing\":0.1}");
      socket.send(
          "{\"type\":\"x-fal-error\",\"error\":\"INTERNAL_ERROR\",\"reason\":\"it broke\"}");
      FalException broke = problem();
      assertThat(broke.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(broke).hasMessageContaining("INTERNAL_ERROR: it broke");

      socket.send("{\"status\":\"error\",\"error\":\"no good\",\"request_id\":\"r7\"}");
      assertThat(problem().requestId()).contains("r7");

      socket.send("a red fox");
      assertThat(problem().reason()).isEqualTo(Reason.BAD_REPLY);
      socket.send(ByteString.of((byte) 0xc1));
      FalException garbage = problem();
      assertThat(garbage.reason()).isEqualTo(Reason.BAD_REPLY);
      assertThat(garbage).hasMessageContaining("no MessagePack");

      socket.send("{\"a\":1}");
      assertThat(message().values()).containsEntry("a", 1L);
    }
  }

  @Test
  void dropsATokenThatTheEndpointDoesNotBelieveAndLogsInAnew() throws Exception {
    try (FalRealtime realtime = open(FalRealtimeOptions.DEFAULT.with(Login.TOKEN))) {
      realtime.send("{\"a\":1}");
      peer.next();
      peer.socket().send("{\"status\":\"error\",\"error\":\"Unauthorized\"}");
      assertThat(problem().reason()).isEqualTo(Reason.REFUSED);
      assertThat(peer.next()).isEqualTo("closing 1000");

      realtime.send("{\"a\":2}");
      assertThat(peer.next()).isEqualTo(Map.of("a", 2L));
      assertThat(tokens).hasValue(2);
    }
  }

  @Test
  void connectsAgainWithTheNextMessageAfterTheServerClosedAnIdleConnection() throws Exception {
    try (FalRealtime realtime = open()) {
      realtime.send("{\"a\":1}");
      peer.next();
      WebSocket first = peer.socket();
      first.send("{\"type\":\"x-fal-error\",\"error\":\"TIMEOUT\",\"reason\":\"idle\"}");
      first.close(1011, null);
      assertThat(inbox.take(SOON)).as("the end, without a problem").isEmpty();
      assertThat(peer.next()).isEqualTo("closing 1000");

      realtime.send("{\"a\":2}");
      assertThat(peer.next()).isEqualTo(Map.of("a", 2L));
      assertThat(server.getRequestCount()).isEqualTo(2);
    }
  }

  @Test
  void saysWhatMayBeBilledWhenTheConnectionEndsUnasked() throws Exception {
    try (FalRealtime realtime = open()) {
      realtime.send("{\"a\":1}");
      realtime.send("{\"a\":2}");
      peer.next();
      peer.next();
      peer.socket().close(1011, "overloaded");

      FalException lost = problem();
      assertThat(lost.reason()).isEqualTo(Reason.AMBIGUOUS);
      assertThat(lost)
          .hasMessageContaining("code 1011, overloaded")
          .hasMessageContaining("may be billed: 2");

      assertThat(peer.next()).isEqualTo("closing 1000");
      realtime.send("{\"a\":3}");
      peer.next();
      WebSocket second = peer.socket();
      second.send("{\"b\":1}");
      message();
      second.close(1001, null);
      assertThat(problem().reason()).isEqualTo(Reason.UNAVAILABLE);
    }
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void waitsLongerBeforeEachConnectionThatBringsNothing() throws Exception {
    try (FalRealtime realtime = open()) {
      for (int i = 0; i < 3; i++) {
        realtime.send("{}");
        assertThat(peer.next()).isEqualTo(Map.of());
        peer.socket().close(1000, null);
        assertThat(inbox.take(SOON)).isEmpty();
        assertThat(peer.next()).isEqualTo("closing 1000");
      }
    }
    assertThat(time.pauses).hasSize(2);
    assertThat(time.pauses.get(1)).isGreaterThan(time.pauses.get(0));
  }

  @Test
  void triesAgainWhileTheServerIsBusyAndGivesUpAtLast() throws Exception {
    AtomicInteger times = new AtomicInteger();
    handshakes =
        request ->
            times.incrementAndGet() < 3
                ? new MockResponse.Builder().code(503).build()
                : new MockResponse.Builder().webSocketUpgrade(peer).build();
    try (FalRealtime realtime = open()) {
      realtime.send("{\"a\":1}");
      assertThat(peer.next()).isEqualTo(Map.of("a", 1L));
      assertThat(time.pauses).hasSize(2);
    }
    assertThat(inbox.take(SOON)).as("its end").isEmpty();

    handshakes = request -> new MockResponse.Builder().code(503).build();
    try (FalRealtime realtime = open()) {
      realtime.send("{\"a\":1}");
      FalException problem = problem();
      assertThat(problem.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(problem).hasMessageContaining("not sent: 1");
    }
  }

  @Test
  void keepsSoManyMessagesForAConnectionAndRefusesTheNext() throws Exception {
    handshakes =
        request ->
            new MockResponse.Builder()
                .headersDelay(300, TimeUnit.MILLISECONDS)
                .webSocketUpgrade(peer)
                .build();
    try (FalRealtime realtime = open(FalRealtimeOptions.DEFAULT.withWaiting(2))) {
      realtime.send("{\"a\":1}");
      realtime.send("{\"a\":2}");
      assertThatThrownBy(() -> realtime.send("{\"a\":3}"))
          .isInstanceOfSatisfying(
              FalException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));

      assertThat(peer.next()).isEqualTo(Map.of("a", 1L));
      assertThat(peer.next()).isEqualTo(Map.of("a", 2L));
      assertThat(peer.heard.poll(100, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @Test
  void refusesAMessageThatComesTooLarge() throws Exception {
    try (FalRealtime realtime = open(FalRealtimeOptions.DEFAULT.withMaxMessage(1000))) {
      realtime.send("{}");
      peer.socket().send("{\"a\":\"" + "x".repeat(1000) + "\"}");

      assertThat(problem().reason()).isEqualTo(Reason.BAD_REPLY);
    }
  }

  @Test
  void refusesWhatItCannotCarryBeforeItConnects() {
    try (FalRealtime realtime = open()) {
      for (String bad : List.of("[]", "", "a")) {
        assertThatThrownBy(() -> realtime.send(bad)).hasMessageContaining("takes a JSON object");
      }
      assertThatThrownBy(() -> realtime.send(Map.of("a", new Object())))
          .hasMessageContaining("'a'")
          .hasMessageContaining("java.lang.Object");
      assertThatThrownBy(() -> realtime.send(Map.of("a", new byte[17 << 20])))
          .hasMessageContaining("bytes, not");
    }
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void isClosedOnceForAllAlsoWhileItConnects() throws Exception {
    handshakes =
        request ->
            new MockResponse.Builder()
                .headersDelay(5, TimeUnit.SECONDS)
                .webSocketUpgrade(peer)
                .build();
    FalRealtime realtime = open();
    realtime.send("{}");
    server.takeRequest();
    realtime.close();
    realtime.close();

    assertThatThrownBy(() -> realtime.send("{}")).hasMessageContaining("is closed");
    assertThat(peer.sockets).isEmpty();
  }

  @Test
  void canBeClosedByItsListener() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    FalRealtime[] held = new FalRealtime[1];
    FalRealtimeListener closing =
        new FalRealtimeListener() {
          @Override
          public void message(FalMessage message) {
            Objects.requireNonNull(held[0]).close();
            told.add("closed");
          }

          @Override
          public void problem(FalException problem) {
            told.add(String.valueOf(problem));
          }
        };
    held[0] = client().realtime(APP, FalRealtimeOptions.DEFAULT, closing);
    held[0].send("{}");
    peer.socket().send("{\"a\":1}");

    assertThat(told.poll(1, TimeUnit.SECONDS)).isEqualTo("closed");
  }

  @Test
  void endsWithItsClientAndLeavesNoThread() throws Exception {
    FalRealtime realtime = open();
    realtime.send("{}");
    peer.next();
    client().close();

    assertThat(problem()).isNotNull();
    realtime.close();
    for (int i = 0; i < 100 && streaming(); i++) {
      Effects.Pause.system().pause(Duration.ofMillis(10));
    }
    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(streaming()).isFalse();
  }

  private static boolean streaming() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals("fluxbridge-stream"))
        .flatMap(thread -> java.util.Arrays.stream(thread.getValue()))
        .anyMatch(frame -> frame.getClassName().contains("okhttp3"));
  }

  @Test
  void showsNeitherKeyNorTokenNorPrompt() throws Exception {
    String echo = "{\"detail\":\"" + FalServer.KEY + " " + TOKEN + "1\"}";
    handshakes = request -> new MockResponse.Builder().code(403).body(echo).build();
    FalRealtime realtime = open(FalRealtimeOptions.DEFAULT.with(Login.TOKEN));
    realtime.send("{\"prompt\":\"a red fox\"}");
    StringWriter trace = new StringWriter();
    problem().printStackTrace(new PrintWriter(trace));

    assertThat(trace + " " + realtime)
        .contains("fast-lcm/realtime")
        .doesNotContain("canary-secret")
        .doesNotContain("fox");
    assertThat(Files.readString(Path.of("target/test.log"))).doesNotContain("canary-secret");
    realtime.close();
  }
}
