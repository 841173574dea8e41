package dev.fluxbridge.providers;

/**
 * Draws pictures: the one seam between the old signatures and whatever answers them. Local, hosted,
 * and the decorators around them are all of this type.
 *
 * <p>A backend does not choose whether it is the right one (the router does) and does not decode
 * what it fetched (the facade does). Implementations are safe for use by several threads.
 */
public interface ImageBackend {

  /** The name that a flag uses for this backend, for example {@code local} or {@code fal}. */
  String name();

  /**
   * Draws what the request asks for. Blocks until the pictures are there; an interrupt of the
   * calling thread cancels the call.
   *
   * @param request what to draw
   * @param progress told what happens meanwhile, on the calling thread
   * @return as many pictures as {@link ImageRequest#imageCount()}, prompt by prompt
   * @throws BackendException with {@link BackendException.Reason#INVALID} for arguments that no
   *     backend could honour, {@code UNSUPPORTED} for those that this one cannot, {@code REFUSED}
   *     where the provider said no (key, policy, balance), {@code UNAVAILABLE} where it could not
   *     be reached or failed, {@code TIMEOUT} and {@code CANCELLED} as they say, {@code AMBIGUOUS}
   *     where the call may have been accepted and billed but its outcome is not known, and {@code
   *     BAD_REPLY} where the answer makes no sense
   */
  ImageResult generate(ImageRequest request, Progress progress);

  /** As {@link #generate(ImageRequest, Progress)}, without watching. */
  default ImageResult generate(ImageRequest request) {
    return generate(request, Progress.NONE);
  }
}
