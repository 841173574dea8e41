package dev.fluxbridge.providers.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A secret goes in everywhere and must come out nowhere. */
class RedactionTest {
  private static final String CANARY = "canary-9b1d";

  @Test
  void noTextAndNoLogLineHoldsASecret() throws Exception {
    List<Object> texts = new ArrayList<>();
    HttpReply reply;
    HttpRequest request;
    try (RawServer server =
            new RawServer(
                exchange -> {
                  while (exchange.readHead()) {
                    exchange.write(
                        "HTTP/1.1 200 OK\r\nSet-Cookie: %s\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(CANARY, CANARY.length(), CANARY));
                  }
                });
        Transport transport = new Transport(Timeouts.DEFAULT)) {
      request =
          HttpRequest.postJson(server.uri("/a?token=" + CANARY), CANARY.getBytes(UTF_8))
              .with("Authorization", "Key " + CANARY);
      reply = transport.send(request, 1000);
    }
    texts.add(request);
    texts.add(request.headers());
    texts.add(request.body());
    texts.add(reply);
    texts.add(reply.headers());

    HttpRequest lost =
        HttpRequest.postJson(URI.create("http://127.0.0.1:1/a?token=" + CANARY), new byte[0])
            .with("Authorization", "Key " + CANARY);
    try (Transport transport = new Transport(Timeouts.DEFAULT)) {
      transport.send(lost, 10);
    } catch (HttpException failure) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      texts.add(trace);
    }

    assertThat(texts).hasSize(6);
    assertThat(texts).noneMatch(text -> text.toString().contains(CANARY));
    assertThat(reply.text()).as("the secret was really there").isEqualTo(CANARY);
    String log = Files.readString(Path.of("target/test.log"));
    assertThat(log).contains("POST http://127.0.0.1").doesNotContain(CANARY);
  }
}
