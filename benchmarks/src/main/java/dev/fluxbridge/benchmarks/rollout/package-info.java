/**
 * What deciding costs, how soon the kill switch counts and how exact splits are: {@code rollout.sh}
 * beside this module runs it all.
 */
@NullMarked
package dev.fluxbridge.benchmarks.rollout;

import org.jspecify.annotations.NullMarked;
