package dev.fluxbridge.golden.metrics;

/** Whether two pictures were nearer with the channels of one in another order. Stateless. */
final class ChannelOrder {
  private static final int[][] OTHERS = {{2, 1, 0}, {1, 0, 2}, {0, 2, 1}, {1, 2, 0}, {2, 0, 1}};
  private static final int CHANNELS = 3;

  private ChannelOrder() {}

  /** The share of their mean absolute difference that the best other order takes away. */
  static double gain(Side a, Side b) {
    if (a.channels() != CHANNELS) {
      return 0;
    }
    long[][] apart = apart(a.bitmap().pixels(), b.bitmap().pixels());
    long asItIs = apart[0][0] + apart[1][1] + apart[2][2];
    long least = asItIs;
    for (int[] order : OTHERS) {
      least = Math.min(least, apart[0][order[0]] + apart[1][order[1]] + apart[2][order[2]]);
    }
    return asItIs == 0 ? 0 : (double) (asItIs - least) / asItIs;
  }

  /** Of each channel of the one, the sum of its differences from each of the other. */
  private static long[][] apart(byte[] a, byte[] b) {
    long[][] apart = new long[CHANNELS][CHANNELS];
    for (int i = 0; i < a.length; i += CHANNELS) {
      for (int of = 0; of < CHANNELS; of++) {
        int value = a[i + of] & 0xff;
        for (int from = 0; from < CHANNELS; from++) {
          apart[of][from] += Math.abs(value - (b[i + from] & 0xff));
        }
      }
    }
    return apart;
  }
}
