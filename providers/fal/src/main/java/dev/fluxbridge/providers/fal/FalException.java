package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.http.HttpReply;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A call that fal did not turn into a result, with all that fal said about it.
 *
 * <p>The message holds where, what and which kind, and never what was sent. {@link #rawBody()} is
 * fal's answer itself and may repeat the prompt: keep it out of logs.
 */
public final class FalException extends BackendException {
  private static final long serialVersionUID = 1L;

  /** Told of each that is made: the tests look for secrets in those that callers get. */
  static volatile Watch watch = (made, instead) -> {};

  private final String problem;
  private final transient Answer answer;

  /** Sees exceptions come. */
  @FunctionalInterface
  interface Watch {
    /** This one is there now, and nobody gets the other one any more, if there is one. */
    void made(FalException made, @Nullable FalException instead);
  }

  /**
   * What fal answered.
   *
   * @param status HTTP status; 0 if there was no answer
   * @param errorType the platform's name of the failure, or empty
   * @param details the endpoint's complaints
   * @param headers what came beside the body
   * @param rawBody the beginning of the body
   * @param cost what the request costs all the same
   * @param retryable whether the same request may do better later
   * @param userTimeout whether the caller's own limit for the start ran out
   */
  record Answer(
      int status,
      String errorType,
      List<FalDetail> details,
      FalHeaders headers,
      String rawBody,
      Cost cost,
      boolean retryable,
      boolean userTimeout) {
    static final Answer NONE =
        new Answer(0, "", List.of(), FalHeaders.NONE, "", new Cost.Unknown(), false, false);

    /** An answer that says nothing that can be understood. */
    static Answer of(HttpReply reply) {
      FalHeaders headers = new FalHeaders(reply.headers());
      return new Answer(
          reply.status(),
          "",
          List.of(),
          headers,
          FalErrors.raw(reply),
          FalErrors.cost(reply, FalVerb.STATUS),
          false,
          false);
    }
  }

  FalException(
      Reason reason,
      String problem,
      Answer answer,
      @Nullable String requestId,
      @Nullable Throwable cause) {
    super(reason, problem, requestId, cause);
    this.problem = problem;
    this.answer = answer;
    watch.made(this, null);
  }

  static FalException of(Reason reason, String problem) {
    return new FalException(reason, problem, Answer.NONE, null, null);
  }

  static FalException of(Reason reason, String problem, FalHandle handle) {
    return new FalException(reason, problem, Answer.NONE, handle.requestId(), null);
  }

  /** The same with more to say. */
  FalException adding(String more) {
    return rewritten(reason(), problem + "; " + more);
  }

  /** The same without these texts, should fal have repeated one of them. */
  FalException hiding(List<String> texts) {
    String clean = problem;
    for (String text : texts) {
      if (text.length() > 2) {
        clean = clean.replace(text, "[...]");
      }
    }
    return clean.equals(problem) ? this : rewritten(reason(), clean);
  }

  /** The same for another reason. */
  FalException because(Reason other) {
    return rewritten(other, problem);
  }

  private FalException rewritten(Reason why, String text) {
    FalException same = new FalException(why, text, answer, requestId().orElse(null), getCause());
    same.setStackTrace(getStackTrace());
    for (Throwable suppressed : getSuppressed()) {
      same.addSuppressed(suppressed);
    }
    watch.made(same, this);
    return same;
  }

  /** The HTTP status of fal's answer; empty if there was none. */
  public OptionalInt status() {
    return answer == null || answer.status == 0
        ? OptionalInt.empty()
        : OptionalInt.of(answer.status);
  }

  /** The platform's name of the failure, for example {@code runner_disconnected}; may be empty. */
  public String errorType() {
    return answer == null ? "" : answer.errorType;
  }

  /** The endpoint's complaints, in its order; may be empty. */
  public List<FalDetail> details() {
    return answer == null ? List.of() : answer.details;
  }

  /** What came beside the body of fal's answer; empty if there was none. */
  public FalHeaders headers() {
    return answer == null ? FalHeaders.NONE : answer.headers;
  }

  /**
   * What the request costs although it failed: what fal says, nothing where fal itself failed at
   * it, and else unknown.
   */
  public Cost cost() {
    return answer == null ? new Cost.Unknown() : answer.cost;
  }

  /** The first 16 KB of fal's answer; may repeat the prompt. */
  public String rawBody() {
    return answer == null ? "" : answer.rawBody;
  }

  /** Whether the same request may do better later, as far as fal says. */
  public boolean retryable() {
    return answer != null && answer.retryable;
  }

  /** Whether the caller's own limit for the start of the work ran out. */
  public boolean userTimeout() {
    return answer != null && answer.userTimeout;
  }
}
