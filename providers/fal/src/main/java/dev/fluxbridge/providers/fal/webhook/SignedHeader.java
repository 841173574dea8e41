package dev.fluxbridge.providers.fal.webhook;

import dev.fluxbridge.providers.fal.webhook.WebhookCheck.Result;
import dev.fluxbridge.providers.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The headers that a signature covers, and the signature. */
enum SignedHeader {
  // no line break, no space: one signed text must not be readable in two ways
  REQUEST_ID("X-Fal-Webhook-Request-Id", "[!-~]{1,200}"),
  USER_ID("X-Fal-Webhook-User-Id", "[!-~]{1,200}"),
  TIMESTAMP("X-Fal-Webhook-Timestamp", "[0-9]{1,11}"),
  SIGNATURE("X-Fal-Webhook-Signature", "[0-9a-fA-F]{128}");

  private final String header;
  private final Pattern form;

  SignedHeader(String header, String form) {
    this.header = header;
    this.form = Pattern.compile(form);
  }

  /** Puts the one value of this header into the map, or says what is wrong with it. */
  Optional<Result> take(HttpHeaders headers, Map<SignedHeader, String> into) {
    List<String> values =
        headers.fields().stream()
            .filter(field -> header.equalsIgnoreCase(field.name()))
            .map(HttpHeaders.Field::value)
            .toList();
    if (values.isEmpty()) {
      return Optional.of(Result.HEADER_MISSING);
    }
    if (values.size() > 1) {
      return Optional.of(Result.HEADER_REPEATED);
    }
    if (!form.matcher(values.get(0)).matches()) {
      return Optional.of(Result.HEADER_MALFORMED);
    }
    into.put(this, values.get(0));
    return Optional.empty();
  }
}
