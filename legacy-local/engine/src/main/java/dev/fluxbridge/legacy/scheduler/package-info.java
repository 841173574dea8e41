/**
 * The noise schedule. Start at {@link dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler}.
 *
 * <p>An inner part of the engine: its public types are public for the sister packages only.
 */
@NullMarked
package dev.fluxbridge.legacy.scheduler;

import org.jspecify.annotations.NullMarked;
