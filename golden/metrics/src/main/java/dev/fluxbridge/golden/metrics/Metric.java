package dev.fluxbridge.golden.metrics;

/**
 * A number that says how far two pictures are apart, with its range and direction, so that reports
 * and limits need not know each one. It computes nothing itself: {@link Pair} does. Safe for use by
 * several threads.
 *
 * <p>Pictures of 8 bits count as numbers from 0 to 1, where one level is 1/255. Colour means red,
 * green and blue as they are stored (sRGB), unless a metric says otherwise.
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
   * The one number for rules that take one: 0 is the same, 1 has nothing in common. It is 1 - SSIM
   * of both pictures at a longest side of 256 pixels (smaller ones stay as they are, sides below 11
   * are brought to 11), where a negative SSIM counts as 0. It takes pictures of any size.
   *
   * <p>Source: our own. At that size it sees composition and colour rather than single pixels,
   * costs a few milliseconds, and is {@link #SSIM} with nothing learned in it.
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

  /** What a picture scores against itself. */
  public double same() {
    return direction == Direction.LOWER_IS_NEARER ? least : greatest;
  }

  /** Whether the value is as near as the limit, or nearer. A value that is no number is not. */
  public boolean within(double value, double limit) {
    return direction == Direction.LOWER_IS_NEARER ? value <= limit : value >= limit;
  }
}
