package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.http.Fault;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The key goes into every request and comes out nowhere else; prompts stay out of messages. */
class FalSecretsTest {
  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();

  @AfterEach
  void stop() {
    fal.close();
  }

  private String trace(FalConfig config) {
    try (FalImageBackend backend = new FalImageBackend(config, time.effects())) {
      BackendException failure =
          catchThrowableOfType(
              BackendException.class,
              () -> backend.generate(Requests.of(Requests.DEV, 1), Progress.NONE));
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      return trace.toString();
    }
  }

  @Test
  void noMessageNoTextAndNoLogLineHoldsTheKeyOrThePrompt() throws Exception {
    List<String> texts = new ArrayList<>();
    String echo =
        "{\"detail\":\"who is Key %s, who wants '%s'?\"}".formatted(FalServer.KEY, Requests.PROMPT);
    for (int status : new int[] {200, 400, 401, 403, 422, 429, 500, 502, 503, 504}) {
      fal.wire.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withBody(echo)));
      texts.add(trace(fal.config()));
    }
    fal.wire.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
    texts.add(trace(fal.config()));
    fal.accepts(FalServer.FLUX_DEV, "r1");
    fal.completes("r1");
    fal.results("r1", aResponse().withStatus(422).withBody(echo));
    texts.add(trace(fal.config()));
    texts.add(fal.config().toString());
    texts.add(fal.config().credentials().toString());
    try (FalClient client = new FalClient(fal.config(), time.effects())) {
      texts.add(client.submit(EndpointId.parse("fal-ai/flux/dev"), "{}").toString());
    }

    // each try before the last was told the prompt, too, and nobody gets those exceptions
    Discretion.forget();
    assertThat(texts).hasSize(15);
    assertThat(texts)
        .noneMatch(text -> text.contains("canary-secret"))
        .noneMatch(text -> text.contains("fox"));
    assertThat(Files.readString(Path.of("target/test.log")))
        .contains("POST http://localhost")
        .doesNotContain("canary-secret")
        .doesNotContain("fox");
    assertThat(fal.wire.getAllServeEvents().get(0).getRequest().getHeader("Authorization"))
        .as("the key was really there")
        .contains("canary-secret");
  }
}
