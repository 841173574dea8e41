package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a realtime endpoint: messages out, messages in.
 *
 * <p>It connects with the first message, and again with the next one after a connection ended.
 * Messages wait meanwhile, up to a number; none is dropped without a word, and none is sent twice.
 * Unlike fal's JavaScript client it holds nothing back: who sends faster than the endpoint works
 * finds its old inputs dropped there. Safe for use by several threads. Close it.
 */
public final class FalRealtime implements AutoCloseable {
  private static final int MOST_BYTES = FalRealtimeLine.MAX_QUEUED;

  private final FalRealtimeDialer dialer;
  private final FalRealtimeOptions options;
  private final FalRealtimeListener listener;
  private final String what;

  private final Queue<FalFrame> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private @Nullable FalRealtimeLine line;
  private @Nullable CompletableFuture<FalRealtimeLine> dialling;
  private int fruitless;
  private boolean closed;

  FalRealtime(FalRealtimeDialer dialer, FalRealtimeOptions options, FalRealtimeListener listener) {
    this.dialer = dialer;
    this.options = options;
    this.listener = listener;
    this.what = dialer.what();
  }

  /**
   * Sends a message, or keeps it until there is a connection.
   *
   * @param json a JSON object
   * @throws FalException with {@code INVALID} if it is none or larger than 16 MB, with {@code
   *     UNAVAILABLE} if too much is waiting already, with {@code CANCELLED} if this is closed;
   *     nothing of it was sent then
   */
  public void send(String json) {
    ObjectNode object =
        Json.read(json).orElseThrow(() -> invalid("takes a JSON object as its input", null));
    send(JsonValues.of(object));
  }

  /**
   * The same, for a message that may hold bytes.
   *
   * @param values by name: null, booleans, numbers, texts, {@code byte[]}, collections and maps
   * @throws FalException as the other one says
   */
  public void send(Map<String, ? extends @Nullable Object> values) {
    FalFrame frame;
    try {
      frame = FalFrame.of(values, options.encoding());
    } catch (IllegalArgumentException strange) {
      throw invalid("cannot carry the input: " + strange.getMessage(), strange);
    }
    if (frame.size() > MOST_BYTES) {
      throw invalid("carries messages up to " + MOST_BYTES + " bytes, not " + frame.size(), null);
    }
    post(frame);
  }

  private FalException invalid(String said, @Nullable Throwable cause) {
    return new FalException(
        Reason.INVALID,
        what + " " + said + "; nothing was sent",
        FalException.Answer.NONE,
        null,
        cause);
  }

  private void post(FalFrame frame) {
    CompletableFuture<FalRealtimeLine> dial;
    synchronized (this) {
      if (closed) {
        throw FalException.of(Reason.CANCELLED, what + " is closed; nothing was sent");
      }
      if (line != null && line.send(frame)) {
        return;
      }
      boolean full =
          waiting.size() >= options.waiting() || waitingBytes + frame.size() > MOST_BYTES;
      if (full || (line != null && line.isOpen())) {
        throw FalException.of(
            Reason.UNAVAILABLE,
            what + " is slower than its messages: too many wait to be sent; this one was not");
      }
      waiting.add(frame);
      waitingBytes += frame.size();
      if (dialling != null) {
        return;
      }
      line = null;
      dial = new CompletableFuture<>();
      dialling = dial;
    }
    connect(dial);
  }

  private void connect(CompletableFuture<FalRealtimeLine> dial) {
    int before;
    synchronized (this) {
      before = fruitless;
    }
    CompletableFuture<FalRealtimeLine> calling = dialer.dial(before, new Ear());
    // ending the one ends the other
    CompletableFuture<?> unused = dial.whenComplete((made, failure) -> calling.cancel(true));
    CompletableFuture<?> unused2 =
        calling.whenComplete(
            (made, failure) -> {
              if (failure != null) {
                notConnected(dial, FalCall.cause(failure));
              }
            });
  }

  private void notConnected(CompletableFuture<FalRealtimeLine> dial, Throwable failure) {
    int dropped;
    synchronized (this) {
      if (dialling != dial) {
        return;
      }
      dialling = null;
      dropped = waiting.size();
      waiting.clear();
      waitingBytes = 0;
      fruitless = 0;
    }
    FalException known =
        failure instanceof FalException fal
            ? fal
            : new FalException(
                Reason.UNAVAILABLE,
                what + " could not be reached",
                FalException.Answer.NONE,
                null,
                failure);
    FalException told = dialer.hide(known);
    listener.problem(told.adding("messages that waited for it and were not sent: " + dropped));
    listener.disconnected();
  }

  /** What the lines tell, each on its own thread. */
  private final class Ear implements FalRealtimeLine.Ear {
    @Override
    public boolean opened(FalRealtimeLine made) {
      synchronized (FalRealtime.this) {
        if (closed) {
          return false;
        }
        line = made;
        dialling = null;
        for (FalFrame frame : waiting) {
          // they are fewer than what a line keeps, so it takes them all
          made.send(frame);
        }
        waiting.clear();
        waitingBytes = 0;
        return true;
      }
    }

    @Override
    public void message(FalMessage message) {
      synchronized (FalRealtime.this) {
        fruitless = 0;
      }
      listener.message(message);
    }

    @Override
    public void problem(FalException problem) {
      listener.problem(dialer.hide(problem));
    }

    @Override
    public void over(FalRealtimeLine ended, Optional<FalException> problem, boolean heard) {
      synchronized (FalRealtime.this) {
        if (line == ended) {
          line = null;
        }
        fruitless = heard ? 0 : fruitless + 1;
      }
      problem.map(dialer::hide).ifPresent(listener::problem);
      listener.disconnected();
    }
  }

  /**
   * Sends what was handed to a connection, says goodbye and waits for the answer, two seconds at
   * most. What waits for a connection is dropped. Nothing is told of this after it returns.
   */
  @Override
  public void close() {
    FalRealtimeLine open;
    CompletableFuture<FalRealtimeLine> dial;
    synchronized (this) {
      closed = true;
      open = line;
      dial = dialling;
      dialling = null;
      waiting.clear();
    }
    if (dial != null) {
      dial.cancel(true);
    }
    dialer.close();
    if (open != null) {
      open.close();
    }
  }

  /** Names the endpoint only. */
  @Override
  public String toString() {
    return "FalRealtime[" + what + "]";
  }
}
