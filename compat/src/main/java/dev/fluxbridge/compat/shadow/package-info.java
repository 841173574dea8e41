/**
 * Draws a sample of the calls once more on another road, after the caller has his picture, and
 * compares. {@link dev.fluxbridge.compat.shadow.Shadow} is the entry; what it may do says {@link
 * dev.fluxbridge.compat.shadow.ShadowRules}.
 */
@NullMarked
package dev.fluxbridge.compat.shadow;

import org.jspecify.annotations.NullMarked;
