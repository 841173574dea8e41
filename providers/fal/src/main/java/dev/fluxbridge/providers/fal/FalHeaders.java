package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.HttpHeaders;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What fal says beside the body of an answer. Immutable; its text tells names only.
 *
 * <p>Source: the response headers of fal's documentation of common parameters, which promises at
 * most 16 KB of them.
 *
 * @param all the headers in their order, without cookies; at most 100 of at most 32 K characters
 */
public record FalHeaders(HttpHeaders all) {
  /** None, as where there was no answer. */
  public static final FalHeaders NONE = new FalHeaders(HttpHeaders.NONE);

  private static final int MOST = 100;
  private static final int MOST_CHARACTERS = 32 * 1024;

  /** Leaves out cookies, and what is beyond the limits. */
  public FalHeaders {
    List<HttpHeaders.Field> kept = new ArrayList<>();
    int characters = 0;
    for (HttpHeaders.Field field : all.fields()) {
      boolean cookie = field.name().toLowerCase(Locale.ROOT).startsWith("set-cookie");
      int length = field.name().length() + field.value().length();
      if (!cookie && kept.size() < MOST && characters + length <= MOST_CHARACTERS) {
        kept.add(field);
        characters += length;
      }
    }
    all = new HttpHeaders(kept);
  }

  /** The first value under this name, whatever its case. */
  public Optional<String> first(String name) {
    return all.first(name);
  }

  /** fal's id of the request; empty if the answer does not come from fal itself. */
  public Optional<String> requestId() {
    return first("x-fal-request-id").filter(FalHeaders::isId);
  }

  /** Whether a text looks like an id of fal's. */
  static boolean isId(String text) {
    return text.matches("[A-Za-z0-9_-]{1,200}");
  }

  /** What fal charges for it, in units of the endpoint; empty where it does not say. */
  public Optional<BigDecimal> billableUnits() {
    return first("X-Fal-Billable-Units")
        .map(String::strip)
        .filter(text -> text.matches("\\d{1,15}(\\.\\d{1,15})?"))
        .map(BigDecimal::new);
  }

  /** What {@link FalOptions#withRunnerHint} takes to find the same runner again; may be empty. */
  public List<String> runnerHints() {
    return first("x-fal-runner-hints").stream()
        .flatMap(hints -> Arrays.stream(hints.split(",")))
        .map(String::strip)
        .filter(hint -> !hint.isEmpty())
        .toList();
  }

  /** The runner that did it. */
  public Optional<String> servedFrom() {
    return first("X-Fal-Served-From").map(String::strip).filter(runner -> !runner.isEmpty());
  }

  /** Tells the names only. */
  @Override
  public String toString() {
    return "FalHeaders" + all;
  }
}
