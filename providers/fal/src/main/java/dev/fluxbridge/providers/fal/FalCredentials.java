package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the fal key comes from; asked at each request, so a key may change. It shows in no text.
 *
 * <p>Safe for use by several threads if the source is.
 */
public final class FalCredentials {
  private final Supplier<Optional<String>> source;

  private FalCredentials(Supplier<Optional<String>> source) {
    this.source = source;
  }

  /** A key that is known, {@code id:secret}. */
  public static FalCredentials of(String key) {
    return new FalCredentials(() -> Optional.of(key));
  }

  /** A key that is looked up at each request. */
  public static FalCredentials from(Supplier<String> key) {
    return new FalCredentials(() -> Optional.of(key.get()));
  }

  /**
   * {@code FAL_KEY}, or else {@code FAL_KEY_ID} and {@code FAL_KEY_SECRET}. That none is there
   * shows at the first call.
   *
   * @param environment for example {@code System::getenv}
   */
  public static FalCredentials fromEnvironment(Function<String, @Nullable String> environment) {
    return new FalCredentials(
        () -> {
          String key = environment.apply("FAL_KEY");
          if (key != null) {
            return Optional.of(key);
          }
          String id = environment.apply("FAL_KEY_ID");
          String secret = environment.apply("FAL_KEY_SECRET");
          return id == null || secret == null
              ? Optional.empty()
              : Optional.of(id.strip() + ":" + secret.strip());
        });
  }

  /**
   * The key.
   *
   * @throws FalException with {@code REFUSED} if there is none or it cannot stand in a header
   */
  String key() {
    String key =
        source
            .get()
            .orElseThrow(
                () ->
                    FalException.of(
                        Reason.REFUSED,
                        "there is no key for fal: set FAL_KEY (or FAL_KEY_ID and FAL_KEY_SECRET)"
                            + " in the environment, or give one to FalConfig; nothing was sent"));
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
    return stripped;
  }

  /** Tells nothing. */
  @Override
  public String toString() {
    return "FalCredentials[hidden]";
  }
}
