package dev.fluxbridge.providers.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.http.HttpException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TransportTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final byte[] JSON = "{}".getBytes(UTF_8);

  private final ConnectionPool pool = new ConnectionPool();
  private final Transport transport = transport(new Timeouts(LONG, LONG, LONG, LONG));

  private Transport transport(Timeouts timeouts) {
    return new Transport(new OkHttpClient.Builder().connectionPool(pool).build(), timeouts);
  }

  @AfterEach
  void closesEveryConnectionThatItOpened() {
    transport.close();
    // a reply that nobody closed would hold its connection
    assertThat(pool.connectionCount()).isZero();
  }

  private HttpException fails(Transport sender, HttpRequest request) {
    return catchThrowableOfType(HttpException.class, () -> sender.send(request, 1000));
  }

  private static RawServer answering(String answer) throws IOException {
    return new RawServer(
        exchange -> {
          while (exchange.readHead()) {
            exchange.write(answer);
          }
        });
  }

  @Test
  void readsStatusHeadersAndBody() throws Exception {
    try (RawServer server =
        answering("HTTP/1.1 404 Nope\r\nX-One: a\r\nContent-Length: 2\r\n\r\nno")) {
      HttpReply reply = transport.send(HttpRequest.get(server.uri("/x?token=t")), 1000);

      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.ok()).isFalse();
      assertThat(reply.headers().first("x-ONE")).contains("a");
      assertThat(reply.text()).isEqualTo("no");
      assertThat(reply.truncated()).isFalse();
    }
  }

  @Test
  void keepsAsMuchOfAHugeBodyAsItMay() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
              String piece = "x".repeat(10_000);
              for (int i = 0; i < 1_000_000; i++) {
                exchange.write(piece);
              }
            })) {
      HttpReply reply = transport.send(HttpRequest.get(server.uri("/")), 50_000);

      assertThat(reply.body()).hasSize(50_000);
      assertThat(reply.truncated()).isTrue();
      assertThat(server.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void knowsThatNothingWasSentWhenTheConnectionIsRefused() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }

    HttpException failure =
        fails(transport, HttpRequest.postJson(URI.create("http://127.0.0.1:" + port + "/a"), JSON));

    assertThat(failure.kind()).isEqualTo(Kind.NO_CONNECTION);
    assertThat(failure.maybeDelivered()).isFalse();
    assertThat(failure.unreachable()).isTrue();
    assertThat(failure).hasMessageContaining("POST http://127.0.0.1:" + port + "/a was not sent");
  }

  @Test
  void knowsThatNothingWasSentWhenTheHostHasNoAddress() {
    Transport lost =
        new Transport(
            new OkHttpClient.Builder()
                .dns(
                    host -> {
                      throw new UnknownHostException(host);
                    })
                .build(),
            Timeouts.DEFAULT);

    HttpException failure =
        fails(lost, HttpRequest.postJson(URI.create("https://nowhere.example/"), JSON));

    assertThat(failure.kind()).isEqualTo(Kind.NO_CONNECTION);
    assertThat(failure.maybeDelivered()).isFalse();
    assertThat(failure.unreachable()).isTrue();
    lost.close();
  }

  @Test
  void knowsThatNothingWasSentWhenTlsFails() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.in().read();
              exchange.write("HTTP/1.1 400 plain\r\n\r\n");
            })) {
      HttpException failure =
          fails(
              transport,
              HttpRequest.postJson(URI.create("https://127.0.0.1:" + server.port() + "/"), JSON));

      assertThat(failure.kind()).isEqualTo(Kind.NO_CONNECTION);
      assertThat(failure.maybeDelivered()).isFalse();
      assertThat(failure.unreachable()).as("somebody is there, who may be the wrong one").isFalse();
    }
  }

  @Test
  void goesOnToTheNextAddressOfAHostThatRefusesAtTheFirst() throws Exception {
    try (RawServer server = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      Transport twoAddresses =
          new Transport(
              new OkHttpClient.Builder()
                  .connectionPool(pool)
                  .dns(
                      host ->
                          List.of(
                              InetAddress.getByName("127.0.0.99"),
                              InetAddress.getLoopbackAddress()))
                  .build(),
              Timeouts.DEFAULT);

      HttpReply reply =
          twoAddresses.send(
              HttpRequest.postJson(URI.create("http://two.example:" + server.port()), JSON), 10);

      assertThat(reply.status()).isEqualTo(200);
      assertThat(server.requests).hasValue(1);
      twoAddresses.close();
    }
  }

  @Test
  void admitsThatARequestMayHaveArrivedWhenTheConnectionIsResetAfterIt() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.reset();
            })) {
      HttpException failure = fails(transport, HttpRequest.postJson(server.uri("/a"), JSON));

      assertThat(failure.kind()).isEqualTo(Kind.BROKEN);
      assertThat(failure.maybeDelivered()).isTrue();
      assertThat(failure.unreachable()).isFalse();
      assertThat(failure.head()).isEmpty();
      assertThat(server.requests).hasValue(1);
    }
  }

  @Test
  void admitsItTooWhenTheConnectionIsClosedWithoutAWord() throws Exception {
    try (RawServer server = new RawServer(RawServer.Exchange::readHead)) {
      HttpException failure = fails(transport, HttpRequest.postJson(server.uri("/a"), JSON));

      assertThat(failure.kind()).isEqualTo(Kind.BROKEN);
      assertThat(failure.maybeDelivered()).isTrue();
      assertThat(server.requests).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void neverSendsAgainOnAKeptConnectionThatDies(String method) throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
              exchange.in().readLine();
              exchange.reset();
            })) {
      transport.send(HttpRequest.get(server.uri("/")), 10);
      HttpRequest second =
          method.equals("GET")
              ? HttpRequest.get(server.uri("/a"))
              : HttpRequest.postJson(server.uri("/a"), JSON);

      HttpException failure = fails(transport, second);

      assertThat(failure.maybeDelivered()).isTrue();
      assertThat(server.connections).as("no second try on a fresh connection").hasValue(1);
    }
  }

  @Test
  void tellsStatusAndHeadersOfAnAnswerThatBreaksInItsMiddle() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write("HTTP/1.1 200 OK\r\nX-Id: 7\r\nContent-Length: 100\r\n\r\nhalf");
            })) {
      HttpException failure = fails(transport, HttpRequest.postJson(server.uri("/a"), JSON));

      assertThat(failure.kind()).isEqualTo(Kind.BROKEN);
      assertThat(failure.head().orElseThrow().headers().first("X-Id")).contains("7");
      assertThat(failure).hasMessageContaining("half an answer");
    }
  }

  @Test
  void callsGarbageABrokenConnection() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write("this is no HTTP at all\r\n\r\n");
            })) {
      HttpException failure = fails(transport, HttpRequest.get(server.uri("/")));

      assertThat(failure.kind()).isEqualTo(Kind.BROKEN);
      assertThat(failure.maybeDelivered()).isTrue();
    }
  }

  @Test
  void stopsWaitingForASilentBody() throws Exception {
    try (RawServer server =
            new RawServer(
                exchange -> {
                  exchange.readHead();
                  exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nha");
                  exchange.waitForTheEnd();
                });
        Transport hasty = transport(new Timeouts(LONG, SHORT, LONG, LONG))) {
      HttpException failure = fails(hasty, HttpRequest.postJson(server.uri("/a"), JSON));

      assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(failure.maybeDelivered()).isTrue();
      assertThat(failure.head()).isPresent();
      assertThat(server.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void endsADrippingAnswerAtTheLimitOfTheRequest() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
              exchange.waitForTheEnd();
            })) {
      HttpException failure =
          fails(transport, HttpRequest.get(server.uri("/")).within(Duration.ofMillis(300)));

      assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "503 Busy\r\nRetry-After: 0",
        "408 Late",
        "307 Other\r\nLocation: /b",
        "421 Lost",
        "401 No"
      })
  void sendsAPostOnceWhateverTheAnswer(String answer) throws Exception {
    try (RawServer server = answering("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\n\r\n")) {
      HttpReply reply = transport.send(HttpRequest.postJson(server.uri("/a"), JSON), 10);

      assertThat(answer).startsWith(String.valueOf(reply.status()));
      assertThat(server.requests).hasValue(1);
    }
  }

  @Test
  void cancelsAtOnceWhenTheCallingThreadIsInterrupted() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.waitForTheEnd();
            })) {
      AtomicReference<@Nullable HttpException> seen = new AtomicReference<>();
      AtomicBoolean flag = new AtomicBoolean();
      Thread caller =
          new Thread(
              () -> {
                seen.set(fails(transport, HttpRequest.postJson(server.uri("/a"), JSON)));
                flag.set(Thread.currentThread().isInterrupted());
              });
      caller.start();
      assertThat(server.asked.await(10, TimeUnit.SECONDS)).isTrue();
      caller.interrupt();
      caller.join(5_000);

      HttpException failure = Objects.requireNonNull(seen.get());
      assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
      assertThat(failure.maybeDelivered()).isTrue();
      assertThat(flag).as("the interrupt is handed on").isTrue();
      assertThat(server.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void sendsNothingOnAThreadThatIsInterruptedAlready() throws Exception {
    try (RawServer server = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      Thread.currentThread().interrupt();
      HttpException failure = fails(transport, HttpRequest.get(server.uri("/")));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
      assertThat(failure.maybeDelivered()).isFalse();
      assertThat(server.connections).hasValue(0);
    }
  }

  @Test
  void sendsNothingOnceItIsClosed() {
    Transport closed = new Transport(Timeouts.DEFAULT);
    closed.close();

    HttpException failure = fails(closed, HttpRequest.get(URI.create("http://127.0.0.1:1/")));

    assertThat(failure.kind()).isEqualTo(Kind.NO_CONNECTION);
    assertThat(failure).hasMessageContaining("closed");
  }

  @Test
  void refusesAHeaderThatWouldBreakOutOfItsLine() {
    HttpRequest request = HttpRequest.get(URI.create("https://a.example/"));

    assertThatThrownBy(() -> request.with("Authorization", "secret\r\nX-Evil: 1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Authorization")
        .message()
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://a/", "/relative", "https:///x", "https://user:pw@a/"})
  void refusesAddressesThatAreNoneOrCarrySecrets(String address) {
    assertThatThrownBy(() -> HttpRequest.get(URI.create(address)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
