package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.WireMock;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FalImageBackendTest {
  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();

  @AfterEach
  void stop() {
    fal.close();
  }

  private ImageResult draw(ImageRequest request) {
    return draw(fal.config(), request, Progress.NONE);
  }

  private ImageResult draw(FalConfig config, ImageRequest request, Progress progress) {
    try (FalImageBackend backend = new FalImageBackend(config, time.effects())) {
      return backend.generate(request, progress);
    }
  }

  private FalException fails(ImageRequest request) {
    return catchThrowableOfType(FalException.class, () -> draw(request));
  }

  @Test
  void drawsOnePictureThroughTheQueueByteForByte() {
    fal.accepts(FalServer.FLUX_DEV, "r1").draws("r1", 1, 64, 64);

    ImageResult result = draw(Requests.of(Requests.DEV, 1));

    assertThat(result.images())
        .containsExactly(new Picture.Encoded(FalServer.png(64, 64), "image/png"));
    assertThat(result.seeds()).containsExactly(42L);
    assertThat(result.flagged()).containsExactly(false);
    assertThat(result.notes()).isEmpty();
    assertThat(result.cost()).isEqualTo(new Cost.Units(new BigDecimal("1.5")));
    assertThat(result.provenance().backend()).isEqualTo("fal");
    assertThat(result.provenance().model()).isEqualTo("fal-ai/flux/dev");
    assertThat(result.provenance().requestIds()).containsExactly("r1");
  }

  @Test
  void sendsTheKeyToTheQueueAndNeverToTheFiles() {
    fal.accepts(FalServer.FLUX_DEV, "r1").draws("r1", 1, 64, 64);

    draw(Requests.of(Requests.DEV, 1));

    fal.wire.verify(
        WireMock.postRequestedFor(urlPathEqualTo(FalServer.FLUX_DEV))
            .withHeader("Authorization", WireMock.equalTo("Key " + FalServer.KEY)));
    fal.wire.verify(
        WireMock.getRequestedFor(urlPathMatching("/files/.*")).withoutHeader("Authorization"));
  }

  @Test
  void keepsThePicturesOfSeveralPromptsInTheirOrder() {
    fal.acceptsInTurn(FalServer.FLUX_DEV, "r1", "r2")
        .draws("r1", 1, 64, 64)
        .draws("r2", 1, 64, 64)
        // the second one is done before the first
        .reports("r1", "{\"status\":\"IN_QUEUE\"}", "{\"status\":\"COMPLETED\"}");
    fal.wire.stubFor(
        get(urlPathMatching("/files/r2/.*"))
            .willReturn(aResponse().withBody(FalServer.png(64, 32))));
    ImageRequest request =
        Requests.request(
            Requests.DEV, List.of(Prompt.of("first"), Prompt.of("second")), 64, 64, 28, 3.5, 1, 1);

    ImageResult result = draw(request);

    assertThat(result.provenance().requestIds()).containsExactly("r1", "r2");
    assertThat(result.images())
        .containsExactly(
            new Picture.Encoded(FalServer.png(64, 64), "image/png"),
            new Picture.Encoded(FalServer.png(64, 32), "image/png"));
    assertThat(result.cost()).isEqualTo(new Cost.Units(new BigDecimal("3.0")));
    assertThat(result.notes())
        .extracting(Note::code)
        .containsExactly("fal.prompt.split", "fal.size.returned");
  }

  @Test
  void tellsProgressAsFalReportsIt() {
    fal.accepts(FalServer.FLUX_DEV, "r1")
        .draws("r1", 1, 64, 64)
        .reports(
            "r1",
            "{\"status\":\"IN_QUEUE\",\"queue_position\":3}",
            "{\"status\":\"IN_QUEUE\",\"queue_position\":3}",
            "{\"status\":\"IN_QUEUE\",\"queue_position\":0}",
            "{\"status\":\"SOMETHING_NEW\"}",
            "{\"status\":\"IN_PROGRESS\",\"logs\":null}",
            "{\"status\":\"COMPLETED\"}");
    List<String> seen = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void accepted(String backend, String requestId) {
            seen.add("accepted " + backend + " " + requestId);
          }

          @Override
          public void queued(int ahead) {
            seen.add("queued " + ahead);
          }

          @Override
          public void started() {
            seen.add("started");
          }
        };

    draw(fal.config(), Requests.of(Requests.DEV, 1), progress);

    assertThat(seen).containsExactly("accepted fal r1", "queued 3", "queued 0", "started");
    assertThat(time.pauses)
        .as("each pause is longer than the one before, up to the longest")
        .hasSize(5)
        .isSorted();
  }

  @Test
  void leavesCostSeedAndFlagsUnknownWhereFalDoesNotSay() {
    fal.accepts(FalServer.FLUX_DEV, "r1").draws("r1", 1, 64, 64);
    fal.results(
        "r1",
        okJson(
            "{\"images\":[{\"url\":\"%s/files/r1/0.png\"}],\"seed\":18446744073709551615}"
                .formatted(fal.base())));

    ImageResult result = draw(Requests.of(Requests.DEV, 1));

    assertThat(result.cost()).isEqualTo(new Cost.Unknown());
    assertThat(result.seeds()).isEmpty();
    assertThat(result.flagged()).isEmpty();
  }

  @Test
  void refusesAnotherNumberOfPicturesThanAskedFor() {
    fal.accepts(FalServer.FLUX_DEV, "r1").draws("r1", 1, 64, 64);

    FalException failure = fails(Requests.of(Requests.DEV, 2));

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(failure).hasMessageContaining("1 pictures").hasMessageContaining("2 were asked");
    assertThat(failure.requestId()).contains("r1");
  }

  @Test
  void saysThatAPictureIsPaidForWhenItCannotBeFetched() {
    fal.accepts(FalServer.FLUX_DEV, "r1").draws("r1", 1, 64, 64);
    fal.wire.stubFor(
        get(urlPathMatching("/files/r1/.*")).willReturn(aResponse().withBody("<html>no</html>")));

    FalException failure = fails(Requests.of(Requests.DEV, 1));

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(failure)
        .hasMessageContaining("no PNG, JPEG, WebP or GIF")
        .hasMessageContaining("billed")
        .hasMessageContaining("r1");
  }

  @Test
  void namesWhatIsPaidForAndStopsTheRestWhenOneOfSeveralRequestsFails() {
    fal.acceptsInTurn(FalServer.FLUX_DEV, "r1", "r2", "r3")
        .draws("r1", 1, 64, 64)
        .completes("r2")
        .reports("r3", "{\"status\":\"IN_QUEUE\"}")
        .letsCancel()
        .results(
            "r2",
            aResponse()
                .withStatus(422)
                .withBody(
                    """
                    {"detail":[{"loc":["body","prompt"],"msg":"not allowed: %s",
                     "type":"content_policy_violation","input":"%s"}]}"""
                        .formatted(Requests.PROMPT, Requests.PROMPT)));

    FalException failure = fails(Requests.of(Requests.DEV, 3, Seed.of(1), Seed.of(2), Seed.of(3)));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure.requestId()).contains("r2");
    assertThat(failure)
        .hasMessageContaining("body.prompt: not allowed: [...] (content_policy_violation)")
        .hasMessageContaining("already completed, and billed: r1")
        .hasMessageContaining("asked to stop: r3");
    assertThat(failure.getMessage()).doesNotContain("fox");
    assertThat(failure.rawBody()).contains(Requests.PROMPT);
    assertThat(fal.cancels("r3")).isEqualTo(1);
    assertThat(fal.cancels("r1")).isZero();
  }

  @Test
  void takesBackTheFirstRequestsWhenALaterOneIsNotAccepted() {
    fal.acceptsInTurn(FalServer.FLUX_DEV, "r1").letsCancel();
    fal.wire.stubFor(
        post(urlPathEqualTo(FalServer.FLUX_DEV))
            .inScenario("submits")
            .whenScenarioStateIs("submitted 1")
            .willReturn(aResponse().withStatus(402).withBody("{\"detail\":\"no money\"}")));

    FalException failure = fails(Requests.of(Requests.DEV, 8));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure).hasMessageContaining("asked to stop: r1");
    assertThat(fal.cancels("r1")).isEqualTo(1);
  }

  @Test
  void endsTheCallWithWhatAWatcherThrows() {
    fal.accepts(FalServer.FLUX_DEV, "r1").letsCancel();
    Progress stop =
        new Progress() {
          @Override
          public void accepted(String backend, String requestId) {
            throw new IllegalStateException("enough");
          }
        };

    assertThat(
            catchThrowableOfType(
                IllegalStateException.class,
                () -> draw(fal.config(), Requests.of(Requests.DEV, 1), stop)))
        .hasMessage("enough");
    assertThat(fal.cancels("r1")).isEqualTo(1);
  }

  @Test
  void refusesBeforeSendingAnythingWhenStrict() {
    BackendException failure =
        catchThrowableOfType(
            BackendException.class,
            () ->
                draw(
                    fal.config().withStrict(true),
                    Requests.of(Requests.DEV, 1, Seed.of(7)),
                    Progress.NONE));

    assertThat(failure.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(failure).hasMessageContaining("generator (fal.generator.noise)");
    assertThat(fal.wire.getAllServeEvents()).isEmpty();
  }

  @Test
  void listsWhatBecomesOfEachArgumentWithCodesOfTheirOwn() {
    assertThat(FalImageBackend.ledger()).extracting(LedgerRow::code).doesNotHaveDuplicates();
    assertThat(FalImageBackend.ledger())
        .allSatisfy(row -> assertThat(row.code()).matches("fal\\.[a-z0-9_]+\\.[a-z0-9_]+"));
    assertThat(FalImageBackend.ledger())
        .filteredOn(row -> row.code().equals("fal.latents.refused"))
        .extracting(LedgerRow::fidelity)
        .containsExactly(Fidelity.REFUSED);
  }
}
