/**
 * What people see of a rollout, and what they may do to it, beside the services: {@code fluxbridge
 * rollout}. Start at {@link dev.fluxbridge.cli.rollout.RolloutCommand}.
 */
@NullMarked
package dev.fluxbridge.cli.rollout;

import org.jspecify.annotations.NullMarked;
