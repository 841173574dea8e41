/**
 * What hosted roads need to do with pictures before they send them: 8 bits, another size, grey or
 * black and white, and a PNG file. It opens and decodes no files, and needs nothing but java.base.
 *
 * <p>Start at {@link dev.fluxbridge.providers.pixels.Bitmaps}.
 */
@NullMarked
package dev.fluxbridge.providers.pixels;

import org.jspecify.annotations.NullMarked;
