/**
 * The Java side of comparisons; the scripts beside this module run it against peers and print the
 * medians.
 */
@NullMarked
package dev.fluxbridge.benchmarks;

import org.jspecify.annotations.NullMarked;
