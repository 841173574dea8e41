/**
 * ControlNets for the FLUX transformer: small copies of it that look at a picture and steer it.
 * Start at {@link dev.fluxbridge.legacy.controlnet.FluxControlNet}.
 *
 * <p>An inner part of the engine: its public types are public for the sister packages only.
 */
@NullMarked
package dev.fluxbridge.legacy.controlnet;

import org.jspecify.annotations.NullMarked;
