package dev.fluxbridge.golden.metrics;

/**
 * A number that says how far two pictures are apart, with its range and direction, so that reports
 * and limits need not know each one. It computes nothing itself: {@link Pair} does. Safe for use by
 * several threads.
 *
 * <p>Pictures of 8 bits count as numbers from 0 to 1, where one level is 1/255. Colour means red,
 * green and blue as they are stored (sRGB), unless a metric says otherwise. No metric minds which
 * picture comes first.
 */
public enum Metric {
  /** Mean absolute difference of all channels. */
  MAE("MAE", 0, 1, Direction.LOWER_IS_NEARER, 1),

  /** Root of the mean squared difference of all channels. */
  RMSE("RMSE", 0, 1, Direction.LOWER_IS_NEARER, 1),

  /**
   * Peak signal-to-noise ratio over all channels, in decibels; infinite for the same picture.
   *
   * <p>Source: scikit-image 0.26.0, {@code peak_signal_noise_ratio} with a data range of 1.
   */
  PSNR("PSNR", 0, Double.POSITIVE_INFINITY, Direction.HIGHER_IS_NEARER, 1),

  /**
   * Structural similarity under a gaussian window of 11x11 pixels (sigma 1.5), of each channel, and
   * their mean. Only windows that lie inside of the picture count.
   *
   * <p>Source: Wang and others 2004; as scikit-image 0.26.0, {@code structural_similarity} with
   * {@code gaussian_weights=True, use_sample_covariance=False, channel_axis=-1}.
   */
  SSIM("SSIM", -1, 1, Direction.HIGHER_IS_NEARER, 11),

  /**
   * Structural similarity at five sizes, each half of the one before, of each channel, and their
   * mean.
   *
   * <p>Source: Wang, Simoncelli and Bovik 2003; as piq 0.8.0, {@code multi_scale_ssim}. Pictures
   * below 161x161 pixels are refused as piq refuses them: the window would not fit any more.
   */
  MS_SSIM("MS-SSIM", 0, 1, Direction.HIGHER_IS_NEARER, 161),

  /**
   * Gradient magnitude similarity deviation: how unevenly edges were kept, on luma of half the
   * size. Half is the most that a deviation of numbers from 0 to 1 can be.
   *
   * <p>Source: Xue and others 2013; as piq 0.8.0, {@code gmsd}.
   */
  GMSD("GMSD", 0, 0.5, Direction.LOWER_IS_NEARER, 1),

  /**
   * Mean colour difference by the formula of 2000, in its own units: about 1 can just be seen,
   * black and white are 100 apart, no two colours of a screen much more.
   *
   * <p>Source: as scikit-image 0.26.0, {@code deltaE_ciede2000} of {@code rgb2lab}.
   */
  CIEDE2000("CIEDE2000", 0, Double.POSITIVE_INFINITY, Direction.LOWER_IS_NEARER, 1),

  /** The colour difference that 95 of 100 pixels stay within; see {@link #CIEDE2000}. */
  CIEDE2000_P95(
      "CIEDE2000, 95th percentile", 0, Double.POSITIVE_INFINITY, Direction.LOWER_IS_NEARER, 1),

  /**
   * How much a person sees who flips between the two pictures on one screen, the mean over all
   * pixels; 0.7 m before a screen of 0.7 m and 3840 pixels across (67 pixels per degree).
   *
   * <p>Source: Andersson and others 2020; as flip-evaluator 1.7 of the authors, for low dynamic
   * range.
   */
  FLIP("FLIP", 0, 1, Direction.LOWER_IS_NEARER, 1),

  /**
   * How many edges lie upon each other: of the edges of each picture (Canny's, of grey) the share
   * that has one of the other within 2 pixels, and the harmonic mean of both shares. For drawings
   * and edge pictures that a control must keep to. Two pictures without edges score 1.
   *
   * <p>Source: edges as scikit-image 0.26.0, {@code canny} with {@code mode="nearest"}; the mean is
   * the F1 of Martin and others 2004, without their matching of single pixels.
   */
  EDGE_OVERLAP("edge overlap", 0, 1, Direction.HIGHER_IS_NEARER, 1),

  /**
   * How alike slopes run in cells of 16x16 pixels, whatever their colours and strength: the cosine
   * of both histograms of oriented gradients. For controls by depth or pose, whose structure a
   * picture keeps to, and its single edges not. Two pictures without slopes score 1.
   *
   * <p>Source: histograms as scikit-image 0.26.0, {@code hog}, 9 orientations and blocks of 2x2
   * cells.
   */
  STRUCTURE_OVERLAP("structure overlap", 0, 1, Direction.HIGHER_IS_NEARER, Orientations.BLOCK),

  /**
   * Mean absolute difference of the pixels that the mask protects, 0 if it protects none; see
   * {@link Pair#masked}.
   *
   * <p>Source: our own, that of {@link dev.fluxbridge.providers.MaskHonesty} over 255.
   */
  PROTECTED_MAE("MAE of protected pixels", 0, 1, Direction.LOWER_IS_NEARER, 1),

  /**
   * The share of protected pixels of which a channel differs by more than 8 levels; see {@link
   * Pair#masked}.
   *
   * <p>Source: our own, that of {@link dev.fluxbridge.providers.MaskHonesty}.
   */
  PROTECTED_CHANGED("changed protected pixels", 0, 1, Direction.LOWER_IS_NEARER, 1),

  /**
   * Bits of 64 by which the difference hashes of the two pictures differ.
   *
   * <p>Source: ImageHash 4.3.2, {@code dhash} over Pillow 13.0.0; see {@link PictureHash}.
   */
  DHASH("dHash", 0, 64, Direction.LOWER_IS_NEARER, 1),

  /**
   * Bits of 64 by which the perceptual hashes of the two pictures differ.
   *
   * <p>Source: ImageHash 4.3.2, {@code phash} over Pillow 13.0.0; see {@link PictureHash}.
   */
  PHASH("pHash", 0, 64, Direction.LOWER_IS_NEARER, 1),

  /**
   * The share of their mean absolute difference that goes when the channels of one picture are put
   * in the order that fits best: near 0 for pictures of like colours, and near 1 for one whose red
   * and blue were swapped. Grey pictures score 0.
   *
   * <p>Source: our own, on 8 bits.
   */
  CHANNEL_ORDER("order of channels", 0, 1, Direction.LOWER_IS_NEARER, 1),

  /**
   * By what factor the borders of 8x8 blocks stand out more in one picture than in the other, less
   * 1: 0 where compression left as much behind in both.
   *
   * <p>Source: our own, on grey; a step counts for 8 levels at most, so that a motif's own edges do
   * not drown those of blocks.
   */
  BLOCKING("blocking", 0, Double.POSITIVE_INFINITY, Direction.LOWER_IS_NEARER, 1),

  /**
   * The one number for rules that take one: 0 is the same, 1 has nothing in common. It is {@code 1
   * - structure * colour} of both pictures at a longest side of 256 pixels (smaller ones stay as
   * they are, sides below 11 are brought to 11), where structure is {@link #SSIM} or 0 below that,
   * and colour goes from 1 where {@link #CIEDE2000} is 0 down to 0 where it is 50 or more. It takes
   * pictures of any size.
   *
   * <p>Source: our own. At that size it sees composition and colour rather than single pixels; SSIM
   * alone hardly sees swapped channels. Nothing in it is learned.
   */
  PERCEPTUAL_DISTANCE("perceptual distance", 0, 1, Direction.LOWER_IS_NEARER, 1);

  private final String label;
  private final double least;
  private final double greatest;
  private final Direction direction;
  private final int smallestSide;

  Metric(String label, double least, double greatest, Direction direction, int smallestSide) {
    this.label = label;
    this.least = least;
    this.greatest = greatest;
    this.direction = direction;
    this.smallestSide = smallestSide;
  }

  /** Its name in reports. */
  public String label() {
    return label;
  }

  /** No pair scores below. */
  public double least() {
    return least;
  }

  /** No pair scores above; infinite where there is no such limit. */
  public double greatest() {
    return greatest;
  }

  /** Which way is nearer. */
  public Direction direction() {
    return direction;
  }

  /** Width and height in pixels below which it is not defined. */
  public int smallestSide() {
    return smallestSide;
  }

  /** Whether it is about a mask, which the pair must then have. */
  public boolean needsMask() {
    return this == PROTECTED_MAE || this == PROTECTED_CHANGED;
  }

  /** Whether it has a value at each pixel, too; see {@link Pair#map}. */
  public boolean hasMap() {
    return this == SSIM || this == CIEDE2000 || this == FLIP;
  }

  /** What a picture scores against itself. */
  public double same() {
    return direction == Direction.LOWER_IS_NEARER ? least : greatest;
  }

  /** Whether the value is as near as the limit, or nearer. A value that is no number is not. */
  public boolean within(double value, double limit) {
    return direction == Direction.LOWER_IS_NEARER ? value <= limit : value >= limit;
  }
}
