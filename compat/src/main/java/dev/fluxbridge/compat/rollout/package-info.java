/**
 * Steers a rollout: {@link dev.fluxbridge.compat.rollout.Rollout} watches how the new roads do,
 * climbs their ramps, takes them back when a rule is broken, and keeps the budgets. People step in
 * through {@link dev.fluxbridge.compat.rollout.Steering}.
 *
 * <p>All state stands in a store that several processes share: an SQLite file, or PostgreSQL. Calls
 * never wait for it.
 */
@NullMarked
package dev.fluxbridge.compat.rollout;

import org.jspecify.annotations.NullMarked;
