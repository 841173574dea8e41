package dev.fluxbridge.providers.fal.webhook;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.fluxbridge.providers.fal.FalHosts;
import dev.fluxbridge.providers.fal.webhook.WebhookCheck.Result;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The keys over a real socket. */
@Timeout(30)
class WebhookKeysTest {
  private static final String KEYS = "/.well-known/jwks.json";

  private final WireMockServer server = new WireMockServer(options().dynamicPort());
  private final Signer fal = new Signer();
  private final WebhookVerifier verifier = started();

  private WebhookVerifier started() {
    server.start();
    return new WebhookVerifier(
        FalHosts.allAt(URI.create("http://localhost:" + server.port())), new SeenInMemory(1000));
  }

  @AfterEach
  void stop() {
    verifier.close();
    server.stop();
  }

  private void publishes(ResponseDefinitionBuilder reply) {
    server.stubFor(get(urlPathEqualTo(KEYS)).willReturn(reply));
  }

  private Result check(String id) {
    byte[] body = "{\"request_id\":\"%s\"}".formatted(id).getBytes(UTF_8);
    String time = String.valueOf(Instant.now().getEpochSecond());
    return verifier.verify(fal.headers(id, "u", time, body), body).result();
  }

  @Test
  void comeFromTheHostThatIsConfigured() {
    publishes(okJson(Signer.jwks(fal)));

    assertThat(check("r-1")).isEqualTo(Result.GENUINE);
    assertThat(check("r-1")).isEqualTo(Result.REPEATED);
    server.verify(1, getRequestedFor(urlPathEqualTo(KEYS)).withoutHeader("Authorization"));
  }

  @Test
  void areFetchedOnceForWebhooksThatComeTogether() throws Exception {
    publishes(okJson(Signer.jwks(fal)).withFixedDelay(200));
    ExecutorService pool = Executors.newFixedThreadPool(16);
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Result>> results = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String id = "r-" + i;
      results.add(
          pool.submit(
              () -> {
                go.await();
                return check(id);
              }));
    }
    go.countDown();

    for (Future<Result> result : results) {
      assertThat(result.get()).isEqualTo(Result.GENUINE);
    }
    pool.shutdown();
    server.verify(1, getRequestedFor(urlPathEqualTo(KEYS)));
  }

  @Test
  void areNotFetchedFromElsewhere() {
    publishes(aResponse().withStatus(302).withHeader("Location", "/elsewhere"));
    server.stubFor(get(urlPathEqualTo("/elsewhere")).willReturn(okJson(Signer.jwks(fal))));
    assertThat(check("r-1")).isEqualTo(Result.KEYS_UNAVAILABLE);
  }

  @Test
  void areNotReadWithoutEnd() {
    publishes(okJson(Signer.jwks(fal) + " ".repeat(70_000)));
    assertThat(check("r-1")).isEqualTo(Result.KEYS_UNAVAILABLE);
  }

  @Test
  void areMissingWhileTheServerFails() {
    publishes(aResponse().withStatus(500));
    assertThat(check("r-1")).isEqualTo(Result.KEYS_UNAVAILABLE);
  }
}
