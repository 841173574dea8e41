/**
 * Texts to numbers: the two tokenizers and the two text encoders of FLUX. Start at {@link
 * dev.fluxbridge.legacy.text.ClipTextEncoder} and {@link dev.fluxbridge.legacy.text.T5Encoder}.
 *
 * <p>An inner part of the engine: its public types are public for the sister packages only.
 */
@NullMarked
package dev.fluxbridge.legacy.text;

import org.jspecify.annotations.NullMarked;
