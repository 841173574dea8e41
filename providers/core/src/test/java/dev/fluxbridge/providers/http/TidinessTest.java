package dev.fluxbridge.providers.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plants a leak and a secret, to show that the watch over all tests sees them. */
@Timeout(30)
class TidinessTest {
  private final Tidiness.Held held = new Tidiness.Held();
  private final OkHttpClient client =
      new OkHttpClient.Builder().eventListenerFactory(call -> new Delivery()).build();

  private Response leak(RawServer server) throws IOException {
    Delivery.Watch everybody = Delivery.watch;
    Delivery.watch = held::moved;
    try {
      Call call = client.newCall(new Request.Builder().url(server.uri("/").toString()).build());
      return call.execute();
    } finally {
      Delivery.watch = everybody;
    }
  }

  @Test
  void seesAReplyThatNobodyCloses() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
              exchange.waitForTheEnd();
            })) {
      Response response = leak(server);
      assertThat(held.left(50)).containsExactly("GET to 127.0.0.1");
      response.close();
    } finally {
      client.connectionPool().evictAll();
    }
  }

  @Test
  void seesThatAReplyWasClosed() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
              exchange.waitForTheEnd();
            })) {
      Delivery.Watch everybody = Delivery.watch;
      Delivery.watch = held::moved;
      try (Response response =
          client.newCall(new Request.Builder().url(server.uri("/").toString()).build()).execute()) {
        assertThat(response.body().string()).isEqualTo("hello");
      } finally {
        Delivery.watch = everybody;
      }
      assertThat(held.left(3_000)).isEmpty();
    } finally {
      client.connectionPool().evictAll();
    }
  }

  @Test
  void seesASecretInALogAndDoesNotRepeatIt() {
    assertThat(Tidiness.secrets("[main] INFO a.b - fine\n[main] WARN a.b - key Canary-id:x\n"))
        .containsExactly("[main] WARN a.b - key ...");
    assertThat(Tidiness.secrets("nothing")).isEmpty();
  }
}
