package dev.fluxbridge.legacy.random;

import dev.fluxbridge.legacy.kernels.Precision;

/**
 * {@code torch.Generator("cpu")} for normal numbers: the same seed gives the numbers that {@code
 * torch.randn} gives, in float32 to the last few bits of the mantissa, in half precision to the
 * last one. In another precision they are other numbers, not the same ones rounded.
 *
 * <p>It draws nothing else, and does not touch DJL's global seed. Not safe for use by several
 * threads.
 *
 * <p>Source: ATen, native/cpu/DistributionTemplates.h and core/DistributionsHelper.h (2.7).
 */
public final class TorchGenerator {
  private static final int BLOCK = 16;

  private final MersenneTwister bits;
  private long drawn;
  private double second = Double.NaN;

  /**
   * A generator in the state after {@code manual_seed(seed)} and {@code drawn} 32-bit numbers.
   *
   * @param drawn at least 0
   */
  public TorchGenerator(long seed, long drawn) {
    if (drawn < 0) {
      throw new IllegalArgumentException("drawn must be at least 0 but is " + drawn);
    }
    bits = new MersenneTwister(seed);
    bits.skip(drawn);
    this.drawn = drawn;
  }

  /** How many 32-bit numbers were taken since the seed was set. */
  public long drawn() {
    return drawn;
  }

  /** {@code torch.randn(count, generator=this)}. */
  public float[] randn(int count) {
    return randn(count, Precision.FLOAT32);
  }

  /** {@code torch.randn(count, generator=this, dtype=precision)}. */
  public float[] randn(int count, Precision precision) {
    float[] values = new float[count];
    if (count < BLOCK) {
      for (int i = 0; i < count; i++) {
        values[i] = precision.rounded((float) scalar());
      }
      return values;
    }
    for (int i = 0; i < count; i++) {
      values[i] = uniform(precision);
    }
    for (int i = 0; i + BLOCK <= count; i += BLOCK) {
      transform(values, i, precision);
    }
    if (count % BLOCK != 0) {
      // torch draws the last block anew and lets it overlap the one before.
      for (int i = count - BLOCK; i < count; i++) {
        values[i] = uniform(precision);
      }
      transform(values, count - BLOCK, precision);
    }
    return values;
  }

  private static void transform(float[] values, int start, Precision precision) {
    for (int j = start; j < start + BLOCK / 2; j++) {
      float u1 = precision.rounded(1 - values[j]);
      float u2 = values[j + BLOCK / 2];
      if (precision == Precision.FLOAT32) {
        transform(values, j, u1, u2);
      } else {
        transform(values, j, u1, u2, precision);
      }
    }
  }

  /** Box-Muller on 16 uniform numbers: the first eight are radii, the last eight angles. */
  private static void transform(float[] values, int j, float u1, float u2) {
    double radius = Math.sqrt(-2 * Math.log(u1));
    double theta = 2 * Math.PI * u2;
    values[j] = (float) (radius * Math.cos(theta));
    values[j + BLOCK / 2] = (float) (radius * Math.sin(theta));
  }

  /** The same as torch does it in half precision: every step of it is rounded. */
  private static void transform(float[] values, int j, float u1, float u2, Precision precision) {
    float log = precision.rounded((float) Math.log(u1));
    float radius = precision.rounded((float) Math.sqrt(-2 * log));
    float theta = precision.rounded((float) (2 * Math.PI * u2));
    float cos = precision.rounded((float) Math.cos(theta));
    float sin = precision.rounded((float) Math.sin(theta));
    values[j] = precision.rounded(radius * cos);
    values[j + BLOCK / 2] = precision.rounded(radius * sin);
  }

  /** Below 16 values torch goes one by one, in double precision, two for each pair of draws. */
  private double scalar() {
    if (!Double.isNaN(second)) {
      double value = second;
      second = Double.NaN;
      return value;
    }
    double u1 = uniformDouble();
    double u2 = uniformDouble();
    double radius = Math.sqrt(-2 * Math.log1p(-u2));
    double theta = 2 * Math.PI * u1;
    second = radius * Math.sin(theta);
    return radius * Math.cos(theta);
  }

  private float uniform(Precision precision) {
    drawn++;
    int count = 1 << precision.digits();
    return (bits.nextInt() & (count - 1)) / (float) count;
  }

  private double uniformDouble() {
    drawn += 2;
    long high = bits.nextInt();
    long low = bits.nextInt() & 0xffffffffL;
    return ((high << 32 | low) & ((1L << 53) - 1)) * 0x1p-53;
  }
}
