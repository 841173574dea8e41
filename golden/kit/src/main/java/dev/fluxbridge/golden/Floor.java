package dev.fluxbridge.golden;

/**
 * How far runs of one road were from each other by one measure: its noise.
 *
 * @param mean over all pairs of runs
 * @param spread their standard deviation
 * @param quantile what 99 of 100 pairs were as near as, or nearer
 * @param runs how many there were
 */
public record Floor(double mean, double spread, double quantile, int runs) {}
