package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Transport;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One exchange with fal: the key goes along, the deadline holds, and failures get a reason. */
final class FalExchange {
  /** Bytes of an answer that are read; pictures inside of it count. */
  static final int MAX_ANSWER = 64 * 1024 * 1024;

  private final FalConfig config;
  private final Transport transport;
  private final Effects effects;

  FalExchange(FalConfig config, Transport transport, Effects effects) {
    this.config = config;
    this.transport = transport;
    this.effects = effects;
  }

  /** Sends it once. The caller has made sure that the key may go there. */
  HttpReply send(HttpRequest request, String what, Deadline deadline, @Nullable FalHandle handle)
      throws HttpException {
    if (deadline.passed()) {
      throw new FalException(
          Reason.TIMEOUT,
          "no time is left for " + what,
          FalException.Answer.NONE,
          id(handle),
          null);
    }
    return transport.send(
        request
            .with("Authorization", "Key " + config.credentials().key())
            .with("Accept", "application/json")
            .with("User-Agent", "fluxbridge")
            .within(deadline.left()),
        MAX_ANSWER);
  }

  /** Runs the one retry loop; an interrupt while it waits ends it. */
  <T> T patiently(
      Retry retry,
      Deadline deadline,
      String what,
      @Nullable FalHandle handle,
      Retry.Attempt<T, FalException> attempt) {
    try {
      return retry.run(deadline, effects, attempt);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new FalException(
          Reason.CANCELLED,
          what + " was cancelled by an interrupt",
          FalException.Answer.NONE,
          id(handle),
          interrupted);
    }
  }

  /** For what may be sent twice: goes on after a failure, unless it was cancelled or time is up. */
  <T> Retry.Outcome<T, FalException> again(
      HttpException failure, String what, FalHandle handle, Deadline deadline) {
    FalException known = broken(failure, what, handle);
    if (failure.kind() == HttpException.Kind.CANCELLED || deadline.passed()) {
      throw known;
    }
    return new Retry.Outcome.Again<>(known, Optional.empty());
  }

  static FalException broken(HttpException failure, String what, @Nullable FalHandle handle) {
    Reason reason =
        switch (failure.kind()) {
          case NO_CONNECTION, BROKEN -> Reason.UNAVAILABLE;
          case TIMED_OUT -> Reason.TIMEOUT;
          case CANCELLED -> Reason.CANCELLED;
          case REJECTED -> Reason.BAD_REPLY;
        };
    return new FalException(
        reason,
        what + " failed: " + failure.getMessage(),
        FalException.Answer.NONE,
        id(handle),
        failure);
  }

  /** The exception for an answer that is not a success. */
  FalException refusal(HttpReply reply, String what, @Nullable FalHandle handle) {
    return hide(FalErrors.read(reply, what, id(handle)));
  }

  /** fal has no reason to repeat a key; a gateway might. */
  FalException hide(FalException failure) {
    return failure.hiding(List.of(config.credentials().key()));
  }

  /** Whether an answer comes from something before fal, whose own have an id or are JSON. */
  static boolean beforeFal(HttpReply reply) {
    return FalErrors.requestId(reply) == null && Json.read(reply.text()).isEmpty();
  }

  private static @Nullable String id(@Nullable FalHandle handle) {
    return handle == null ? null : handle.requestId();
  }
}
