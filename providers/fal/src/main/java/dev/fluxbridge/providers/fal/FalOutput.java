package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * What an endpoint answered to a direct call. Mostly JSON; some apps answer with a text or a file.
 *
 * @param body the answer, byte for byte; not copied
 * @param headers what came beside it
 */
@SuppressWarnings("ArrayRecordComponent") // an answer's bytes, compared by nobody
public record FalOutput(byte[] body, FalHeaders headers) {

  /** fal's id of the call, for support; there is nothing to fetch with it. */
  public Optional<String> requestId() {
    return headers.requestId();
  }

  /** What fal charges for it, in units of the endpoint; empty where it does not say. */
  public Optional<BigDecimal> billableUnits() {
    return headers.billableUnits();
  }

  /** What the body is, in lower case and without parameters; empty if fal does not say. */
  public String mediaType() {
    String type = headers.first("Content-Type").orElse("");
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** The body as UTF-8: JSON, mostly. */
  public String json() {
    return new String(body, UTF_8);
  }

  /** Tells the size of the answer, which may hold a prompt, and nothing of it. */
  @Override
  public String toString() {
    return "FalOutput[" + requestId().orElse("no id") + ", " + body.length + " bytes]";
  }
}
