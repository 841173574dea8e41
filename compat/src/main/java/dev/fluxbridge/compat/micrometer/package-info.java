/**
 * Calls and what happens to the rollout as Micrometer's observations: the only package that sees
 * Micrometer, which the user adds. Nobody here names this one, so that it can be missing.
 *
 * <p>Start at {@link dev.fluxbridge.compat.micrometer.ObservedCalls}.
 */
@NullMarked
package dev.fluxbridge.compat.micrometer;

import org.jspecify.annotations.NullMarked;
