package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Exchange;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Retry.Outcome;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is asked, attempt after attempt, each judged by {@link FalRetryPolicy}. For one
 * call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the inner future is what the outer one becomes
final class FalAsking<T> {
  private final Wire wire;
  private final FalAsk ask;
  private final FalCall call;
  private final Function<HttpReply, Optional<T>> use;
  private int doubted;

  /** Whom it is asked. */
  interface Wire {
    /** Sends it, dressed as they want it. */
    Exchange<HttpReply> start(FalAsk ask, HttpRequest request, FalCall call) throws HttpException;

    /** What they mean by an answer that is no success. */
    FalException refusal(FalAsk ask, HttpReply reply);

    /** The same address on another host of theirs. */
    default Optional<URI> backup(URI uri) {
      return Optional.empty();
    }
  }

  /**
   * @param use what an answer comes to; empty if the policy shall judge it
   */
  FalAsking(Wire wire, FalAsk ask, FalCall call, Function<HttpReply, Optional<T>> use) {
    this.wire = wire;
    this.ask = ask;
    this.call = call;
    this.use = use;
  }

  /** Asks until there is an answer of use, as often as the policy and this let. */
  CompletableFuture<T> until(Retry retry) {
    return FalLoop.run(retry, call, ask.notTaken(), ask.handle(), this::attempt);
  }

  /** Asks once, and says whether it may be asked again. */
  CompletableFuture<Outcome<T, FalException>> attempt() {
    return send(ask.request(), null);
  }

  /**
   * Sends it once, to the host or to its backup.
   *
   * @param first why the host itself was not reached, if this goes to its backup
   */
  private CompletableFuture<Outcome<T, FalException>> send(
      HttpRequest request, @Nullable FalException first) {
    Deadline deadline = call.deadline();
    if (deadline.passed()) {
      throw FalExchange.failure(
          Reason.TIMEOUT, "no time is left for " + ask.what(), ask.handle(), null);
    }
    return start(request.within(deadline.left()))
        .handle(
            (reply, thrown) -> {
              if (thrown == null) {
                return CompletableFuture.completedFuture(answered(reply));
              }
              if (thrown instanceof HttpException failure) {
                return failed(failure, first);
              }
              throw new CompletionException(thrown);
            })
        .thenCompose(outcome -> outcome);
  }

  private CompletableFuture<HttpReply> start(HttpRequest request) {
    try {
      return call.follow(wire.start(ask, request, call), ask.verb() == FalVerb.SUBMIT);
    } catch (HttpException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private Outcome<T, FalException> answered(HttpReply reply) {
    Optional<T> useful = use.apply(reply);
    if (useful.isPresent()) {
      return new Outcome.Done<>(useful.get());
    }
    FalException refusal = wire.refusal(ask, reply);
    return switch (FalRetryPolicy.after(ask.verb(), reply)) {
      case AGAIN, AGAIN_AT_BACKUP -> new Outcome.Again<>(refusal, FalErrors.askedToWait(reply));
      case AGAIN_SOMETIMES -> {
        if (doubted++ < ask.doubts()) {
          yield new Outcome.Again<>(refusal, FalErrors.askedToWait(reply));
        }
        throw refusal;
      }
      case AMBIGUOUS -> {
        String why = "something before fal answered " + reply.status() + " for it";
        throw FalExchange.ambiguous(ask, why, null, FalException.Answer.of(reply), null);
      }
      case DONE, FAIL -> throw refusal;
    };
  }

  private CompletableFuture<Outcome<T, FalException>> failed(
      HttpException failure, @Nullable FalException first) {
    Optional<URI> backup = first == null ? wire.backup(ask.request().uri()) : Optional.empty();
    String what = failure.maybeDelivered() ? ask.what() : ask.notTaken();
    FalException known = FalExchange.broken(failure, what, ask.handle());
    return switch (FalRetryPolicy.after(ask.verb(), failure, backup.isPresent())) {
      case AGAIN_AT_BACKUP -> send(ask.request().to(backup.orElseThrow()), known);
      // that the backup is not there either says less than that the host itself is not
      case AGAIN, AGAIN_SOMETIMES -> {
        if (call.deadline().passed()) {
          throw known;
        }
        yield CompletableFuture.completedFuture(
            new Outcome.Again<>(first == null ? known : first, Optional.empty()));
      }
      case AMBIGUOUS -> {
        String id = failure.head().map(FalErrors::requestId).orElse(null);
        FalException.Answer half =
            failure.head().map(FalException.Answer::of).orElse(FalException.Answer.NONE);
        throw FalExchange.ambiguous(ask, failure.getMessage(), id, half, failure);
      }
      case DONE, FAIL -> throw known;
    };
  }
}
