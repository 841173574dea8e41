package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that bring pictures along, from the caller to the wire. */
class FalEditTest {
  private static final String IMAGE_TO_IMAGE = "/fal-ai/flux/dev/image-to-image";
  private static final String INPAINT = "/fal-ai/flux-lora/inpainting";

  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();

  @BeforeEach
  void store() {
    fal.wire.stubFor(
        post(urlPathEqualTo("/storage/upload/initiate"))
            .willReturn(
                okJson(
                        """
                        {{#assign 'id'}}{{randomValue length=12 type='ALPHANUMERIC'}}{{/assign}}
                        {"upload_url":"%1$s/put/{{id}}","file_url":"%1$s/stored/{{id}}.png"}"""
                            .formatted(fal.base()))
                    .withTransformers("response-template")));
    fal.wire.stubFor(put(urlPathMatching("/put/.*")).willReturn(aResponse()));
  }

  @AfterEach
  void stop() {
    fal.close();
  }

  private ImageResult draw(FalConfig config, ImageRequest request) {
    try (FalImageBackend backend = new FalImageBackend(config, time.effects())) {
      return backend.generate(request);
    }
  }

  private ImageResult draw(ImageRequest request) {
    return draw(fal.config(), request);
  }

  private static ImageRequest imageToImage() {
    return Edits.call(Pipeline.IMG2IMG, Requests.DEV).edit(Edits.starting(0.6)).build();
  }

  private List<LoggedRequest> puts() {
    return fal.wire.findAll(putRequestedFor(urlPathMatching("/put/.*")));
  }

  private List<JsonNode> submitted(String endpoint) {
    return fal.wire.findAll(postRequestedFor(urlPathEqualTo(endpoint))).stream()
        .map(request -> (JsonNode) Json.read(request.getBodyAsString()).orElseThrow())
        .toList();
  }

  /** What was uploaded to an address that a request names. */
  private Bitmap stored(JsonNode address) {
    String id = address.textValue().replaceAll(".*/stored/(.*)\\.png", "$1");
    List<LoggedRequest> sent = fal.wire.findAll(putRequestedFor(urlPathEqualTo("/put/" + id)));
    assertThat(sent).as(id).hasSize(1);
    assertThat(sent.get(0).header("Content-Type").firstValue()).isEqualTo("image/png");
    return Bitmaps.of(new Picture.Encoded(sent.get(0).getBody(), "image/png"));
  }

  @Test
  void uploadsThePictureAsPngAndDrawsFromIt() {
    fal.accepts(IMAGE_TO_IMAGE, "r1").draws("r1", 1, 64, 64);

    ImageResult result = draw(imageToImage());

    assertThat(submitted(IMAGE_TO_IMAGE)).hasSize(1);
    JsonNode body = submitted(IMAGE_TO_IMAGE).get(0);
    assertThat(stored(body.path("image_url"))).isEqualTo(Edits.bitmap(64, 64, 0));
    assertThat(body.path("strength").doubleValue()).isEqualTo(0.6);
    assertThat(result.images()).hasSize(1);
    assertThat(result.provenance().model()).isEqualTo("fal-ai/flux/dev/image-to-image");
    assertThat(result.notes()).extracting(Note::code).containsExactly("fal.size.from_image");
    fal.wire.verify(
        0,
        putRequestedFor(urlPathMatching("/put/.*"))
            .withHeader("Authorization", WireMock.matching(".*")));
  }

  @Test
  void uploadsTheSamePictureOnceForAllRequestsAndForLaterCalls() {
    fal.acceptsInTurn(INPAINT, "r1", "r2", "r3")
        .draws("r1", 4, 64, 64)
        .draws("r2", 1, 64, 64)
        .draws("r3", 1, 64, 64);
    try (FalImageBackend backend = new FalImageBackend(fal.config(), time.effects())) {
      ImageResult five =
          backend.generate(
              Edits.call(Pipeline.INPAINT, Requests.DEV)
                  .edit(Edits.masked(0.8))
                  .imagesPerPrompt(5)
                  .build());
      backend.generate(Edits.call(Pipeline.INPAINT, Requests.DEV).edit(Edits.masked(0.8)).build());

      assertThat(five.images()).hasSize(5);
      assertThat(five.provenance().requestIds()).containsExactly("r1", "r2");
    }
    assertThat(puts()).as("one picture and one mask").hasSize(2);
    List<JsonNode> bodies = submitted(INPAINT);
    assertThat(bodies).hasSize(3);
    assertThat(bodies)
        .extracting(body -> body.path("image_url"))
        .containsOnly(bodies.get(0).path("image_url"));
    assertThat(stored(bodies.get(0).path("mask_url")).pixels()).containsOnly(0, 255);
  }

  @Test
  void uploadsControlImagesInTheSizeOfThePicture() {
    String endpoint = "/fal-ai/flux-control-lora-depth";
    fal.accepts(endpoint, "r1").draws("r1", 1, 64, 64);

    draw(
        Edits.call(Pipeline.CONTROL, "black-forest-labs/FLUX.1-Depth-dev")
            .controls(List.of(Control.of(Edits.picture(128, 40))))
            .build());

    Bitmap control = stored(submitted(endpoint).get(0).path("control_lora_image_url"));
    assertThat(control).extracting(Bitmap::width, Bitmap::height).containsExactly(64, 64);
  }

  @Test
  void uploadsKontextsPictureInOneOfItsSizesAndTakesTheSizeThatComes() {
    String endpoint = "/fal-ai/flux-kontext/dev";
    fal.accepts(endpoint, "r1").draws("r1", 1, 48, 80);

    ImageResult result =
        draw(
            Edits.call(Pipeline.KONTEXT, "black-forest-labs/FLUX.1-Kontext-dev")
                .edit(Edit.of(Edits.picture(64, 64), 1))
                .build());

    Bitmap seen = stored(submitted(endpoint).get(0).path("image_url"));
    assertThat(seen).extracting(Bitmap::width, Bitmap::height).containsExactly(1024, 1024);
    assertThat(result.notes()).extracting(Note::code).containsExactly("fal.size.ratio");
  }

  @Test
  void saysWhenThePictureCameInAnotherSizeThanItsSource() {
    fal.accepts(IMAGE_TO_IMAGE, "r1").draws("r1", 1, 64, 32);

    assertThat(draw(imageToImage()).notes())
        .extracting(Note::code)
        .containsExactly("fal.size.from_image", "fal.size.returned");
  }

  @Test
  void uploadsLoraFilesOfThisMachine(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("own.safetensors"), "some weights");
    fal.accepts("/fal-ai/flux-lora", "r1").draws("r1", 1, 64, 64);
    Weights weights =
        new Weights(
            Requests.DEV,
            List.of(new Weights.Lora(folder.toString(), "own.safetensors", "mine", 0.5)),
            1,
            List.of());

    draw(Edits.call(Pipeline.FLUX, weights).build());

    JsonNode lora = submitted("/fal-ai/flux-lora").get(0).path("loras").path(0);
    assertThat(lora.path("path").textValue()).contains("/stored/");
    assertThat(lora.path("scale").doubleValue()).isEqualTo(0.5);
    assertThat(puts()).extracting(LoggedRequest::getBodyAsString).containsExactly("some weights");
  }

  @Test
  void putsSmallPicturesIntoTheRequestWhereThatIsConfigured() {
    fal.accepts(IMAGE_TO_IMAGE, "r1").draws("r1", 1, 64, 64);
    FalConfig inline = fal.config().with(FalUploadOptions.DEFAULT.withInlineUpTo(1 << 20));

    draw(inline, imageToImage());

    String address = submitted(IMAGE_TO_IMAGE).get(0).path("image_url").textValue();
    byte[] png = FalDataUri.parse(address, 1 << 20).bytes();
    assertThat(Bitmaps.of(new Picture.Encoded(png, "image/png")))
        .isEqualTo(Edits.bitmap(64, 64, 0));
    assertThat(puts()).isEmpty();
  }

  @Test
  void submitsNothingWhenAnUploadFails() {
    fal.wire.stubFor(put(urlPathMatching("/put/.*")).willReturn(aResponse().withStatus(503)));

    FalException failure = catchThrowableOfType(FalException.class, () -> draw(imageToImage()));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("nothing was submitted");
    assertThat(submitted(IMAGE_TO_IMAGE)).isEmpty();
  }

  @Test
  void submitsNothingWhenTheStorageAnswersNonsense() {
    fal.wire.stubFor(
        post(urlPathEqualTo("/storage/upload/initiate")).willReturn(okJson("{\"hello\":1}")));

    FalException failure = catchThrowableOfType(FalException.class, () -> draw(imageToImage()));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("nothing was submitted");
    assertThat(submitted(IMAGE_TO_IMAGE)).isEmpty();
  }

  @Test
  void uploadsNothingThatIsRefusedOrTooMuchForStrictCallers() {
    ImageRequest noStrength =
        Edits.call(Pipeline.IMG2IMG, Requests.DEV).edit(Edits.starting(0)).build();

    ImageRequest seeded =
        Edits.call(Pipeline.IMG2IMG, Requests.DEV)
            .edit(Edits.starting(0.6))
            .seeds(List.of(Seed.of(7)))
            .build();
    for (ImageRequest request : List.of(noStrength, seeded)) {
      assertThat(
              catchThrowableOfType(
                  BackendException.class, () -> draw(fal.config().withStrict(true), request)))
          .hasMessageContaining("nothing was sent to fal");
    }
    assertThat(fal.wire.getAllServeEvents()).isEmpty();
  }

  @Test
  void hidesWhereThePictureLiesWhenFalRepeatsIt() {
    fal.accepts(IMAGE_TO_IMAGE, "r1").completes("r1");
    fal.onRequest =
        () ->
            addresses()
                .forEach(
                    address ->
                        fal.results(
                            "r1",
                            aResponse()
                                .withStatus(422)
                                .withBody(
                                    "{\"detail\":[{\"loc\":[\"body\",\"image_url\"],\"msg\":\"cannot load "
                                        + address
                                        + " of "
                                        + Requests.PROMPT
                                        + "\",\"type\":\"file_download_error\"}]}")));

    FalException failure = catchThrowableOfType(FalException.class, () -> draw(imageToImage()));

    assertThat(failure).hasMessageContaining("body.image_url: cannot load [...] of [...]");
    assertThat(failure.getMessage()).doesNotContain("/stored/").doesNotContain("fox");
    assertThat(failure.requestId()).contains("r1");
  }

  private Stream<String> addresses() {
    return submitted(IMAGE_TO_IMAGE).stream().map(body -> body.path("image_url").textValue());
  }

  @Test
  void namesTheRequestWhenItMayHaveBeenAcceptedAndSendsItOnce() {
    fal.wire.stubFor(
        post(urlPathEqualTo(IMAGE_TO_IMAGE))
            .willReturn(
                aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.EMPTY_RESPONSE)));

    FalException failure = catchThrowableOfType(FalException.class, () -> draw(imageToImage()));

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(submitted(IMAGE_TO_IMAGE)).hasSize(1);
  }
}
