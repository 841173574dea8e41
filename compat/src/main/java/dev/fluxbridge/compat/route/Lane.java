package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.Task;

/**
 * A road under watch: of a split or a ramp the new road, and the one that gets the calls which the
 * new one may not have.
 *
 * @param task of which calls
 * @param from the old road's backend
 * @param to the new road's backend
 * @param ramp whether the share is a step of a ramp, and not written in the flag
 * @param share of a split, what the flag gives the new road; of a ramp 100 %, where it leads
 */
public record Lane(Task task, String from, String to, boolean ramp, long share) {}
