package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.MediaPolicy;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Timeouts;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set about fal. Immutable; its text holds no key.
 *
 * @param credentials where the key comes from
 * @param hosts where fal lives
 * @param timeouts of one HTTP exchange
 * @param retry for what is safe to repeat: look-ups always, a submit only where nothing was
 *     accepted
 * @param polling how often the queue is asked
 * @param deadline the longest that one call may take, waiting in the queue included
 * @param cancelOnGivingUp whether fal is told to stop when the call is interrupted, fails in part
 *     or runs out of time
 * @param media what the pictures may be
 * @param imageModel the endpoint that draws what names no model of fal's
 * @param strict whether anything that cannot be done exactly is refused before it is sent
 */
public record FalConfig(
    FalCredentials credentials,
    FalHosts hosts,
    Timeouts timeouts,
    Retry retry,
    FalPolling polling,
    Duration deadline,
    boolean cancelOnGivingUp,
    MediaPolicy media,
    String imageModel,
    boolean strict) {

  private static final String DEFAULT_IMAGE_MODEL = "fal-ai/flux/dev";

  /**
   * Checks the deadline.
   *
   * @throws IllegalArgumentException if the deadline is not positive
   */
  public FalConfig {
    if (deadline.isZero() || deadline.isNegative()) {
      throw new IllegalArgumentException("the deadline must be longer than nothing");
    }
  }

  /**
   * What the environment says, else the defaults: {@code FAL_KEY} (or {@code FAL_KEY_ID} and {@code
   * FAL_KEY_SECRET}), {@code FAL_IMAGE_MODEL}, {@code FAL_RUN_HOST}, {@code FAL_QUEUE_RUN_HOST}.
   *
   * @param environment for example {@code System::getenv}
   * @throws IllegalArgumentException if a host there is not one that the key may go to
   */
  public static FalConfig fromEnvironment(Function<String, @Nullable String> environment) {
    String model = environment.apply("FAL_IMAGE_MODEL");
    return new FalConfig(
        FalCredentials.fromEnvironment(environment),
        FalHosts.fromEnvironment(environment),
        Timeouts.DEFAULT,
        Retry.DEFAULT,
        FalPolling.DEFAULT,
        Duration.ofMinutes(10),
        true,
        MediaPolicy.DEFAULT,
        model == null || model.isBlank() ? DEFAULT_IMAGE_MODEL : model.strip(),
        false);
  }

  /** The same with these credentials. */
  public FalConfig with(FalCredentials other) {
    return new FalConfig(
        other,
        hosts,
        timeouts,
        retry,
        polling,
        deadline,
        cancelOnGivingUp,
        media,
        imageModel,
        strict);
  }

  /** The same at these hosts. */
  public FalConfig with(FalHosts other) {
    return new FalConfig(
        credentials,
        other,
        timeouts,
        retry,
        polling,
        deadline,
        cancelOnGivingUp,
        media,
        imageModel,
        strict);
  }

  /** The same with these timeouts. */
  public FalConfig with(Timeouts other) {
    return new FalConfig(
        credentials,
        hosts,
        other,
        retry,
        polling,
        deadline,
        cancelOnGivingUp,
        media,
        imageModel,
        strict);
  }

  /** The same with this way to try again. */
  public FalConfig with(Retry other) {
    return new FalConfig(
        credentials,
        hosts,
        timeouts,
        other,
        polling,
        deadline,
        cancelOnGivingUp,
        media,
        imageModel,
        strict);
  }

  /** The same with this way to ask. */
  public FalConfig with(FalPolling other) {
    return new FalConfig(
        credentials,
        hosts,
        timeouts,
        retry,
        other,
        deadline,
        cancelOnGivingUp,
        media,
        imageModel,
        strict);
  }

  /** The same with this policy for downloads. */
  public FalConfig with(MediaPolicy other) {
    return new FalConfig(
        credentials,
        hosts,
        timeouts,
        retry,
        polling,
        deadline,
        cancelOnGivingUp,
        other,
        imageModel,
        strict);
  }

  /** The same with this deadline. */
  public FalConfig withDeadline(Duration other) {
    return new FalConfig(
        credentials,
        hosts,
        timeouts,
        retry,
        polling,
        other,
        cancelOnGivingUp,
        media,
        imageModel,
        strict);
  }

  /** The same, telling fal to stop what is given up, or not. */
  public FalConfig withCancelOnGivingUp(boolean other) {
    return new FalConfig(
        credentials, hosts, timeouts, retry, polling, deadline, other, media, imageModel, strict);
  }

  /** The same with this default endpoint. */
  public FalConfig withImageModel(String other) {
    return new FalConfig(
        credentials,
        hosts,
        timeouts,
        retry,
        polling,
        deadline,
        cancelOnGivingUp,
        media,
        other,
        strict);
  }

  /** The same, strict or not. */
  public FalConfig withStrict(boolean other) {
    return new FalConfig(
        credentials,
        hosts,
        timeouts,
        retry,
        polling,
        deadline,
        cancelOnGivingUp,
        media,
        imageModel,
        other);
  }
}
