package dev.fluxbridge.providers.fal.platform;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What one unit of an endpoint costs.
 *
 * @param endpointId the endpoint
 * @param unitPrice in the currency
 * @param unit for example {@code image} or {@code megapixels}
 * @param currency ISO 4217, for example {@code USD}
 */
public record Price(
    String endpointId,
    Optional<BigDecimal> unitPrice,
    Optional<String> unit,
    Optional<String> currency) {}
