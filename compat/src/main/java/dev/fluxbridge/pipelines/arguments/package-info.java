/**
 * What groups of the old pipelines take beside what all of them take: one interface a group, so
 * that each argument is described once.
 *
 * <p>Start at {@link dev.fluxbridge.pipelines.arguments.Takes}. Callers never name these types:
 * they use the argument classes, whose methods these are.
 *
 * <p>Letters in shapes: B pictures, C channels, H and W height and width in pixels, S image tokens.
 */
@NullMarked
package dev.fluxbridge.pipelines.arguments;

import org.jspecify.annotations.NullMarked;
