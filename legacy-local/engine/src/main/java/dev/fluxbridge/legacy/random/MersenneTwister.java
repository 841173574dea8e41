package dev.fluxbridge.legacy.random;

/**
 * MT19937, the generator below PyTorch's on a CPU.
 *
 * <p>Not safe for use by several threads.
 *
 * <p>Source: M. Matsumoto and T. Nishimura, mt19937ar (2002), seeding by init_genrand.
 */
final class MersenneTwister {
  private static final int N = 624;
  private static final int M = 397;

  private final int[] state = new int[N];
  private int next = N;

  /** Only the low 32 bits of the seed count. */
  MersenneTwister(long seed) {
    state[0] = (int) seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** The next 32 bits. */
  int nextInt() {
    if (next == N) {
      twist();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  /** Passes over {@code count} numbers. */
  void skip(long count) {
    long left = count;
    while (left > 0) {
      if (next == N) {
        twist();
      }
      int step = (int) Math.min(left, N - next);
      next += step;
      left -= step;
    }
  }

  private void twist() {
    for (int i = 0; i < N; i++) {
      int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
    }
    next = 0;
  }
}
