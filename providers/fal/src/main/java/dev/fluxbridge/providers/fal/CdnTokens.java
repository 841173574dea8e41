package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.fal.UploadExchange.Work;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The token of the storage, asked for once and kept until shortly before it runs out. */
final class CdnTokens {
  private static final URI STORE = URI.create("https://v3.fal.media");
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final Duration SHORTLY = Duration.ofMinutes(1);

  private final UploadExchange exchange;
  private final Effects.Ticker ticker;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Token kept;

  CdnTokens(UploadExchange exchange, Effects.Ticker ticker, InstantSource clock) {
    this.exchange = exchange;
    this.ticker = ticker;
    this.clock = clock;
  }

  /**
   * A token; its text holds none.
   *
   * @param header the value of {@code Authorization}
   * @param store where it is good
   * @param until the moment on the ticker from which it is not used any more
   */
  record Token(String header, URI store, long until) {
    @Override
    public String toString() {
      return "Token[hidden]";
    }
  }

  /** A token that is good; the same for all until it is not. */
  Token get(Deadline deadline) {
    Token known = kept;
    if (known != null && known.until - ticker.nanos() > 0) {
      return known;
    }
    String what = "the fetch of a token for fal's storage";
    try {
      if (!lock.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw FalException.of(Reason.TIMEOUT, "no time is left for " + what);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw FalException.of(Reason.CANCELLED, what + " was cancelled by an interrupt");
    }
    try {
      Token meanwhile = kept;
      if (meanwhile != null && meanwhile.until - ticker.nanos() > 0) {
        return meanwhile;
      }
      Token fresh = fetch(new Work(FalVerb.TOKEN, what, deadline));
      kept = fresh;
      return fresh;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a token that the storage does not take; a newer one stays. */
  void drop(Token token) {
    lock.lock();
    try {
      if (token.equals(kept)) {
        kept = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private Token fetch(Work work) {
    long asked = ticker.nanos();
    ObjectNode answer =
        exchange.ask(
            "/storage/auth/token?storage_type=fal-cdn-v3",
            Json.object(),
            FalLifecycle.DEFAULT,
            work);
    String type = Json.text(answer, "token_type").orElse("Bearer");
    String token = Json.text(answer, "token").orElse("");
    if (!type.matches("[A-Za-z]{1,20}") || !token.matches("[!-~]{1,8192}")) {
      throw FalException.of(
          Reason.BAD_REPLY, "fal answered " + work.what() + " without a usable token");
    }
    URI store = answer.hasNonNull("base_url") ? exchange.address(answer, "base_url", work) : STORE;
    return new Token(type + " " + token, store, asked + life(answer).toNanos());
  }

  /** How long it is used: not to the last moment, and briefly where that makes no sense. */
  private Duration life(ObjectNode answer) {
    Instant now = clock.instant();
    Duration life = SHORTLY;
    try {
      life =
          Json.text(answer, "expires_at")
              .map(OffsetDateTime::parse)
              .map(end -> Duration.between(now, end.toInstant()).minus(SHORTLY))
              .orElse(SHORTLY);
    } catch (DateTimeParseException unknown) {
      // the store will say when it has run out
    }
    if (life.compareTo(SHORTLY) < 0) {
      return SHORTLY;
    }
    return life.compareTo(LONGEST) > 0 ? LONGEST : life;
  }
}
