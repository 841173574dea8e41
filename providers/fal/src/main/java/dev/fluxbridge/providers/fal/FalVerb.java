package dev.fluxbridge.providers.fal;

/** What fal is asked to do. */
enum FalVerb {
  /** Puts a request into the queue. */
  SUBMIT(true),
  /** Computes at once and answers with the result. */
  RUN(true),
  /** Computes at once and answers in pieces. */
  STREAM(true),
  /** Where a request stands. */
  STATUS(false),
  /** What a request came to. */
  RESULT(false),
  /** Stops a request. */
  CANCEL(false),
  /** Tokens, addresses for uploads, the catalogue: costs nothing and may be asked twice. */
  LOOK_UP(false);

  private final boolean starts;

  FalVerb(boolean starts) {
    this.starts = starts;
  }

  /** Whether it starts work that is billed, so that doing it twice costs twice. */
  boolean starts() {
    return starts;
  }
}
