/**
 * What fal's platform API takes and tells: models, prices, usage, bills and past requests, as plain
 * data. Money is exact decimals, moments are instants, and what fal leaves out is empty.
 *
 * <p>Start at {@link dev.fluxbridge.providers.fal.platform.ModelQuery}; {@code
 * FalClient.platform()} does the asking.
 */
@NullMarked
package dev.fluxbridge.providers.fal.platform;

import org.jspecify.annotations.NullMarked;
