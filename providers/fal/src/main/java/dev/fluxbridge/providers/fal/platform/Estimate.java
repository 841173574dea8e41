package dev.fluxbridge.providers.fal.platform;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What some calls would cost, as far as fal can tell.
 *
 * @param totalCost for all of them
 * @param currency ISO 4217, for example {@code USD}
 */
public record Estimate(BigDecimal totalCost, Optional<String> currency) {}
