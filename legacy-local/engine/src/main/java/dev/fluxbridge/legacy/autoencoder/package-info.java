/**
 * The autoencoder that draws a picture from latents. Start at {@link
 * dev.fluxbridge.legacy.autoencoder.AutoencoderDecoder}.
 *
 * <p>An inner part of the engine: its public types are public for the sister packages only.
 */
@NullMarked
package dev.fluxbridge.legacy.autoencoder;

import org.jspecify.annotations.NullMarked;
