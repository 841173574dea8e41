/**
 * The FLUX transformer. Start at {@link dev.fluxbridge.legacy.transformer.FluxTransformer}.
 *
 * <p>An inner part of the engine: its public types are public for the sister packages only.
 */
@NullMarked
package dev.fluxbridge.legacy.transformer;

import org.jspecify.annotations.NullMarked;
