/**
 * How far two pictures of one size are apart, by numbers that others use too.
 *
 * <p>Start at {@link dev.fluxbridge.golden.metrics.Pair}. {@link
 * dev.fluxbridge.golden.metrics.Metric} says of each number where it comes from, its range and
 * which way is nearer. Shapes are written as tuples of named letters: H height and W width in
 * pixels, C channels.
 */
@NullMarked
package dev.fluxbridge.golden.metrics;

import org.jspecify.annotations.NullMarked;
