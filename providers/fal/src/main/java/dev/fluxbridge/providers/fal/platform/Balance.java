package dev.fluxbridge.providers.fal.platform;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What an account has left.
 *
 * @param username the account
 * @param credits what is left
 * @param currency ISO 4217, for example {@code USD}
 */
public record Balance(
    Optional<String> username, Optional<BigDecimal> credits, Optional<String> currency) {}
