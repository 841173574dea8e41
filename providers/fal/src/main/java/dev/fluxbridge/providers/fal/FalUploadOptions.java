package dev.fluxbridge.providers.fal;

import java.time.Duration;

/**
 * How files are uploaded. Immutable.
 *
 * <p>A stream is held in memory part by part: {@code partBytes} times {@code parallelParts} at
 * most. Files and bytes need no memory.
 *
 * @param route the way in
 * @param multipartFrom files and bytes that are longer than this go in parts; streams do where they
 *     are longer than one part
 * @param partBytes the size of a part, 5 MiB to 1 GiB; grows for what would have more than 10,000
 *     parts
 * @param parallelParts how many parts are under way at a time, 1 to 16
 * @param lifecycle how long fal keeps it and who may read it
 * @param deadline the longest that one upload may take, tries and all; up to a day
 * @param inlineUpTo files of an input that are no longer than this become data URIs instead, up to
 *     1 MiB; 0 for none, and streams never do
 */
public record FalUploadOptions(
    FalUploadRoute route,
    long multipartFrom,
    int partBytes,
    int parallelParts,
    FalLifecycle lifecycle,
    Duration deadline,
    int inlineUpTo) {

  private static final int MIB = 1024 * 1024;

  /** Signed addresses, parts of 10 MiB from 90 MiB on, three at a time, within an hour. */
  public static final FalUploadOptions DEFAULT =
      new FalUploadOptions(
          FalUploadRoute.PRESIGNED,
          90L * MIB,
          10 * MIB,
          3,
          FalLifecycle.DEFAULT,
          Duration.ofHours(1),
          0);

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public FalUploadOptions {
    if (multipartFrom < 0 || partBytes < 5 * MIB || partBytes > 1024 * MIB) {
      throw new IllegalArgumentException("0 <= multipartFrom, 5 MiB <= partBytes <= 1 GiB");
    }
    if (parallelParts < 1 || parallelParts > 16) {
      throw new IllegalArgumentException("1 <= parallelParts <= 16");
    }
    if (deadline.isZero() || deadline.isNegative() || deadline.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("0 < deadline <= one day");
    }
    if (inlineUpTo < 0 || inlineUpTo > MIB) {
      throw new IllegalArgumentException("0 <= inlineUpTo <= 1 MiB");
    }
  }

  /** The same by this route. */
  public FalUploadOptions with(FalUploadRoute other) {
    return new FalUploadOptions(
        other, multipartFrom, partBytes, parallelParts, lifecycle, deadline, inlineUpTo);
  }

  /** The same with this lifecycle. */
  public FalUploadOptions with(FalLifecycle other) {
    return new FalUploadOptions(
        route, multipartFrom, partBytes, parallelParts, other, deadline, inlineUpTo);
  }

  /** The same with parts of this size, from this length on, so many at a time. */
  public FalUploadOptions withParts(int bytes, long from, int parallel) {
    return new FalUploadOptions(route, from, bytes, parallel, lifecycle, deadline, inlineUpTo);
  }

  /** The same within this time. */
  public FalUploadOptions withDeadline(Duration other) {
    return new FalUploadOptions(
        route, multipartFrom, partBytes, parallelParts, lifecycle, other, inlineUpTo);
  }

  /** The same with files of up to so many bytes as data URIs in inputs. */
  public FalUploadOptions withInlineUpTo(int bytes) {
    return new FalUploadOptions(
        route, multipartFrom, partBytes, parallelParts, lifecycle, deadline, bytes);
  }

  /** The size of the parts of something that long: there may be 10,000 at most. */
  long partBytesFor(long length) {
    long least = (length + 9_999) / 10_000;
    return Math.max(partBytes, (least + MIB - 1) / MIB * MIB);
  }
}
