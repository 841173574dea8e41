/**
 * Pictures and masks on their way into the autoencoder and out of it, number for number as Pillow
 * and diffusers' VaeImageProcessor make them, on plain Java arrays; {@link
 * dev.fluxbridge.legacy.picture.ImageProcessor} is the entry point.
 *
 * <p>Shapes: B pictures, C channels, H rows, W columns.
 */
@NullMarked
package dev.fluxbridge.legacy.picture;

import org.jspecify.annotations.NullMarked;
