/**
 * Chooses the road of a call: a flag is read once, and {@link dev.fluxbridge.compat.route.Router}
 * turns it into a route and the reason for it. The choice itself is a pure function.
 */
@NullMarked
package dev.fluxbridge.compat.route;

import org.jspecify.annotations.NullMarked;
