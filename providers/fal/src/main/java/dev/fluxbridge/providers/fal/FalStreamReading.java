package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.EventStream;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpHeaders;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.ServerSentEvent;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns the events of one request into outputs and one end, for one taker.
 *
 * <p>Source: fal's streaming protocol as its own clients speak it.
 */
final class FalStreamReading implements EventStream.Listener {
  private static final Set<String> FIELDS_OF_ERRORS =
      Set.of("detail", "error", "error_type", "message", "request_id", "status", "type");

  private final FalExchange exchange;
  private final String what;
  private final CompletableFuture<String> last = new CompletableFuture<>();

  private @Nullable EventStream stream;
  private @Nullable Supplier<EventStream> backup;
  private @Nullable HttpException unreached;
  private @Nullable Taker taker;
  private @Nullable RuntimeException failure;
  private @Nullable String latest;
  private HttpReply head = new HttpReply(0, HttpHeaders.NONE, new byte[0], false);
  private long asked;
  private int outputs;
  private boolean started;
  private boolean closed;
  private boolean over;
  private boolean told;

  /** Takes what was asked for, and the end. */
  interface Taker {
    void next(String json);

    void over(@Nullable RuntimeException failure);
  }

  FalStreamReading(FalExchange exchange, String what) {
    this.exchange = exchange;
    this.what = what;
    CompletableFuture<String> unused =
        last.whenComplete(
            (result, problem) -> {
              if (last.isCancelled()) {
                close();
              }
            });
  }

  /** Reserves it; whether nobody had. */
  synchronized boolean claim(Taker one) {
    if (taker != null) {
      return false;
    }
    taker = one;
    return true;
  }

  /** Lets the taker be told; what it asked for before is asked for now. */
  void start() {
    EventStream from;
    long before;
    synchronized (this) {
      started = true;
      before = asked;
      from = stream;
    }
    if (from != null && before > 0) {
      from.request(before);
    }
    tellTheEnd();
  }

  void ask(long more) {
    EventStream from;
    synchronized (this) {
      asked = asked + more < 0 ? Long.MAX_VALUE : asked + more;
      from = started ? stream : null;
    }
    if (from != null) {
      from.request(more);
    }
  }

  /** Where else it can be sent, if no connection comes about. */
  synchronized void backedBy(Supplier<EventStream> other) {
    backup = other;
  }

  /** The request is on its way. */
  void sent(EventStream on) {
    boolean late;
    synchronized (this) {
      // it may have failed, and be on its way elsewhere, before this is told
      stream = stream == null ? on : stream;
      late = closed;
    }
    if (late) {
      on.close();
    }
  }

  private void sendElsewhere(Supplier<EventStream> other) {
    EventStream on;
    try {
      on = other.get();
    } catch (FalException notSent) {
      end(notSent);
      return;
    }
    boolean late;
    long before;
    synchronized (this) {
      stream = on;
      late = closed;
      before = started ? asked : 0;
    }
    if (late) {
      on.close();
    } else if (before > 0) {
      on.request(before);
    }
  }

  void close() {
    EventStream open;
    synchronized (this) {
      closed = true;
      open = stream;
    }
    if (open != null) {
      open.close();
    }
  }

  CompletableFuture<String> last() {
    return last;
  }

  synchronized FalHeaders headers() {
    return new FalHeaders(head.headers());
  }

  @Nullable String requestId() {
    HttpReply known;
    synchronized (this) {
      known = head;
    }
    return FalErrors.requestId(known);
  }

  /** Ends it, the first time that it is called. */
  void end(@Nullable RuntimeException problem) {
    String result;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      failure = problem;
      result = latest;
    }
    tellTheEnd();
    if (problem != null || result == null) {
      last.completeExceptionally(problem == null ? new IllegalStateException() : problem);
    } else {
      last.complete(result);
    }
  }

  private void tellTheEnd() {
    Taker to;
    RuntimeException problem;
    synchronized (this) {
      if (!over || !started || told || taker == null) {
        return;
      }
      told = true;
      to = taker;
      problem = failure;
    }
    to.over(problem);
  }

  // ---- what comes, on a thread of the transport

  @Override
  public synchronized void opened(EventStream on, HttpReply reply) {
    // what is asked for is asked for by the taker
    head = reply;
  }

  @Override
  public void event(ServerSentEvent event) {
    output(event.data(), event.type().equals("error"));
  }

  private void output(String data, boolean calledError) {
    // the mark that OpenAI's protocol ends in, on endpoints that speak it
    if (data.equals("[DONE]")) {
      return;
    }
    Optional<JsonNode> json = Json.any(data);
    Taker to;
    synchronized (this) {
      if (over) {
        return;
      }
      to = taker;
    }
    if (calledError || json.map(FalStreamReading::isError).orElse(true)) {
      fail(json.isEmpty() && !calledError ? notJson() : errorInside(data));
    } else {
      synchronized (this) {
        latest = data;
        outputs++;
      }
      if (to != null) {
        to.next(data);
      }
    }
  }

  private static boolean isError(JsonNode json) {
    if (!json.isObject() || !(json.has("detail") || json.has("error_type"))) {
      return false;
    }
    boolean[] only = {true};
    json.fieldNames().forEachRemaining(name -> only[0] &= FIELDS_OF_ERRORS.contains(name));
    return only[0];
  }

  private void fail(FalException problem) {
    end(exchange.hide(problem));
    close();
  }

  private FalException errorInside(String data) {
    HttpReply reply = new HttpReply(head.status(), head.headers(), data.getBytes(UTF_8), false);
    FalException read = FalErrors.read(reply, FalVerb.STREAM, what, requestId());
    boolean policy = read.details().stream().anyMatch(d -> d.type().contains("content_policy"));
    return read.adding("it was an error " + came())
        .because(policy ? Reason.REFUSED : Reason.UNAVAILABLE);
  }

  private FalException notJson() {
    return problem(Reason.BAD_REPLY, "sent an output that is no JSON, " + came(), null);
  }

  @Override
  public void answered(HttpReply reply) {
    synchronized (this) {
      head = reply;
    }
    if (!reply.ok()) {
      end(exchange.hide(FalErrors.read(reply, FalVerb.STREAM, what, null)));
      return;
    }
    // an endpoint that streams nothing: what it answered is paid for, so it is the one output
    String type = reply.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (!type.startsWith("application/json") || reply.truncated()) {
      end(problem(Reason.BAD_REPLY, "is no stream of events but " + kind(type), null));
      return;
    }
    output(reply.text(), false);
    ended(false);
  }

  private static String kind(String type) {
    return type.isEmpty() ? "something without a type" : FalErrors.cut(type);
  }

  @Override
  public void ended(boolean midEvent) {
    boolean nothing;
    synchronized (this) {
      nothing = latest == null;
    }
    if (midEvent) {
      end(ambiguous("ended in the middle of an output, " + came(), null));
    } else if (nothing) {
      end(ambiguous("ended without any output", null));
    } else {
      end(null);
    }
  }

  @Override
  public void failed(HttpException failed) {
    Supplier<EventStream> other;
    HttpException broken = failed;
    synchronized (this) {
      failed.head().ifPresent(known -> head = known);
      boolean elsewhere =
          FalRetryPolicy.after(FalVerb.STREAM, failed, backup != null)
              == FalRetryPolicy.Decision.AGAIN_AT_BACKUP;
      other = elsewhere ? backup : null;
      backup = null;
      if (other != null) {
        unreached = failed;
      } else if (unreached != null && failed.unreachable()) {
        // that the backup is not there either says less than that the host itself is not
        broken = unreached;
      }
    }
    if (other != null) {
      sendElsewhere(other);
    } else {
      end(exchange.hide(explained(broken)));
    }
  }

  private FalException explained(HttpException broken) {
    String said = came() + ": " + broken.getMessage();
    boolean sent = broken.maybeDelivered();
    return switch (broken.kind()) {
      case NO_CONNECTION ->
          problem(Reason.UNAVAILABLE, "did not begin: " + broken.getMessage(), broken);
      case CANCELLED -> problem(Reason.CANCELLED, "was closed, " + said + paid(sent), broken);
      case TIMED_OUT -> problem(Reason.TIMEOUT, "took too long, " + said + paid(sent), broken);
      case REJECTED -> problem(Reason.BAD_REPLY, "is refused, " + said, broken);
      case BROKEN ->
          sent
              ? ambiguous("broke off, " + said, broken)
              : problem(Reason.UNAVAILABLE, "did not begin: " + broken.getMessage(), broken);
    };
  }

  private synchronized String came() {
    return "after " + outputs + (outputs == 1 ? " output" : " outputs");
  }

  private static String paid(boolean sent) {
    return sent ? "; it may be billed" : "; nothing was sent";
  }

  private FalException ambiguous(String said, @Nullable Throwable cause) {
    return problem(Reason.AMBIGUOUS, said + "; it may be billed, and fal keeps no result", cause);
  }

  FalException cancelled(String said, @Nullable Throwable cause) {
    return problem(Reason.CANCELLED, said + "; it may be billed", cause);
  }

  private FalException problem(Reason reason, String said, @Nullable Throwable cause) {
    HttpReply known;
    synchronized (this) {
      known = head;
    }
    FalException.Answer answer =
        known.status() == 0 ? FalException.Answer.NONE : FalException.Answer.of(known);
    return new FalException(reason, what + " " + said, answer, requestId(), cause);
  }

  @Override
  public String toString() {
    return what;
  }
}
