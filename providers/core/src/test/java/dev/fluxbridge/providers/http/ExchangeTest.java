package dev.fluxbridge.providers.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fluxbridge.providers.http.HttpException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges that no thread waits for. */
@Timeout(30)
class ExchangeTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final byte[] JSON = "{}".getBytes(UTF_8);

  private static HttpException failure(Exchange<?> exchange) {
    Throwable failure = catchThrowable(() -> exchange.future().get(10, TimeUnit.SECONDS));
    assertThat(failure).isInstanceOf(ExecutionException.class);
    if (failure.getCause() instanceof HttpException known) {
      return known;
    }
    throw new AssertionError(failure);
  }

  @Test
  void completesItsFutureWithTheAnswer() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    try (RawServer server =
            new RawServer(
                exchange -> {
                  exchange.readHead();
                  await(answer);
                  exchange.write(OK);
                });
        Transport transport = new Transport(Timeouts.DEFAULT)) {
      Exchange<HttpReply> exchange = transport.start(HttpRequest.get(server.uri("/")), 10);

      assertThat(exchange.future()).as("nobody waited").isNotDone();
      answer.countDown();
      assertThat(exchange.future().get(10, TimeUnit.SECONDS).text()).isEqualTo("ok");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void keepsNoMoreThreadsThanItMayHoweverManyExchangesThereAre() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (RawServer server =
            new RawServer(
                exchange -> {
                  while (exchange.readHead()) {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    now.decrementAndGet();
                    exchange.write(OK);
                  }
                });
        Transport transport = new Transport(Timeouts.DEFAULT, 3)) {
      List<CompletableFuture<HttpReply>> all = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        all.add(transport.start(HttpRequest.get(server.uri("/")), 10).future());
      }
      for (CompletableFuture<HttpReply> one : all) {
        assertThat(one.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
      }

      assertThat(server.requests).hasValue(300);
      assertThat(server.connections.get()).isLessThanOrEqualTo(3);
      assertThat(most.get()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void saysThatTheServerKnowsNothingWhenItIsCancelledBeforeItsTurn() throws Exception {
    try (RawServer server =
            new RawServer(
                exchange -> {
                  exchange.readHead();
                  exchange.waitForTheEnd();
                });
        Transport transport = new Transport(Timeouts.DEFAULT, 1)) {
      Exchange<HttpReply> first = transport.start(HttpRequest.get(server.uri("/")), 10);
      Exchange<HttpReply> second =
          transport.start(HttpRequest.postJson(server.uri("/a"), JSON), 10);
      assertThat(server.asked.await(10, TimeUnit.SECONDS)).isTrue();

      second.cancel("was cancelled by a test");
      first.cancel("was cancelled by a test");

      assertThat(failure(second).kind()).isEqualTo(Kind.CANCELLED);
      assertThat(failure(second).maybeDelivered()).isFalse();
      assertThat(failure(second)).hasMessageContaining("was cancelled by a test");
      assertThat(failure(first).maybeDelivered()).isTrue();
      assertThat(server.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(server.requests).hasValue(1);
    }
  }

  @Test
  void tellsTheHeadOfTheAnswerWhenItIsCancelledWithinItsBody() throws Exception {
    CountDownLatch headIsHere = new CountDownLatch(1);
    try (RawServer server =
            new RawServer(
                exchange -> {
                  exchange.readHead();
                  exchange.write("HTTP/1.1 200 OK\r\nX-Id: 7\r\nContent-Length: 9\r\n\r\nhalf");
                  exchange.waitForTheEnd();
                });
        Transport transport = new Transport(Timeouts.DEFAULT)) {
      Exchange<Integer> exchange =
          transport.start(
              HttpRequest.get(server.uri("/")),
              (status, headers, body) -> {
                headIsHere.countDown();
                return body.readAllBytes().length;
              });
      assertThat(headIsHere.await(10, TimeUnit.SECONDS)).isTrue();
      exchange.cancel("was cancelled by a test");

      HttpException failure = failure(exchange);
      assertThat(failure.maybeDelivered()).isTrue();
      assertThat(failure.head().orElseThrow().headers().first("X-Id")).contains("7");
    }
  }

  @Test
  void countsTheWaitForItsTurnAgainstItsLimit() throws Exception {
    try (RawServer server =
            new RawServer(
                exchange -> {
                  exchange.readHead();
                  exchange.waitForTheEnd();
                });
        Transport transport = new Transport(Timeouts.DEFAULT, 1)) {
      transport.start(HttpRequest.get(server.uri("/")), 10);
      HttpException failure =
          failure(
              transport.start(HttpRequest.get(server.uri("/a")).within(Duration.ofMillis(50)), 10));

      assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(failure.maybeDelivered()).isFalse();
      assertThat(server.requests.get()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void endsWhatIsUnderWayAndWhatWaitsForItsTurnWhenTheTransportIsClosed() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.waitForTheEnd();
            })) {
      Transport transport = new Transport(Timeouts.DEFAULT, 1);
      Exchange<HttpReply> first = transport.start(HttpRequest.get(server.uri("/")), 10);
      Exchange<HttpReply> second = transport.start(HttpRequest.get(server.uri("/a")), 10);
      assertThat(server.asked.await(10, TimeUnit.SECONDS)).isTrue();
      transport.close();

      assertThat(failure(first).maybeDelivered()).isTrue();
      assertThat(failure(second).maybeDelivered()).isFalse();
      assertThat(server.requests).hasValue(1);
    }
  }

  @Test
  void tellsADefectOfItsReaderToWhoeverWaits() throws Exception {
    try (RawServer server =
            new RawServer(
                exchange -> {
                  exchange.readHead();
                  exchange.write(OK);
                });
        Transport transport = new Transport(Timeouts.DEFAULT)) {
      Exchange<String> exchange =
          transport.start(
              HttpRequest.get(server.uri("/")),
              (status, headers, body) -> {
                throw new IllegalStateException("a defect");
              });

      assertThat(catchThrowable(() -> exchange.future().get(10, TimeUnit.SECONDS)))
          .hasRootCauseMessage("a defect");
    }
  }
}
