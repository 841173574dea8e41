package dev.fluxbridge.providers.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The key goes into every request and comes out nowhere else; prompts stay out of messages. */
class OpenAiSecretsTest {
  private static final ImageRequest TEXT = Requests.exact().build();
  private static final ImageRequest EDIT =
      Requests.of(Pipeline.FILL).edit(Requests.inpaint(64, 64)).build();

  private final OpenAiServer openAi = new OpenAiServer();

  @AfterEach
  void stop() {
    openAi.close();
  }

  private String trace(ImageRequest request) {
    try (OpenAiImageBackend backend =
        new OpenAiImageBackend(openAi.config(), new FakeTime().effects())) {
      BackendException failure =
          catchThrowableOfType(
              BackendException.class, () -> backend.generate(request, Progress.NONE));
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      return trace.toString();
    }
  }

  @Test
  void noMessageNoTextAndNoLogLineHoldsTheKeyOrThePrompt() throws Exception {
    String echo =
        "Incorrect API key provided: %s. Who wants '%s'?"
            .formatted(OpenAiServer.KEY, Requests.PROMPT);
    List<String> texts = new ArrayList<>();
    for (ImageRequest request : List.of(TEXT, EDIT)) {
      for (int status : new int[] {400, 401, 403, 404, 422, 429, 500, 503}) {
        openAi.answers(OpenAiServer.refuses(status, "some_code", echo).build());
        texts.add(trace(request));
        openAi.answers(OpenAiServer.says(status, echo).build());
        texts.add(trace(request));
      }
      openAi.answers(OpenAiServer.says(200, "{\"data\": \"" + echo + "\"}").build());
      texts.add(trace(request));
      openAi.answers(OpenAiServer.says(200, echo).build());
      texts.add(trace(request));
      openAi.answers(
          new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
      texts.add(trace(request));
    }
    texts.add(openAi.config().toString());
    texts.add(openAi.config().credentials().toString());

    assertThat(texts).hasSize(40);
    assertThat(texts)
        .noneMatch(text -> text.contains("canary"))
        .noneMatch(text -> text.contains("fox"));
    assertThat(Files.readString(Path.of("target/test.log")))
        .contains("POST http://localhost")
        .doesNotContain("canary")
        .doesNotContain("fox");
    assertThat(openAi.requests.get(0).getHeaders().get("Authorization"))
        .as("the key was really there")
        .contains("canary");
  }

  /** openai-java has a log of its own, which OPENAI_LOG switches on. */
  @Test
  void nothingIsWrittenToTheErrorStream() {
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, UTF_8));
    try (OpenAiImageBackend backend = new OpenAiImageBackend(openAi.config())) {
      backend.generate(TEXT);
    } finally {
      System.setErr(before);
    }
    assertThat(written.toString(UTF_8)).isEmpty();
  }

  @Test
  void aResultTellsNeitherPromptNorKey() {
    try (OpenAiImageBackend backend = new OpenAiImageBackend(openAi.config())) {
      ImageResult result = backend.generate(EDIT);
      assertThat(result.toString()).doesNotContain("canary").doesNotContain("fox");
    }
  }
}
