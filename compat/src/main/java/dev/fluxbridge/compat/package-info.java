/**
 * The composition root: reads the settings, finds the backends that are installed, and puts a call
 * on its road.
 *
 * <p>Start at {@link dev.fluxbridge.compat.Fluxbridge}. Callers of the old signatures need nothing
 * from here.
 */
@NullMarked
package dev.fluxbridge.compat;

import org.jspecify.annotations.NullMarked;
