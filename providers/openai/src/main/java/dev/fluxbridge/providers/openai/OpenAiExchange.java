package dev.fluxbridge.providers.openai;

import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import com.openai.core.MultipartField;
import com.openai.core.RequestOptions;
import com.openai.core.http.HttpResponseFor;
import com.openai.credential.BearerTokenCredential;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.images.ImageEditParams;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import com.openai.services.blocking.ImageService;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Transport;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Asks OpenAI for one part of a call and waits for the answer.
 *
 * <p>openai-java's own retries are off: by default it sends a billed request three times. This asks
 * again only where the request was certainly not accepted: no connection came about, or OpenAI said
 * that there were too many. Safe for use by several threads; owns connections, so close it.
 */
final class OpenAiExchange implements AutoCloseable {
  private static final String PNG = "image/png";
  private static final int AT_MOST = 10;
  private static final long BESIDE_PICTURES = 1 << 20;

  private final OpenAiConfig config;
  private final Effects effects;
  private final OpenAiTransport transport;
  private final OpenAIClientImpl client;
  private final ImageService.WithRawResponse images;

  OpenAiExchange(OpenAiConfig config, Effects effects) {
    this.config = config;
    this.effects = effects;
    // base64 takes four characters for three bytes
    long longest = config.media().maxBytes() / 3 * 4 * AT_MOST + BESIDE_PICTURES;
    this.transport =
        new OpenAiTransport(
            new Transport(config.timeouts()), (int) Math.min(longest, Integer.MAX_VALUE - 8));
    ClientOptions.Builder options =
        ClientOptions.builder()
            .httpClient(transport)
            .baseUrl(config.baseUrl().toString())
            .credential(BearerTokenCredential.create(config.credentials()::key))
            .maxRetries(0)
            .logLevel(LogLevel.OFF) // OPENAI_LOG would write prompts and pictures to stderr
            .disableTelemetry(true)
            .putHeader("User-Agent", "fluxbridge");
    config.organization().ifPresent(options::organization);
    config.project().ifPresent(options::project);
    this.client = new OpenAIClientImpl(options.build());
    this.images = client.images().withRawResponse();
  }

  /**
   * Asks, and waits.
   *
   * @throws BackendException as {@link OpenAiImageBackend#generate} does
   */
  OpenAiReply send(
      OpenAiImageMapping.Plan plan,
      OpenAiImageMapping.Part part,
      Deadline deadline,
      OpenAiErrors errors) {
    try {
      return config.retry().run(deadline, effects, () -> attempt(plan, part, deadline, errors));
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw errors.interrupted(interrupt);
    }
  }

  private Retry.Outcome<OpenAiReply, BackendException> attempt(
      OpenAiImageMapping.Plan plan,
      OpenAiImageMapping.Part part,
      Deadline deadline,
      OpenAiErrors errors) {
    if (deadline.passed()) {
      throw errors.late();
    }
    RequestOptions options = RequestOptions.builder().timeout(deadline.left()).build();
    try (HttpResponseFor<ImagesResponse> answer =
        part.images().isEmpty()
            ? images.generate(generation(plan, part), options)
            : images.edit(edit(plan, part), options)) {
      return new Retry.Outcome.Done<>(OpenAiReply.read(answer, part.pictures(), errors));
    } catch (OpenAIServiceException answer) {
      OpenAiErrors.Refusal refusal = errors.refused(answer);
      if (refusal.again()) {
        return new Retry.Outcome.Again<>(refusal.failure(), refusal.after());
      }
      throw refusal.failure();
    } catch (OpenAiTransport.TooLong answer) {
      throw errors.senseless(
          "OpenAI's answer is longer than MediaPolicy lets in",
          answer.reply().headers().first("x-request-id").orElse(null));
    } catch (OpenAiTransport.Failed failed) {
      BackendException failure = errors.broken(failed.failure());
      if (failed.failure().unreachable()) {
        return new Retry.Outcome.Again<>(failure, Optional.empty());
      }
      throw failure;
    }
  }

  /** Nothing is left to OpenAI's defaults. */
  private ImageGenerateParams generation(
      OpenAiImageMapping.Plan plan, OpenAiImageMapping.Part part) {
    return ImageGenerateParams.builder()
        .model(plan.model())
        .prompt(part.prompt())
        .n((long) part.pictures())
        .size(plan.size().toString())
        .quality(ImageGenerateParams.Quality.of(config.quality()))
        .background(ImageGenerateParams.Background.OPAQUE)
        .outputFormat(ImageGenerateParams.OutputFormat.PNG)
        .moderation(ImageGenerateParams.Moderation.AUTO)
        .build();
  }

  private ImageEditParams edit(OpenAiImageMapping.Plan plan, OpenAiImageMapping.Part part) {
    ImageEditParams.Builder params =
        ImageEditParams.builder()
            .model(plan.model())
            .prompt(part.prompt())
            .n((long) part.pictures())
            .size(plan.size().toString())
            .quality(ImageEditParams.Quality.of(config.quality()))
            .background(ImageEditParams.Background.OPAQUE)
            .outputFormat(ImageEditParams.OutputFormat.PNG)
            .image(
                MultipartField.<ImageEditParams.Image>builder()
                    .value(image(part.images()))
                    .contentType(PNG)
                    .filename("image.png")
                    .build());
    part.mask()
        .ifPresent(
            mask ->
                params.mask(
                    MultipartField.<InputStream>builder()
                        .value(new ByteArrayInputStream(mask))
                        .contentType(PNG)
                        .filename("mask.png")
                        .build()));
    return params.build();
  }

  private static ImageEditParams.Image image(List<byte[]> files) {
    List<InputStream> streams = files.stream().<InputStream>map(ByteArrayInputStream::new).toList();
    return streams.size() == 1
        ? ImageEditParams.Image.ofInputStream(streams.get(0))
        : ImageEditParams.Image.ofInputStreams(streams);
  }

  @Override
  public void close() {
    client.close();
    transport.close();
  }
}
