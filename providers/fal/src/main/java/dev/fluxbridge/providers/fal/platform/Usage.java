package dev.fluxbridge.providers.fal.platform;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What one endpoint was used for and what it cost.
 *
 * @param endpointId the endpoint
 * @param unit what is counted, for example {@code image}
 * @param quantity how many of them
 * @param unitPrice for one, before discounts
 * @param percentDiscount 0 to 100
 * @param subtotal before discounts
 * @param discount what was taken off
 * @param total what is charged
 * @param currency ISO 4217, for example {@code USD}
 */
public record Usage(
    String endpointId,
    Optional<String> unit,
    Optional<BigDecimal> quantity,
    Optional<BigDecimal> unitPrice,
    Optional<BigDecimal> percentDiscount,
    Optional<BigDecimal> subtotal,
    Optional<BigDecimal> discount,
    Optional<BigDecimal> total,
    Optional<String> currency) {}
