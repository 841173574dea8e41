/**
 * Numbers outside of native memory: {@link dev.fluxbridge.legacy.array.Floats}, in which pictures,
 * latents and embeddings come into the engine and leave it.
 */
@NullMarked
package dev.fluxbridge.legacy.array;

import org.jspecify.annotations.NullMarked;
