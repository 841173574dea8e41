package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.fal.image.FalModels;
import dev.fluxbridge.providers.http.MediaPolicy;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Timeouts;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is set once for a client. What is set for one call are {@link FalOptions}.
 * Immutable; its text holds no key. Begin with {@link #fromEnvironment} and change what differs.
 *
 * @param credentials where the key comes from
 * @param hosts where fal lives
 * @param timeouts of one HTTP exchange with the queue, the storage or the platform API; what shows
 *     outputs while it works and what answers late (direct calls) is held to the deadline instead
 * @param retry how often and after which pauses something is tried again, where that is safe: looks
 *     and fetches in any case (and until the deadline, whatever the number of tries), a submit only
 *     where nothing was accepted
 * @param polling how often the queue is asked about a request that is waited for
 * @param deadline the longest that one call may take, waiting in the queue, tries and their pauses
 *     included; then it ends with {@code TIMEOUT}. Above nothing and at most 20 days; {@link
 *     FalOptions#withDeadline} sets another one for one call
 * @param cancelOnGivingUp whether fal is told to stop a request when the wait for it is
 *     interrupted, cancelled or runs out of time; else it runs on, and is billed
 * @param media what downloaded pictures may be, and whether uploads and downloads may stay on this
 *     machine (for tests)
 * @param models for {@link FalImageBackend} alone: the endpoint for each task, for what names no
 *     model of fal's
 * @param uploads how pictures and other files of an input are uploaded
 * @param strict for {@link FalImageBackend} alone: whether anything that cannot be done exactly is
 *     refused before it is sent
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
    FalModels models,
    FalUploadOptions uploads,
    boolean strict) {

  /** No single exchange waits longer, whatever it is told. */
  static final Duration LONGEST = Duration.ofDays(20);

  /**
   * Checks the deadline; the parts have checked themselves.
   *
   * @throws IllegalArgumentException if the deadline is not positive or above 20 days
   */
  public FalConfig {
    checkedDeadline(deadline);
  }

  static Duration checkedDeadline(Duration time) {
    if (time.isZero() || time.isNegative()) {
      throw new IllegalArgumentException("the deadline must be longer than nothing");
    }
    if (time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("the deadline must be at most 20 days");
    }
    return time;
  }

  /**
   * What the environment says, else the defaults: {@code FAL_KEY} (or {@code FAL_KEY_ID} and {@code
   * FAL_KEY_SECRET}), {@code FAL_RUN_HOST}, {@code FAL_QUEUE_RUN_HOST}, and what {@link
   * FalModels#fromEnvironment} reads; a deadline of ten minutes, and fal is told to stop what is
   * given up. A missing key shows at the first call that needs one.
   *
   * @param environment for example {@code System::getenv}
   * @throws IllegalArgumentException if a host there is not one that the key may go to, or an
   *     endpoint does not exist any more
   */
  public static FalConfig fromEnvironment(Function<String, @Nullable String> environment) {
    return new FalConfig(
        FalCredentials.fromEnvironment(environment),
        FalHosts.fromEnvironment(environment),
        Timeouts.DEFAULT,
        Retry.DEFAULT,
        FalPolling.DEFAULT,
        Duration.ofMinutes(10),
        true,
        MediaPolicy.DEFAULT,
        FalModels.fromEnvironment(environment),
        FalUploadOptions.DEFAULT,
        false);
  }

  /** The same with these credentials. */
  public FalConfig with(FalCredentials other) {
    return changed(draft -> draft.credentials = other);
  }

  /** The same at these hosts. */
  public FalConfig with(FalHosts other) {
    return changed(draft -> draft.hosts = other);
  }

  /** The same with these timeouts. */
  public FalConfig with(Timeouts other) {
    return changed(draft -> draft.timeouts = other);
  }

  /** The same with this way to try again. */
  public FalConfig with(Retry other) {
    return changed(draft -> draft.retry = other);
  }

  /** The same with this way to ask. */
  public FalConfig with(FalPolling other) {
    return changed(draft -> draft.polling = other);
  }

  /** The same with this policy for downloads. */
  public FalConfig with(MediaPolicy other) {
    return changed(draft -> draft.media = other);
  }

  /** The same with these endpoints. */
  public FalConfig with(FalModels other) {
    return changed(draft -> draft.models = other);
  }

  /** The same with this way to upload. */
  public FalConfig with(FalUploadOptions other) {
    return changed(draft -> draft.uploads = other);
  }

  /** The same with this deadline. */
  public FalConfig withDeadline(Duration other) {
    return changed(draft -> draft.deadline = other);
  }

  /** The same, telling fal to stop what is given up, or not. */
  public FalConfig withCancelOnGivingUp(boolean other) {
    return changed(draft -> draft.cancelOnGivingUp = other);
  }

  /** The same, strict or not. */
  public FalConfig withStrict(boolean other) {
    return changed(draft -> draft.strict = other);
  }

  private FalConfig changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.config();
  }

  /** A configuration while one thing of it is changed. */
  private static final class Draft {
    private FalCredentials credentials;
    private FalHosts hosts;
    private Timeouts timeouts;
    private Retry retry;
    private FalPolling polling;
    private Duration deadline;
    private boolean cancelOnGivingUp;
    private MediaPolicy media;
    private FalModels models;
    private FalUploadOptions uploads;
    private boolean strict;

    Draft(FalConfig from) {
      credentials = from.credentials;
      hosts = from.hosts;
      timeouts = from.timeouts;
      retry = from.retry;
      polling = from.polling;
      deadline = from.deadline;
      cancelOnGivingUp = from.cancelOnGivingUp;
      media = from.media;
      models = from.models;
      uploads = from.uploads;
      strict = from.strict;
    }

    FalConfig config() {
      return new FalConfig(
          credentials,
          hosts,
          timeouts,
          retry,
          polling,
          deadline,
          cancelOnGivingUp,
          media,
          models,
          uploads,
          strict);
    }
  }
}
