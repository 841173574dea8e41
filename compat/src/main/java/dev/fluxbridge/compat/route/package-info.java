/**
 * Chooses the road of a call: {@link dev.fluxbridge.compat.route.Router} reads the task's flag,
 * finds the place of the routing key in a split, and says which backend and why. The choice itself
 * is a pure function of the flag, the key and the ceilings that a rollout sets.
 *
 * <p>Shares are counted in millionths of a percent: see {@link dev.fluxbridge.compat.route.Shares}.
 */
@NullMarked
package dev.fluxbridge.compat.route;

import org.jspecify.annotations.NullMarked;
