/**
 * The autoencoder that makes latents of pictures and draws pictures from latents. Start at {@link
 * dev.fluxbridge.legacy.autoencoder.Autoencoder}.
 *
 * <p>An inner part of the engine: its public types are public for the sister packages only. B is
 * the batch, C the channels of the latents, H and W the sides in pixels, h and w those in latents.
 */
@NullMarked
package dev.fluxbridge.legacy.autoencoder;

import org.jspecify.annotations.NullMarked;
