/**
 * The old pipelines, under their old names: what callers of the Python classes, and of their Java
 * ports, import.
 *
 * <p>Start at {@link dev.fluxbridge.pipelines.FluxPipeline}, or at {@link
 * dev.fluxbridge.pipelines.DiffusionPipeline} for what all of them have in common. Which road draws
 * a call is decided elsewhere, by a flag; nothing here changes with it. Once released the
 * signatures in this package are frozen.
 *
 * <p>Letters in shapes: B pictures, H and W height and width in pixels, S image tokens (one for
 * each 16x16 pixels), T text tokens.
 */
@NullMarked
package dev.fluxbridge.pipelines;

import org.jspecify.annotations.NullMarked;
