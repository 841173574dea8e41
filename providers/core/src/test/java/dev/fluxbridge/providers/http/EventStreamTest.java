package dev.fluxbridge.providers.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.http.HttpException.Kind;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class EventStreamTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final EventStream.Limits LIMITS = new EventStream.Limits(LONG, LONG, 1000, 50);
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n";

  private final ConnectionPool pool = new ConnectionPool();
  private final CountDownLatch lookUp = new CountDownLatch(1);
  private final Transport transport =
      new Transport(
          new OkHttpClient.Builder().connectionPool(pool).dns(this::addresses).build(),
          new Timeouts(LONG, LONG, LONG, SHORT));

  private List<java.net.InetAddress> addresses(String host) throws java.net.UnknownHostException {
    if (host.equals("stuck.example")) {
      try {
        lookUp.await();
      } catch (InterruptedException impossible) {
        Thread.currentThread().interrupt();
      }
    }
    return List.of(java.net.InetAddress.getByName(host));
  }

  @AfterEach
  void closesEveryConnectionThatItOpened() {
    lookUp.countDown();
    transport.close();
    assertThat(pool.connectionCount()).isZero();
  }

  /** Writes down what it is told. */
  private static class Notes implements EventStream.Listener {
    final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

    @Override
    public void event(ServerSentEvent event) {
      told.add(event.data());
    }

    @Override
    public void answered(HttpReply reply) {
      told.add(reply);
    }

    @Override
    public void ended(boolean midEvent) {
      told.add(midEvent ? "ended in an event" : "ended");
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

  private Notes open(URI uri, EventStream.Limits limits) {
    Notes notes = new Notes();
    transport.events(HttpRequest.get(uri), limits, notes);
    return notes;
  }

  private static RawServer answering(String answer) throws IOException {
    return new RawServer(
        exchange -> {
          exchange.readHead();
          exchange.write(answer);
        });
  }

  private static RawServer streaming(String... pieces) throws IOException {
    return new RawServer(
        exchange -> {
          exchange.readHead();
          exchange.write(HEAD + "Connection: close\r\n\r\n");
          for (String piece : pieces) {
            exchange.write(piece);
          }
        });
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  @Test
  void handsOnEventsAsTheyComeAndSaysThatTheyEnded() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
              exchange.write(chunk("data: one\n") + chunk("\n"));
              try {
                seen.await();
              } catch (InterruptedException impossible) {
                Thread.currentThread().interrupt();
              }
              exchange.write(chunk("data: two\n\n") + "0\r\n\r\n");
            })) {
      Notes notes = open(server.uri("/"), LIMITS);

      assertThat(notes.next()).isEqualTo("one");
      seen.countDown();
      assertThat(notes.next()).isEqualTo("two");
      assertThat(notes.next()).isEqualTo("ended");
      assertThat(notes.told).isEmpty();
    }
  }

  @Test
  void outlivesTheLimitOfSingleAnswers() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write(HEAD + "Connection: close\r\n\r\ndata: one\n\n");
              for (int i = 0; i < 4; i++) {
                pause(SHORT.dividedBy(2));
                exchange.write(": still here\n");
              }
            })) {
      Notes notes =
          open(server.uri("/"), new EventStream.Limits(LONG, SHORT.multipliedBy(2), 1000, 50));

      assertThat(notes.next()).isEqualTo("one");
      assertThat(notes.next()).isEqualTo("ended");
    }
  }

  private static void pause(Duration time) {
    try {
      Effects.Pause.system().pause(time);
    } catch (InterruptedException impossible) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void saysThatAnEventWasCutOffAndDropsIt() throws Exception {
    try (RawServer server = streaming("data: one\n\ndata: tw")) {
      Notes notes = open(server.uri("/"), LIMITS);

      assertThat(notes.next()).isEqualTo("one");
      assertThat(notes.next()).isEqualTo("ended in an event");
    }
  }

  @Test
  void saysThatTheConnectionBroke() throws Exception {
    try (RawServer server =
        answering(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunk("data: one\n\n"))) {
      Notes notes = open(server.uri("/a?token=t"), LIMITS);

      assertThat(notes.next()).isEqualTo("one");
      HttpException failure = notes.failure();
      assertThat(failure.kind()).isEqualTo(Kind.BROKEN);
      assertThat(failure.maybeDelivered()).isTrue();
      assertThat(failure.head().orElseThrow().status()).isEqualTo(200);
      assertThat(failure).hasMessageContaining("/a got half").hasMessageNotContaining("token");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 401 No\r\nContent-Type: text/event-stream\r\n",
        "HTTP/1.1 500 No\r\nContent-Type: application/json\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream2\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/\r\n"
      })
  void handsOnAnAnswerThatIsNoStreamOfEvents(String head) throws Exception {
    try (RawServer server =
        answering(head + "X-A: b\r\nContent-Length: 60\r\n\r\n" + "x".repeat(60))) {
      Notes notes = open(server.uri("/"), LIMITS);

      HttpReply reply = (HttpReply) notes.next();
      assertThat(head).contains(" " + reply.status() + " ");
      assertThat(reply.headers().first("X-A")).contains("b");
      assertThat(reply.text()).isEqualTo("x".repeat(50));
      assertThat(reply.truncated()).isTrue();
    }
  }

  @Test
  void refusesAnEventThatIsTooLarge() throws Exception {
    try (RawServer server = streaming("data: one\n\n", "data: " + "x".repeat(2000))) {
      Notes notes = open(server.uri("/"), LIMITS);

      assertThat(notes.next()).isEqualTo("one");
      HttpException failure = notes.failure();
      assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
      assertThat(failure).hasMessageContaining("more than 1000 bytes");
    }
  }

  @Test
  void endsAtTooLongASilence() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write(HEAD + "\r\ndata: one\n\n");
              exchange.waitForTheEnd();
            })) {
      Notes notes = open(server.uri("/"), new EventStream.Limits(LONG, SHORT, 1000, 50));

      assertThat(notes.next()).isEqualTo("one");
      HttpException failure = notes.failure();
      assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(failure).hasMessageContaining("was silent for PT0.2S");
      assertThat(server.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void endsWhenTheWholeTakesTooLongThoughItIsNeverSilent() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write(HEAD + "\r\n");
              while (true) {
                pause(Duration.ofMillis(20));
                exchange.write(": ping\n");
              }
            })) {
      Notes notes = new Notes();
      transport.events(HttpRequest.get(server.uri("/")).within(SHORT), LIMITS, notes);

      assertThat(notes.failure().kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(server.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void waitsForTheHeadNoLongerThanItMay() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.waitForTheEnd();
            })) {
      HttpException failure =
          open(server.uri("/"), new EventStream.Limits(SHORT, LONG, 1000, 50)).failure();

      assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(failure.maybeDelivered()).isTrue();
      assertThat(server.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void waitsForAStuckLookUpNoLongerThanForTheHead() throws Exception {
    Notes notes =
        open(URI.create("http://stuck.example/"), new EventStream.Limits(SHORT, LONG, 1000, 50));

    HttpException failure = notes.failure();
    assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
    assertThat(failure.maybeDelivered()).isFalse();
    lookUp.countDown();
    transport.close();
    assertThat(notes.told).as("told once").isEmpty();
  }

  @Test
  void saysThatNothingWasSentWithoutAConnection() throws Exception {
    RawServer gone = streaming();
    URI uri = gone.uri("/");
    gone.close();

    HttpException failure = open(uri, LIMITS).failure();

    assertThat(failure.kind()).isEqualTo(Kind.NO_CONNECTION);
    assertThat(failure.maybeDelivered()).isFalse();
  }

  @Test
  void letsNoMoreEventsComeThanAreAskedFor() throws Exception {
    BlockingQueue<EventStream> opened = new LinkedBlockingQueue<>();
    Notes notes =
        new Notes() {
          @Override
          public void opened(EventStream stream, HttpReply head) {
            opened.add(stream);
          }
        };
    try (RawServer server = streaming("data: one\n\ndata: two\n\ndata: three\n\n")) {
      transport.events(HttpRequest.get(server.uri("/")), LIMITS, notes);
      EventStream stream = Objects.requireNonNull(opened.poll(10, TimeUnit.SECONDS));

      assertThat(notes.told.poll(100, TimeUnit.MILLISECONDS)).isNull();
      stream.request(2);
      assertThat(notes.next()).isEqualTo("one");
      assertThat(notes.next()).isEqualTo("two");
      assertThat(notes.told.poll(100, TimeUnit.MILLISECONDS)).isNull();
      stream.request(Long.MAX_VALUE);
      stream.request(Long.MAX_VALUE);
      assertThat(notes.next()).isEqualTo("three");
      assertThat(notes.next()).isEqualTo("ended");
    }
  }

  @Test
  void canBeClosedWhileTheServerIsSilentAndWhileNothingIsAskedFor() throws Exception {
    for (boolean asking : new boolean[] {true, false}) {
      CountDownLatch opened = new CountDownLatch(1);
      Notes notes =
          new Notes() {
            @Override
            public void opened(EventStream stream, HttpReply head) {
              if (asking) {
                stream.request(1);
              }
              opened.countDown();
            }
          };
      try (RawServer server =
          new RawServer(
              exchange -> {
                exchange.readHead();
                exchange.write(HEAD + "\r\n" + (asking ? "" : "data: one\n\n"));
                exchange.waitForTheEnd();
              })) {
        EventStream stream = transport.events(HttpRequest.get(server.uri("/")), LIMITS, notes);
        opened.await();
        stream.close();

        assertThat(notes.failure().kind()).isEqualTo(Kind.CANCELLED);
        assertThat(server.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
        stream.close();
        assertThat(notes.told).as("told once").isEmpty();
      }
    }
  }

  @Test
  void isEndedWithItsTransportAndNotBegunAfterIt() throws Exception {
    Notes stuck = open(URI.create("http://stuck.example/"), LIMITS);
    transport.close();

    assertThat(stuck.failure().kind()).isEqualTo(Kind.CANCELLED);
    assertThat(open(URI.create("http://127.0.0.1:1/"), LIMITS).failure())
        .hasMessageContaining("the client is closed");
  }

  @Test
  void endsWithADefectOfItsListenerAndTellsItSo() throws Exception {
    Notes notes =
        new Notes() {
          @Override
          public void event(ServerSentEvent event) {
            throw new IllegalStateException("a defect");
          }
        };
    try (RawServer server = streaming("data: one\n\n")) {
      transport.events(HttpRequest.get(server.uri("/")), LIMITS, notes);

      assertThat(notes.failure()).hasRootCauseMessage("a defect");
    }
  }
}
