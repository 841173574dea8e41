package dev.fluxbridge.providers.fal;

/** What came of asking fal to cancel a request. */
public enum FalCancel {
  /** A waiting request is gone; a running one was told to stop and may still be billed. */
  REQUESTED,
  /** Too late: it is done. */
  ALREADY_COMPLETED,
  /** fal does not know the request. */
  NOT_FOUND
}
