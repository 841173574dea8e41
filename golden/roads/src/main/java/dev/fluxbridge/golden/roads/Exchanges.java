package dev.fluxbridge.golden.roads;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.providers.http.HttpHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was asked and answered in one run, as far as it came to something. Of looks and fetches the
 * last counts: a replay does not wait. Safe for use by several threads.
 */
final class Exchanges {
  /** What clients read. */
  private static final Set<String> HEADERS =
      Set.of("content-type", "x-fal-request-id", "x-fal-billable-units", "x-request-id");

  /**
   * What was asked.
   *
   * @param method of HTTP
   * @param path on this machine
   * @param body as {@link Asked} tells it
   */
  record Question(String method, String path, Optional<JsonNode> body) {
    /** Whether it may be asked again, and changes nothing. */
    boolean looks() {
      return method.equals("GET");
    }

    /**
     * The same wherever a file goes: files go up side by side, so which of them takes which slot is
     * chance.
     */
    Question anySlot() {
      return path.startsWith(Paths.SLOT) ? new Question(method, Paths.SLOT + "\\d+", body) : this;
    }
  }

  /**
   * What came back.
   *
   * @param headers those that are kept
   * @param json with addresses of {@link Paths#HERE}; absent where it was none
   * @param bytes of a picture; absent where it was none
   */
  record Answer(
      int status, Map<String, String> headers, Optional<JsonNode> json, Optional<byte[]> bytes) {}

  /** Both. */
  record Exchange(Question question, Answer answer) {}

  private final List<Exchange> good = new ArrayList<>();
  private final Map<Question, String> open = new LinkedHashMap<>();

  synchronized void succeeded(Question question, Answer answer) {
    open.remove(question);
    Exchange exchange = new Exchange(question, answer);
    if (question.looks()) {
      for (int i = 0; i < good.size(); i++) {
        if (good.get(i).question().equals(question)) {
          good.set(i, exchange);
          return;
        }
      }
    }
    good.add(exchange);
  }

  /**
   * It came to nothing so far.
   *
   * @param why without a secret
   */
  synchronized void failed(Question question, String why) {
    open.put(question, why);
  }

  /** What was asked last without success. */
  synchronized Optional<String> problem() {
    return open.entrySet().stream()
        .findFirst()
        .map(
            entry ->
                "%s %s: %s"
                    .formatted(entry.getKey().method(), entry.getKey().path(), entry.getValue()));
  }

  synchronized List<Exchange> all() {
    return List.copyOf(good);
  }

  /** Those headers of a reply that are kept. */
  static Map<String, String> kept(HttpHeaders headers) {
    Map<String, String> kept = new TreeMap<>();
    for (HttpHeaders.Field field : headers.fields()) {
      @Nullable String name = field.name().toLowerCase(Locale.ROOT);
      if (HEADERS.contains(name)) {
        kept.putIfAbsent(name, field.value());
      }
    }
    return kept;
  }
}
