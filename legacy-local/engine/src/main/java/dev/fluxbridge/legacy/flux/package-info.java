/**
 * The text-to-image pipeline of FLUX, drawn in this process. Start at {@link
 * dev.fluxbridge.legacy.flux.FluxEngine}: load it once, call {@code draw} as often as you like,
 * close it.
 *
 * <p>Together with {@link dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint} and {@link
 * dev.fluxbridge.legacy.checkpoint.CheckpointException} this package is the engine's whole public
 * face. Shapes are tuples of named letters: B pictures in one call, S image tokens (one for 16x16
 * pixels), T text tokens, H height and W width in pixels.
 */
@NullMarked
package dev.fluxbridge.legacy.flux;

import org.jspecify.annotations.NullMarked;
