package dev.fluxbridge.providers.fal.platform;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An endpoint as the catalogue shows it. All but the id may be missing.
 *
 * @param endpointId for example {@code fal-ai/flux/dev}
 * @param displayName what people call it
 * @param category for example {@code text-to-image}
 * @param description a sentence or two
 * @param status {@code active} or {@code deprecated}
 * @param kind {@code inference} or {@code training}
 * @param tags badges such as {@code new}
 * @param licenseType {@code commercial}, {@code research} or {@code private}
 * @param created when it appeared
 * @param updated when it was changed last
 * @param durationEstimate how long a request takes, in minutes
 * @param url where it is called
 * @param openApi its description as JSON, where it was asked for
 * @param openApiError why there is none, where it was asked for
 */
public record Model(
    String endpointId,
    Optional<String> displayName,
    Optional<String> category,
    Optional<String> description,
    Optional<String> status,
    Optional<String> kind,
    List<String> tags,
    Optional<String> licenseType,
    Optional<Instant> created,
    Optional<Instant> updated,
    Optional<BigDecimal> durationEstimate,
    Optional<String> url,
    Optional<String> openApi,
    Optional<String> openApiError) {
  public Model {
    tags = List.copyOf(tags);
  }

  /** Tells the id alone: a description in OpenAPI runs to many pages. */
  @Override
  public String toString() {
    return "Model[" + endpointId + "]";
  }
}
