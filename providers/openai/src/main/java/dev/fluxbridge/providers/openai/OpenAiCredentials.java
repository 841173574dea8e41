package dev.fluxbridge.providers.openai;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the OpenAI key comes from; asked at each call, so a key may change. It shows in no text.
 *
 * <p>A missing key is an error before anything is sent. Safe for use by several threads if the
 * source is.
 */
public final class OpenAiCredentials {
  private final Supplier<@Nullable String> source;

  private OpenAiCredentials(Supplier<@Nullable String> source) {
    this.source = source;
  }

  /** A key that is known. */
  public static OpenAiCredentials of(String key) {
    return new OpenAiCredentials(() -> key);
  }

  /**
   * {@code OPENAI_API_KEY}. That it is not there shows at the first call.
   *
   * @param environment for example {@code System::getenv}
   */
  public static OpenAiCredentials fromEnvironment(Function<String, @Nullable String> environment) {
    return new OpenAiCredentials(() -> environment.apply("OPENAI_API_KEY"));
  }

  /**
   * The key.
   *
   * @throws BackendException {@code REFUSED} if there is none, or none that fits into a header
   */
  String key() {
    String key = source.get();
    if (key == null || key.isBlank()) {
      throw new BackendException(
          Reason.REFUSED,
          "there is no key for OpenAI; set OPENAI_API_KEY in the environment, or give one to"
              + " OpenAiConfig; nothing was sent");
    }
    String stripped = key.strip();
    if (!stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new BackendException(
          Reason.REFUSED,
          "the key for OpenAI holds something else than printable ASCII; look at OPENAI_API_KEY;"
              + " nothing was sent");
    }
    return stripped;
  }

  /** Tells nothing of the key. */
  @Override
  public String toString() {
    return "OpenAiCredentials";
  }
}
