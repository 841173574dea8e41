package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the fal key comes from; asked at each request, so a key may change. It shows in no text.
 *
 * <p>A missing key is an error before anything is sent, because it is nearly always forgotten and a
 * prompt should not leave for nothing. fal answers some calls without one: {@link #none} says that
 * this is meant. Safe for use by several threads if the source is.
 *
 * <p>Source: the names of the variables and their order as in fal's own clients; {@code
 * FAL_API_KEY} as in their older examples.
 */
public final class FalCredentials {
  private static final Logger LOG = LoggerFactory.getLogger(FalCredentials.class);
  private static final AtomicBoolean TOLD_THE_OLD_NAME = new AtomicBoolean();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String WHERE =
      "set FAL_KEY (or FAL_KEY_ID and FAL_KEY_SECRET) in the environment, or give one to FalConfig";

  private final Supplier<Optional<String>> source;
  private final boolean keyless;
  private volatile List<String> given = List.of();

  private FalCredentials(Supplier<Optional<String>> source, boolean keyless) {
    this.source = source;
    this.keyless = keyless;
  }

  private static FalCredentials sourced(Supplier<String> source) {
    return new FalCredentials(() -> Optional.of(source.get()), false);
  }

  /** A key that is known, {@code id:secret}. */
  public static FalCredentials of(String key) {
    return sourced(() -> key);
  }

  /** No key, on purpose: for what fal does for everybody. It answers 401 to the rest. */
  public static FalCredentials none() {
    return new FalCredentials(Optional::empty, true);
  }

  /**
   * A key that is looked up at each request, in at most 10 seconds. A source that throws, gives
   * nothing or takes longer fails the call before anything is sent.
   *
   * @param key asked on a thread of its own, so that it can be given up
   */
  public static FalCredentials from(Supplier<String> key) {
    return from(key, PATIENCE);
  }

  /**
   * The same with another limit.
   *
   * @throws IllegalArgumentException if the limit is not positive
   */
  public static FalCredentials from(Supplier<String> key, Duration longest) {
    if (longest.isZero() || longest.isNegative()) {
      throw new IllegalArgumentException("the limit for a key must be longer than nothing");
    }
    return sourced(() -> asked(key, longest));
  }

  /**
   * {@code FAL_KEY}, or else {@code FAL_KEY_ID} and {@code FAL_KEY_SECRET}, or else the old {@code
   * FAL_API_KEY}, which is warned of once. That none is there shows at the first call.
   *
   * @param environment for example {@code System::getenv}
   */
  public static FalCredentials fromEnvironment(Function<String, @Nullable String> environment) {
    return sourced(() -> found(environment));
  }

  private static String found(Function<String, @Nullable String> environment) {
    String key = environment.apply("FAL_KEY");
    if (key != null) {
      return key;
    }
    String id = environment.apply("FAL_KEY_ID");
    String secret = environment.apply("FAL_KEY_SECRET");
    if (id != null && secret != null) {
      return id.strip() + ":" + secret.strip();
    }
    String old = environment.apply("FAL_API_KEY");
    if (old != null) {
      if (!TOLD_THE_OLD_NAME.getAndSet(true)) {
        LOG.warn("the fal key comes from FAL_API_KEY, an old name: call it FAL_KEY");
      }
      return old;
    }
    String half =
        id != null
            ? ": FAL_KEY_ID is set, but not FAL_KEY_SECRET"
            : secret != null ? ": FAL_KEY_SECRET is set, but not FAL_KEY_ID" : "";
    throw FalException.of(
        Reason.REFUSED, "there is no key for fal" + half + "; " + WHERE + "; nothing was sent");
  }

  private static String asked(Supplier<String> key, Duration longest) {
    FutureTask<@Nullable String> asking = new FutureTask<>(key::get);
    Thread thread = new Thread(asking, "fluxbridge-key");
    thread.setDaemon(true);
    thread.start();
    try {
      String answer = asking.get(longest.toNanos(), TimeUnit.NANOSECONDS);
      if (answer == null) {
        throw noKey(Reason.UNAVAILABLE, "gave none", null);
      }
      return answer;
    } catch (TimeoutException late) {
      throw noKey(Reason.UNAVAILABLE, "gave none within " + longest, late);
    } catch (ExecutionException thrown) {
      String name = String.valueOf(thrown.getCause()).split(":", 2)[0];
      throw noKey(Reason.UNAVAILABLE, "threw " + name, thrown.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw noKey(Reason.CANCELLED, "was still asked when an interrupt came", interrupted);
    } finally {
      asking.cancel(true);
    }
  }

  private static FalException noKey(Reason reason, String what, @Nullable Throwable cause) {
    return new FalException(
        reason,
        "the source of the key for fal " + what + "; nothing was sent",
        FalException.Answer.NONE,
        null,
        cause);
  }

  /**
   * The value of the {@code Authorization} header; empty if calls are made without a key.
   *
   * @throws FalException with {@code REFUSED} if a key is missing or cannot stand in a header, with
   *     {@code UNAVAILABLE} or {@code CANCELLED} if its source fails
   */
  Optional<String> authorization() {
    return source.get().map(key -> "Key " + checked(key));
  }

  /**
   * The key.
   *
   * @throws FalException as {@link #authorization}, and with {@code REFUSED} if calls are made
   *     without a key
   */
  String key() {
    return source
        .get()
        .map(this::checked)
        .orElseThrow(
            () ->
                FalException.of(
                    Reason.REFUSED,
                    "this needs a key for fal, and calls are made without one; "
                        + WHERE
                        + "; nothing was sent"));
  }

  private String checked(String key) {
    String stripped = key.strip();
    if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw FalException.of(
          Reason.REFUSED,
          "the key for fal "
              + (stripped.isEmpty()
                  ? "is blank"
                  : "holds a space, a line break or a strange letter")
              + ": look at FAL_KEY (or FAL_KEY_ID and FAL_KEY_SECRET); nothing was sent");
    }
    List<String> last = given;
    if (!last.contains(stripped)) {
      // of a key that changes, calls under way may still carry the one before
      given = last.isEmpty() ? List.of(stripped) : List.of(stripped, last.get(0));
    }
    return stripped;
  }

  /** Whether calls are made without a key, on purpose. */
  boolean keyless() {
    return keyless;
  }

  /** The keys that were given out last and their secret halves, to be kept out of texts. */
  List<String> given() {
    return given.stream()
        .flatMap(key -> Stream.of(key, key.substring(key.indexOf(':') + 1)))
        .toList();
  }

  /** Tells nothing. */
  @Override
  public String toString() {
    return "FalCredentials[hidden]";
  }
}
