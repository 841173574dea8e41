package dev.fluxbridge.providers.openai;

import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.MediaPolicy;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Timeouts;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set about OpenAI. Immutable; its text holds no key.
 *
 * @param credentials where the key comes from
 * @param baseUrl where the API lives, its version included; https, or http on this machine
 * @param organization the organization that is billed; empty for the key's own
 * @param project the project that is billed; empty for the key's own
 * @param imageModel the model that draws what names no model of OpenAI's
 * @param quality {@code auto}, {@code low}, {@code medium}, {@code high}, {@code xhigh} or {@code
 *     max}; it decides most of the price
 * @param timeouts of one HTTP exchange; the answer comes in one piece when the picture is drawn, so
 *     reading must wait for that long
 * @param retry for what was certainly not accepted: no connection, or too many requests
 * @param deadline the longest that one call may take
 * @param media what the pictures may be
 * @param strict whether anything that cannot be done exactly is refused before it is sent
 */
public record OpenAiConfig(
    OpenAiCredentials credentials,
    URI baseUrl,
    Optional<String> organization,
    Optional<String> project,
    String imageModel,
    String quality,
    Timeouts timeouts,
    Retry retry,
    Duration deadline,
    MediaPolicy media,
    boolean strict) {

  private static final String DEFAULT_BASE_URL = "https://api.openai.com/v1";
  private static final Set<String> QUALITIES =
      Set.of("auto", "low", "medium", "high", "xhigh", "max");
  private static final Timeouts DEFAULT_TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10));

  /**
   * Checks what can be checked.
   *
   * @throws IllegalArgumentException if the key could travel in the clear, the quality is no known
   *     one, or the deadline is not positive
   */
  public OpenAiConfig {
    HttpRequest.get(baseUrl);
    if (!"https".equalsIgnoreCase(baseUrl.getScheme()) && !HttpRequest.namesThisMachine(baseUrl)) {
      throw new IllegalArgumentException(
          "the address of OpenAI's API (OPENAI_BASE_URL) must begin with https://: the key goes"
              + " there");
    }
    if (!QUALITIES.contains(quality)) {
      throw new IllegalArgumentException(
          "the quality (OPENAI_IMAGE_QUALITY) must be auto, low, medium, high, xhigh or max but is"
              + " '%s'".formatted(quality));
    }
    if (deadline.isZero() || deadline.isNegative()) {
      throw new IllegalArgumentException("the deadline must be longer than nothing");
    }
  }

  /**
   * What the environment says, else the defaults: {@code OPENAI_API_KEY}, {@code OPENAI_BASE_URL},
   * {@code OPENAI_ORG_ID}, {@code OPENAI_PROJECT_ID}, {@code OPENAI_IMAGE_MODEL}, {@code
   * OPENAI_IMAGE_QUALITY}.
   *
   * <p>Source: the first four are openai-java's own names.
   *
   * @param environment for example {@code System::getenv}
   * @throws IllegalArgumentException as the constructor does, naming the variable
   */
  public static OpenAiConfig fromEnvironment(Function<String, @Nullable String> environment) {
    Function<String, Optional<String>> said =
        name ->
            Optional.ofNullable(environment.apply(name))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    return new OpenAiConfig(
        OpenAiCredentials.fromEnvironment(environment),
        address(said.apply("OPENAI_BASE_URL").orElse(DEFAULT_BASE_URL)),
        said.apply("OPENAI_ORG_ID"),
        said.apply("OPENAI_PROJECT_ID"),
        said.apply("OPENAI_IMAGE_MODEL").orElse(OpenAiImageModel.DEFAULT),
        said.apply("OPENAI_IMAGE_QUALITY").orElse("auto"),
        DEFAULT_TIMEOUTS,
        Retry.DEFAULT,
        Duration.ofMinutes(10),
        MediaPolicy.DEFAULT,
        false);
  }

  private static URI address(String text) {
    try {
      URI address = URI.create(text);
      HttpRequest.get(address);
      return address;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "OPENAI_BASE_URL is no address of an API: " + e.getMessage(), e);
    }
  }

  /** The same with these credentials. */
  public OpenAiConfig with(OpenAiCredentials other) {
    return changed(draft -> draft.credentials = other);
  }

  /** The same at this address. */
  public OpenAiConfig withBaseUrl(URI other) {
    return changed(draft -> draft.baseUrl = other);
  }

  /** The same with this model. */
  public OpenAiConfig withImageModel(String other) {
    return changed(draft -> draft.imageModel = other);
  }

  /** The same with this quality. */
  public OpenAiConfig withQuality(String other) {
    return changed(draft -> draft.quality = other);
  }

  /** The same with these timeouts. */
  public OpenAiConfig with(Timeouts other) {
    return changed(draft -> draft.timeouts = other);
  }

  /** The same with this way to try again. */
  public OpenAiConfig with(Retry other) {
    return changed(draft -> draft.retry = other);
  }

  /** The same with this policy for pictures. */
  public OpenAiConfig with(MediaPolicy other) {
    return changed(draft -> draft.media = other);
  }

  /** The same with this deadline. */
  public OpenAiConfig withDeadline(Duration other) {
    return changed(draft -> draft.deadline = other);
  }

  /** The same, strict or not. */
  public OpenAiConfig withStrict(boolean other) {
    return changed(draft -> draft.strict = other);
  }

  private OpenAiConfig changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.config(this);
  }

  /** A configuration while one thing of it is changed. */
  private static final class Draft {
    private OpenAiCredentials credentials;
    private URI baseUrl;
    private String imageModel;
    private String quality;
    private Timeouts timeouts;
    private Retry retry;
    private Duration deadline;
    private MediaPolicy media;
    private boolean strict;

    Draft(OpenAiConfig from) {
      credentials = from.credentials;
      baseUrl = from.baseUrl;
      imageModel = from.imageModel;
      quality = from.quality;
      timeouts = from.timeouts;
      retry = from.retry;
      deadline = from.deadline;
      media = from.media;
      strict = from.strict;
    }

    OpenAiConfig config(OpenAiConfig from) {
      return new OpenAiConfig(
          credentials,
          baseUrl,
          from.organization,
          from.project,
          imageModel,
          quality,
          timeouts,
          retry,
          deadline,
          media,
          strict);
    }
  }
}
