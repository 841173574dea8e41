package dev.fluxbridge.providers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.http.HttpException.Kind;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LentThreadTest {
  private static final HttpRequest LOST = HttpRequest.get(URI.create("https://nowhere.example/"));

  private final CountDownLatch looking = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final Transport transport =
      new Transport(
          new OkHttpClient.Builder()
              .dns(
                  host -> {
                    looking.countDown();
                    boolean waiting = true;
                    while (waiting) { // as the system's own: no interrupt ends it
                      try {
                        never.await();
                        waiting = false;
                      } catch (InterruptedException ignored) {
                        waiting = true;
                      }
                    }
                    throw new UnknownHostException(host);
                  })
              .build(),
          Timeouts.DEFAULT);

  @AfterEach
  void letsTheLookUpEnd() {
    never.countDown();
    transport.close();
  }

  private @Nullable HttpException fails(HttpRequest request) {
    return catchThrowableOfType(HttpException.class, () -> transport.send(request, 10));
  }

  @Test
  void leavesALookUpThatHangsWhenItsTimeIsOver() {
    HttpException failure = Objects.requireNonNull(fails(LOST.within(Duration.ofMillis(50))));

    assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
    assertThat(failure.maybeDelivered()).isFalse();
  }

  @Test
  void leavesALookUpThatHangsWhenItIsInterrupted() throws Exception {
    FutureTask<Boolean> flag =
        new FutureTask<>(
            () -> {
              HttpException failure = Objects.requireNonNull(fails(LOST));
              assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
              assertThat(failure.maybeDelivered()).isFalse();
              return Thread.interrupted();
            });
    Thread caller = new Thread(flag);
    caller.start();
    assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();

    assertThat(flag.get(10, TimeUnit.SECONDS)).as("the interrupt is handed on").isTrue();
  }

  @Test
  void callsAnAnswerThatAnInterruptCutsShortCancelledAndNotLate() throws Exception {
    CountDownLatch halfIsRead = new CountDownLatch(1);
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write("HTTP/1.1 200 OK\r\nX-Id: 7\r\nContent-Length: 9\r\n\r\nhalf");
              exchange.waitForTheEnd();
            })) {
      FutureTask<HttpException> failure =
          new FutureTask<>(
              () ->
                  catchThrowableOfType(
                      HttpException.class,
                      () ->
                          transport.exchange(
                              HttpRequest.get(server.uri("/")),
                              (status, headers, body) -> {
                                body.read();
                                halfIsRead.countDown();
                                return body.readAllBytes().length;
                              })));
      Thread caller = new Thread(failure);
      caller.start();
      assertThat(halfIsRead.await(10, TimeUnit.SECONDS)).isTrue();
      caller.interrupt();

      HttpException told = failure.get(10, TimeUnit.SECONDS);
      assertThat(told.kind()).isEqualTo(Kind.CANCELLED);
      assertThat(told.head().orElseThrow().headers().first("X-Id")).contains("7");
      assertThat(server.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
