package dev.fluxbridge.providers.http;

/**
 * What a download may be. Immutable.
 *
 * @param maxBytes the longest file, in bytes
 * @param maxPixels the largest picture, width times height; read from its header, before anything
 *     is decoded
 * @param maxRedirects hops that are followed, each checked like the first address
 * @param loopback whether plain http and addresses of this machine are allowed too, and they
 *     together: for tests and stand-ins only
 */
public record MediaPolicy(long maxBytes, long maxPixels, int maxRedirects, boolean loopback) {

  /** 100 MiB, 64 megapixels, 5 hops, https to public addresses. */
  public static final MediaPolicy DEFAULT =
      new MediaPolicy(100L * 1024 * 1024, 64_000_000, 5, false);

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public MediaPolicy {
    if (maxBytes < 1 || maxBytes > Integer.MAX_VALUE - 8 || maxPixels < 1 || maxRedirects < 0) {
      throw new IllegalArgumentException(
          "1 <= maxBytes <= 2147483639, 1 <= maxPixels, 0 <= maxRedirects");
    }
  }

  /** The same with this limit of bytes. */
  public MediaPolicy withMaxBytes(long bytes) {
    return new MediaPolicy(bytes, maxPixels, maxRedirects, loopback);
  }

  /** The same with this limit of pixels. */
  public MediaPolicy withMaxPixels(long pixels) {
    return new MediaPolicy(maxBytes, pixels, maxRedirects, loopback);
  }

  /** The same, with loopback addresses and plain http to them allowed or not. */
  public MediaPolicy withLoopback(boolean allowed) {
    return new MediaPolicy(maxBytes, maxPixels, maxRedirects, allowed);
  }
}
