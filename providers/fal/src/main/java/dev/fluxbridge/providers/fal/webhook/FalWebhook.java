package dev.fluxbridge.providers.fal.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import java.io.IOException;
import java.util.Optional;

/**
 * What a webhook says about a request. Immutable; does not say whether it is genuine: that is the
 * {@link WebhookVerifier}'s part.
 *
 * <p>Source: fal's documentation of webhooks.
 *
 * @param requestId fal's id of the request, as the submit gave it
 * @param gatewayRequestId the id of the last attempt, where fal says it
 * @param status how the request ended
 * @param payload the endpoint's output, or its error, as JSON; empty where there is none
 * @param error what went wrong, in fal's words
 * @param payloadError why there is no payload, where the output was no JSON
 */
public record FalWebhook(
    String requestId,
    Optional<String> gatewayRequestId,
    Status status,
    Optional<String> payload,
    Optional<String> error,
    Optional<String> payloadError) {

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  // the caller holds the whole body already; a picture in it is one long string
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // numbers come out as they went in
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);

  /** How a request ended. */
  public enum Status {
    /** With a result. */
    OK,
    /** Without one. */
    ERROR,
    /** In a way that this client does not know. */
    UNKNOWN
  }

  /**
   * Reads a body.
   *
   * @param signedId the id that the headers name, used where the body names none
   * @return empty if the body is no JSON object
   */
  static Optional<FalWebhook> read(byte[] body, String signedId) {
    JsonNode json;
    try {
      json = MAPPER.readTree(body);
    } catch (IOException notJson) {
      return Optional.empty();
    }
    if (json == null || !json.isObject()) {
      return Optional.empty();
    }
    Status status =
        switch (json.path("status").asText()) {
          case "OK" -> Status.OK;
          case "ERROR" -> Status.ERROR;
          default -> Status.UNKNOWN;
        };
    return Optional.of(
        new FalWebhook(
            text(json, "request_id").filter(id -> id.length() <= 200).orElse(signedId),
            text(json, "gateway_request_id"),
            status,
            json.hasNonNull("payload")
                ? Optional.of(json.get("payload").toString())
                : Optional.empty(),
            text(json, "error"),
            text(json, "payload_error")));
  }

  private static Optional<String> text(JsonNode json, String field) {
    return Optional.ofNullable(json.get(field)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  /** Tells the ids, the status and the size of the payload, and nothing of what it says. */
  @Override
  public String toString() {
    return "FalWebhook["
        + requestId
        + " "
        + status
        + payload.map(json -> ", " + json.length() + " characters").orElse("")
        + "]";
  }
}
