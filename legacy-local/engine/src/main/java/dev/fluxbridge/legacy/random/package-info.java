/**
 * PyTorch's random numbers, so that an old seed gives the old noise. Start at {@link
 * dev.fluxbridge.legacy.random.TorchGenerator}.
 *
 * <p>An inner part of the engine: its public types are public for the sister packages only.
 */
@NullMarked
package dev.fluxbridge.legacy.random;

import org.jspecify.annotations.NullMarked;
