/**
 * What every road has in common: a request, a result, and the roles between them. Plain JDK types,
 * no third-party ones.
 *
 * <p>Start at {@link dev.fluxbridge.providers.ImageBackend}. Shapes are written as tuples of named
 * letters: B batch (images in one call), C channels, H height and W width in pixels, S image tokens
 * (one for 16x16 pixels), T text tokens.
 */
@NullMarked
package dev.fluxbridge.providers;

import org.jspecify.annotations.NullMarked;
