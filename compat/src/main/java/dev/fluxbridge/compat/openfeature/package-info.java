/**
 * Flags from any OpenFeature provider: the only package that sees OpenFeature, whose SDK the user
 * adds. Nobody here names this one, so that the SDK can be missing.
 *
 * <p>Start at {@link dev.fluxbridge.compat.openfeature.OpenFeatureFlags}.
 */
@NullMarked
package dev.fluxbridge.compat.openfeature;

import org.jspecify.annotations.NullMarked;
