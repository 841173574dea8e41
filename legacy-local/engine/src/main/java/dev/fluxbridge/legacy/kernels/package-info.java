/**
 * The few operators that DJL does not bind, and the way to run a whole block in one native call.
 * Start at {@link dev.fluxbridge.legacy.kernels.Kernels}.
 *
 * <p>Results belong to the manager of the first array that was passed in. Shapes in this engine are
 * tuples of named letters: B batch, S image tokens, T text tokens, L tokens of either kind, D width
 * of the model, H heads (height where a picture is meant), C channels, W width.
 *
 * <p>An inner part of the engine: its public types are public for the sister packages only.
 */
@NullMarked
package dev.fluxbridge.legacy.kernels;

import org.jspecify.annotations.NullMarked;
