package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;

/** What became of one exchange, as far as it matters for trying again. */
enum FalCondition {
  /** An answer of 2xx. */
  ANSWERED,
  /** An answer of 2xx in which a store says that it failed all the same. */
  DENIED,
  /** An answer of 2xx that makes no sense. */
  NONSENSE,
  /** Not even a connection: nothing was delivered. */
  UNREACHABLE,
  /** A connection, but not one byte of the request over it. */
  NOT_SENT,
  /** The request may have come through; the answer did not. */
  LOST,
  /** What was to be sent cannot be read: the fault lies here. */
  UNREADABLE,
  /** Cancelled before anything was sent. */
  CANCELLED_BEFORE,
  /** Cancelled when it may have come through. */
  CANCELLED_AFTER,
  /** The caller's own limit for the start of the work ran out. */
  START_TIMEOUT,
  /** 429: too much at once. */
  TOO_MANY,
  /** 502 or 503 from something before fal, which turned it away. */
  TURNED_AWAY,
  /** 504 without a request id: something before fal waited for it in vain. */
  GIVEN_UP,
  /** Any other 5xx from something before fal. */
  BEFORE_FAL,
  /** 500 from fal. */
  FAILED,
  /** 502, 503 or 504 from fal. */
  BUSY,
  /** 408: the request came too slowly. */
  TOO_SLOW,
  /** 400 to a fetch: there is no result yet. */
  TOO_EARLY,
  /** Any other answer. */
  REFUSED;

  /** What an answer comes to. */
  static FalCondition of(FalVerb verb, HttpReply reply) {
    int status = reply.status();
    if (reply.ok()) {
      // a store may say 200 before it knows how the completing of many parts ends
      return verb.ofStores() && reply.text().contains("<Error>") ? DENIED : ANSWERED;
    }
    if (FalErrors.userTimeout(reply)) {
      return START_TIMEOUT;
    }
    return switch (status) {
      case 400 -> FalErrors.raw(reply).contains("still in progress") ? TOO_EARLY : REFUSED;
      case 408 -> TOO_SLOW;
      case 429 -> TOO_MANY;
      case 502, 503 -> FalErrors.byFal(reply) ? BUSY : TURNED_AWAY;
      case 504 -> FalErrors.requestId(reply) != null ? BUSY : GIVEN_UP;
      default -> {
        if (status < 500) {
          yield REFUSED;
        }
        yield FalErrors.byFal(reply) ? FAILED : BEFORE_FAL;
      }
    };
  }

  /** What no answer comes to. */
  static FalCondition of(HttpException failure) {
    boolean sent = failure.maybeDelivered();
    if (failure.unreadable()) {
      return UNREADABLE;
    }
    return switch (failure.kind()) {
      case CANCELLED -> sent ? CANCELLED_AFTER : CANCELLED_BEFORE;
      case REJECTED -> sent ? NONSENSE : REFUSED;
      default -> {
        if (sent) {
          yield LOST;
        }
        yield failure.unreachable() ? UNREACHABLE : NOT_SENT;
      }
    };
  }
}
