package dev.fluxbridge.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Prompt;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.imageio.ImageIO;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenAiImageBackendTest {
  private final OpenAiServer openAi = new OpenAiServer();

  @AfterEach
  void stop() {
    openAi.close();
  }

  private ImageResult generate(ImageRequest request) {
    return generate(openAi.config(), request);
  }

  private static ImageResult generate(OpenAiConfig config, ImageRequest request) {
    try (OpenAiImageBackend backend = new OpenAiImageBackend(config)) {
      return backend.generate(request);
    }
  }

  @Test
  void asksForAPictureWithEveryFieldSaid() {
    generate(Requests.exact().size(1536, 1024).build());

    RecordedRequest request = openAi.only();
    assertThat(request.getMethod() + " " + request.getTarget())
        .isEqualTo("POST /v1/images/generations");
    assertThat(OpenAiServer.fields(request))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "model", "gpt-image-2.5-sunburst",
                "prompt", Requests.PROMPT,
                "n", "1",
                "size", "1536x1024",
                "quality", "auto",
                "background", "opaque",
                "output_format", "png",
                "moderation", "auto"));
    assertThat(Schemas.complaints(request)).isEmpty();
  }

  @Test
  void showsTheKeyAndWhoIsBilledAndNothingOfThisMachine() {
    OpenAiConfig config =
        OpenAiConfig.fromEnvironment(
                Map.of(
                        "OPENAI_API_KEY", " " + OpenAiServer.KEY + "\n",
                        "OPENAI_ORG_ID", "org-1",
                        "OPENAI_PROJECT_ID", "proj_1")
                    ::get)
            .withBaseUrl(openAi.config().baseUrl());

    generate(config, Requests.exact().build());

    var headers = openAi.only().getHeaders();
    assertThat(headers.get("Authorization")).isEqualTo("Bearer " + OpenAiServer.KEY);
    assertThat(headers.get("OpenAI-Organization")).isEqualTo("org-1");
    assertThat(headers.get("OpenAI-Project")).isEqualTo("proj_1");
    assertThat(headers.get("User-Agent")).isEqualTo("fluxbridge");
    assertThat(headers.names()).noneMatch(name -> name.matches("(?i)x-stainless.*"));
  }

  @Test
  void keepsTheFileAsItCame() {
    byte[] file = OpenAiServer.png(1024, 1024);
    openAi.answers(OpenAiServer.says(200, OpenAiServer.reply(file, 1)).build());

    ImageResult result = generate(Requests.exact().build());

    assertThat(result.images()).containsExactly(new Picture.Encoded(file, "image/png"));
    assertThat(result.notes()).isEmpty();
    assertThat(result.seeds()).isEmpty();
    assertThat(result.flagged()).isEmpty();
    assertThat(result.provenance().backend()).isEqualTo("openai");
    assertThat(result.provenance().model()).isEqualTo("gpt-image-2.5-sunburst");
    assertThat(result.provenance().requestIds()).containsExactly(OpenAiServer.REQUEST_ID);
  }

  @Test
  void costsTheTokensThatTheRepliesTell() {
    ImageResult result = generate(Requests.exact().prompts(Prompt.of("a"), Prompt.of("b")).build());

    assertThat(result.cost()).isEqualTo(new Cost.Tokens(120, OptionalLong.of(100), 8320));
    assertThat(result.cost()).hasToString("120 (100 of pictures) tokens in, 8320 tokens out");
  }

  @Test
  void anUntoldCostIsUnknownAndNotNothing() {
    String told = OpenAiServer.reply(OpenAiServer.png(1024, 1024), 1);
    String untold = told.replaceFirst("(?s),\\s*\"usage\".*", "}");
    openAi.answers(
        List.of(OpenAiServer.says(200, told).build(), OpenAiServer.says(200, untold).build()));

    assertThat(generate(Requests.exact().prompts(Prompt.of("a"), Prompt.of("b")).build()).cost())
        .isEqualTo(new Cost.Unknown());
  }

  @Test
  void sendsPromptsOneAfterTheOtherAndNoMoreThanTenPicturesAtOnce() {
    List<String> accepted = new ArrayList<>();
    Progress watcher =
        new Progress() {
          @Override
          public void accepted(String backend, String requestId) {
            accepted.add(backend + " " + requestId);
          }
        };
    ImageRequest request =
        Requests.exact().prompts(Prompt.of("one"), Prompt.of("two")).imagesPerPrompt(12).build();
    ImageResult result;
    try (OpenAiImageBackend backend = new OpenAiImageBackend(openAi.config())) {
      result = backend.generate(request, watcher);
    }

    assertThat(result.images()).hasSize(24);
    assertThat(openAi.requests)
        .extracting(OpenAiServer::fields)
        .extracting(fields -> fields.get("prompt") + " " + fields.get("n"))
        .containsExactly("one 10", "one 2", "two 10", "two 2");
    assertThat(accepted).hasSize(4).containsOnly("openai " + OpenAiServer.REQUEST_ID);
    assertThat(result.notes())
        .extracting(Note::code)
        .containsExactlyInAnyOrder("openai.prompt.split", "openai.num_images_per_prompt.split");
  }

  @Test
  void sendsAPictureAndItsMaskAsFilesOfOneSize() throws Exception {
    generate(
        Requests.of(Pipeline.INPAINT)
            .edit(Requests.inpaint(100, 50))
            .size(1536, 864)
            .guidanceScale(7)
            .build());

    RecordedRequest request = openAi.only();
    assertThat(request.getTarget()).isEqualTo("/v1/images/edits");
    assertThat(Schemas.complaints(request)).isEmpty();
    assertThat(OpenAiServer.fields(request))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "model", "gpt-image-2.5-sunburst",
                "prompt", Requests.PROMPT,
                "n", "1",
                "size", "1536x864",
                "quality", "auto",
                "background", "opaque",
                "output_format", "png"));
    List<Multipart> files =
        Multipart.of(request).stream().filter(part -> part.filename().isPresent()).toList();
    assertThat(files).extracting(Multipart::name).containsExactlyInAnyOrder("image", "mask");
    for (Multipart file : files) {
      assertThat(file.type()).isEqualTo("image/png");
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(file.bytes()));
      assertThat(image.getWidth() + "x" + image.getHeight()).isEqualTo("1536x864");
      assertThat(image.getColorModel().hasAlpha()).isEqualTo(file.name().equals("mask"));
    }
  }

  @Test
  void aSecondPictureToLookAtGoesBehindTheOneThatIsEdited() throws Exception {
    Edit one = Requests.inpaint(64, 64);
    Edit edit =
        new Edit(
            one.image(),
            one.mask(),
            Optional.of(Images.of(Requests.picture(32, 48))),
            Optional.empty(),
            1,
            Optional.empty(),
            1024 * 1024,
            true);
    generate(Requests.of(Pipeline.KONTEXT_INPAINT).edit(edit).build());

    List<Multipart> pictures =
        Multipart.of(openAi.only()).stream().filter(p -> p.name().equals("image[]")).toList();
    assertThat(pictures).hasSize(2);
    assertThat(ImageIO.read(new ByteArrayInputStream(pictures.get(0).bytes())).getHeight())
        .isEqualTo(64);
    assertThat(ImageIO.read(new ByteArrayInputStream(pictures.get(1).bytes())).getHeight())
        .isEqualTo(48);
    assertThat(Schemas.complaints(openAi.only())).isEmpty();
  }

  @Test
  void saysWhereTheSizeThatCameIsNotTheOneThatWasAsked() {
    byte[] file = OpenAiServer.png(1024, 1536);
    openAi.answers(OpenAiServer.says(200, OpenAiServer.reply(file, 1)).build());

    assertThat(generate(Requests.exact().build()).notes())
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.code()).isEqualTo("openai.size.returned");
              assertThat(note.text()).isEqualTo("1024x1024 asked, 1024x1536 came");
            });
  }

  @Test
  void strictRefusesWhatIsNotExactAndSendsNothing() {
    OpenAiConfig strict = openAi.config().withStrict(true);
    assertThat(generate(strict, Requests.exact().build()).images()).hasSize(1);

    assertThatThrownBy(() -> generate(strict, Requests.exact().size(512, 512).steps(4).build()))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("openai.size.nearest")
        .hasMessageContaining("openai.num_inference_steps.ignored")
        .hasMessageContaining("nothing was sent to OpenAI");
    assertThat(openAi.requests).hasSize(1);
  }

  @Test
  void withoutAKeyNothingIsSentAndTheErrorSaysWhatToSet() {
    OpenAiConfig keyless = openAi.config().with(OpenAiCredentials.fromEnvironment(name -> null));
    assertThatThrownBy(() -> generate(keyless, Requests.exact().build()))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED))
        .hasMessageContaining("set OPENAI_API_KEY")
        .hasMessageContaining("nothing was sent");
    assertThat(openAi.requests).isEmpty();
  }
}
