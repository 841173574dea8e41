/**
 * Holds what is drawn now to goldens: pictures or latents that somebody approved.
 *
 * <p>Start at {@link dev.fluxbridge.golden.GoldenStore}.
 */
@NullMarked
package dev.fluxbridge.golden;

import org.jspecify.annotations.NullMarked;
