package dev.fluxbridge.providers.fal;

/** What fal, or a store that it names, is asked to do. */
enum FalVerb {
  /** Puts a request into the queue. */
  SUBMIT(Kind.START, true),
  /** Computes at once and answers with the result. */
  RUN(Kind.START, true),
  /** Computes at once and answers in pieces. */
  STREAM(Kind.START, true),
  /** Where a request stands. */
  STATUS(Kind.STATUS, true),
  /** What a request came to. */
  RESULT(Kind.RESULT, true),
  /** Stops a request. */
  CANCEL(Kind.QUICK, true),
  /** Opens a realtime connection. */
  DIAL(Kind.QUICK, false),
  /** Gets a token, for realtime or for the storage. */
  TOKEN(Kind.FREE, false),
  /** Gets the place of an upload. */
  UPLOAD_BEGIN(Kind.FREE, false),
  /** Sends a file, or a part of it. */
  UPLOAD_PART(Kind.FREE, false),
  /** Puts the parts of a file together. */
  UPLOAD_COMPLETE(Kind.FREE, false),
  /** Looks something up in the platform API. */
  PLATFORM(Kind.FREE, false),
  /** Makes fal forget what a request left; it carries a key by which fal knows a second try. */
  DELETION(Kind.FREE, false);

  private final Kind kind;
  private final boolean backup;

  FalVerb(Kind kind, boolean backup) {
    this.kind = kind;
    this.backup = backup;
  }

  /** What verbs have in common when it comes to asking again: the columns of the policy's table. */
  enum Kind {
    /** It starts work that is billed. */
    START,
    /** It looks at work. */
    STATUS,
    /** It fetches what was worked, which may be a failure. */
    RESULT,
    /** It is worth nothing if it comes late. */
    QUICK,
    /** It costs nothing and does no harm twice. */
    FREE
  }

  Kind kind() {
    return kind;
  }

  /** Whether it starts work that is billed, so that doing it twice costs twice. */
  boolean starts() {
    return kind == Kind.START;
  }

  /** Whether fal's backup hosts do it, too. */
  boolean hasBackup() {
    return backup;
  }

  /** Whether a store does it, which is none of fal's hosts. */
  boolean ofStores() {
    return this == UPLOAD_PART || this == UPLOAD_COMPLETE;
  }
}
