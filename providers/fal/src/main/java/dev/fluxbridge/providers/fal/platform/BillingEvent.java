package dev.fluxbridge.providers.fal.platform;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * What one request was charged. Money is in US dollars.
 *
 * @param requestId the request
 * @param endpointId the endpoint
 * @param time when
 * @param outputUnits how many units it made
 * @param unitPrice for one of them
 * @param percentDiscount for example 10
 * @param subtotal before discounts
 * @param discount what was taken off
 * @param total what is charged
 */
public record BillingEvent(
    String requestId,
    Optional<String> endpointId,
    Optional<Instant> time,
    Optional<BigDecimal> outputUnits,
    Optional<BigDecimal> unitPrice,
    Optional<BigDecimal> percentDiscount,
    Optional<BigDecimal> subtotal,
    Optional<BigDecimal> discount,
    Optional<BigDecimal> total) {}
