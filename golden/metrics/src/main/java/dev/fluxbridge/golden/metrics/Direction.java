package dev.fluxbridge.golden.metrics;

/** Which way on a metric's scale two pictures are nearer to each other. */
public enum Direction {
  /** 0 is the same picture. */
  LOWER_IS_NEARER,
  /** The greatest value is the same picture. */
  HIGHER_IS_NEARER
}
