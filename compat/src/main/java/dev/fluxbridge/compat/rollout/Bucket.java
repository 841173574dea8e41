package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.Task;

/**
 * Where something is counted.
 *
 * @param span how finely
 * @param slot the start of its slot, in milliseconds since 1970
 * @param task of which task
 * @param backend on which road
 * @param epoch how often the road had been taken back when the call began: what happened before is
 *     no evidence against the step to which it was taken back. 0 where it does not matter
 */
record Bucket(Span span, long slot, Task task, String backend, long epoch) {}
