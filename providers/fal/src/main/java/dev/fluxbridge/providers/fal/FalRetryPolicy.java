package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * When a call to fal is made again: a table, and the two rules that overrule it. Pure.
 *
 * <p>What starts work is billed, so it is sent again only where fal cannot have taken it in or says
 * itself that it should be. How long to wait and when to stop is {@link
 * dev.fluxbridge.providers.http.Retry}'s.
 *
 * <p>Source: fal's documentation of retries and reliability, and what its own clients repeat. They
 * send a submit again after a connection that broke and after any 504; this does not, because the
 * request may be running and would be paid for twice.
 */
final class FalRetryPolicy {

  /** What comes next. */
  enum Decision {
    /** The answer can be used. */
    DONE,
    /** Try again after a wait. */
    AGAIN,
    /** Try again after a wait, but believe it after a few times. */
    AGAIN_SOMETIMES,
    /** Try at once on the backup host, and if that is not there either, as {@link #AGAIN}. */
    AGAIN_AT_BACKUP,
    /** It may have been taken in and billed: never again by itself, and the caller must know. */
    AMBIGUOUS,
    /** It is as it is. */
    FAIL;

    /** Whether the request goes out once more. */
    boolean again() {
      return this == AGAIN || this == AGAIN_SOMETIMES || this == AGAIN_AT_BACKUP;
    }
  }

  /** A row for each condition, a column for each kind of verb. */
  private static final String TABLE =
      """
      condition         START      STATUS  RESULT           QUICK  FREE

      ANSWERED          DONE       DONE    DONE             DONE   DONE
      DENIED            DONE       DONE    DONE             DONE   AGAIN
      NONSENSE          AMBIGUOUS  FAIL    FAIL             FAIL   FAIL
      UNREACHABLE       AGAIN      AGAIN   AGAIN            AGAIN  AGAIN
      NOT_SENT          AGAIN      AGAIN   AGAIN            AGAIN  AGAIN
      LOST              AMBIGUOUS  AGAIN   AGAIN            AGAIN  AGAIN
      UNREADABLE        FAIL       FAIL    FAIL             FAIL   FAIL
      CANCELLED_BEFORE  FAIL       FAIL    FAIL             FAIL   FAIL
      CANCELLED_AFTER   AMBIGUOUS  FAIL    FAIL             FAIL   FAIL
      START_TIMEOUT     FAIL       FAIL    FAIL             FAIL   FAIL
      TOO_MANY          AGAIN      AGAIN   AGAIN_SOMETIMES  AGAIN  AGAIN
      TURNED_AWAY       AGAIN      AGAIN   AGAIN            AGAIN  AGAIN
      GIVEN_UP          AMBIGUOUS  AGAIN   AGAIN            AGAIN  AGAIN
      BEFORE_FAL        AMBIGUOUS  AGAIN   AGAIN            AGAIN  AGAIN
      FAILED            FAIL       AGAIN   FAIL             FAIL   AGAIN
      BUSY              FAIL       AGAIN   AGAIN_SOMETIMES  AGAIN  AGAIN
      TOO_SLOW          FAIL       AGAIN   AGAIN_SOMETIMES  AGAIN  AGAIN
      TOO_EARLY         FAIL       AGAIN   AGAIN            FAIL   FAIL
      REFUSED           FAIL       FAIL    FAIL             FAIL   FAIL
      """;

  private static final Map<FalCondition, Map<FalVerb.Kind, Decision>> ROWS =
      new EnumMap<>(FalCondition.class);

  static {
    List<String[]> lines =
        TABLE.lines().filter(line -> !line.isEmpty()).map(line -> line.split(" +")).toList();
    String[] head = lines.get(0);
    for (String[] cells : lines.subList(1, lines.size())) {
      Map<FalVerb.Kind, Decision> row = new EnumMap<>(FalVerb.Kind.class);
      for (int i = 1; i < cells.length; i++) {
        row.put(FalVerb.Kind.valueOf(head[i]), Decision.valueOf(cells[i]));
      }
      ROWS.put(FalCondition.valueOf(cells[0]), row);
    }
  }

  private FalRetryPolicy() {}

  /** What follows an answer. */
  static Decision after(FalVerb verb, HttpReply reply) {
    return decide(verb, FalCondition.of(verb, reply), FalErrors.retryAdvice(reply), false);
  }

  /**
   * What follows where no answer came.
   *
   * @param backup whether there is a backup host that was not tried yet
   */
  static Decision after(FalVerb verb, HttpException failure, boolean backup) {
    return decide(verb, FalCondition.of(failure), Optional.empty(), backup);
  }

  /**
   * @param advice what fal itself says about trying again
   * @param backup whether there is a backup host that was not tried yet
   */
  static Decision decide(
      FalVerb verb, FalCondition condition, Optional<Boolean> advice, boolean backup) {
    if (condition == FalCondition.UNREACHABLE && backup && verb.hasBackup()) {
      return Decision.AGAIN_AT_BACKUP;
    }
    Decision usual =
        Objects.requireNonNull(
            Objects.requireNonNull(ROWS.get(condition)).get(verb.kind()), condition::name);
    return switch (condition) {
      // fal's own word goes before the table, where it is about a failure of its own
      case TOO_MANY, FAILED, BUSY -> advice.map(yes -> advised(verb, yes)).orElse(usual);
      default -> usual;
    };
  }

  private static Decision advised(FalVerb verb, boolean yes) {
    if (!yes) {
      return Decision.FAIL;
    }
    // a request that has failed answers a fetch with its own failure, however often it is asked
    return verb == FalVerb.RESULT ? Decision.AGAIN_SOMETIMES : Decision.AGAIN;
  }
}
