package dev.fluxbridge.providers.fal.webhook;

import java.util.Optional;

/**
 * What became of the check of a webhook. Immutable.
 *
 * @param result whether it is to be believed, and if not, why
 * @param webhook what it says; there for {@code GENUINE} and {@code REPEATED} alone, so that what
 *     is not proven cannot be used by mistake
 */
public record WebhookCheck(Result result, Optional<FalWebhook> webhook) {

  static WebhookCheck refused(Result why) {
    return new WebhookCheck(why, Optional.empty());
  }

  /** Whether it is from fal, is fresh, and was not seen before. */
  public boolean genuine() {
    return result == Result.GENUINE;
  }

  /** Whether a webhook is to be believed, and if not, why. */
  public enum Result {
    /** It is from fal and fresh. */
    GENUINE(200),
    /** It is from fal and fresh, and its request was seen before: nothing is left to do. */
    REPEATED(200),
    /** One of the four headers is not there. */
    HEADER_MISSING(401),
    /** One of the four headers is there more than once. */
    HEADER_REPEATED(401),
    /** One of the four headers does not look as it must. */
    HEADER_MALFORMED(401),
    /** It was signed longer ago than the tolerance. */
    TOO_OLD(401),
    /** It claims to be signed further ahead than the tolerance: look at this server's clock. */
    FROM_THE_FUTURE(401),
    /** No key of fal's made this signature for these headers and this body. */
    SIGNATURE_WRONG(401),
    /** fal's keys could not be fetched: nobody knows, and fal shall try again. */
    KEYS_UNAVAILABLE(503),
    /** It is from fal, and this client cannot read it. */
    UNREADABLE(400);

    private final int status;

    Result(int status) {
      this.status = status;
    }

    /** The HTTP status to answer with; fal delivers again after anything but a 200. */
    public int status() {
      return status;
    }
  }
}
