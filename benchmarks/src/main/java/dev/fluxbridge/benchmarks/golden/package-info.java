/**
 * The metrics of golden against scikit-image and piq: {@code golden_metrics.py} beside this module
 * makes the pictures, runs both sides on them and prints the medians.
 */
@NullMarked
package dev.fluxbridge.benchmarks.golden;

import org.jspecify.annotations.NullMarked;
