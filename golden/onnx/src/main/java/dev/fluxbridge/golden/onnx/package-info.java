/**
 * Measures that were learned, by ONNX Runtime on the processor, with weights that the user names:
 * {@link dev.fluxbridge.golden.onnx.LearnedDistance} between two pictures, and {@link
 * dev.fluxbridge.golden.onnx.ImageTextScore} of a picture and a text.
 *
 * <p>It brings no weights along and downloads none. Both hold native memory until they are closed.
 * Shapes are written as tuples of named letters: B pictures, T texts, H rows, W columns, S tokens,
 * D numbers of an embedding.
 */
@NullMarked
package dev.fluxbridge.golden.onnx;

import org.jspecify.annotations.NullMarked;
