package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.WebSocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a realtime endpoint, and what its messages mean.
 *
 * <p>Source: the realtime protocol as fal's own clients and apps speak it.
 */
final class FalRealtimeLine implements WebSocketChannel.Listener {
  /** Bytes that may wait in one connection. */
  static final int MAX_QUEUED = 16 * 1024 * 1024;

  private static final int NORMAL = 1000;

  private final String what;
  private final Duration patience;
  private final Ear ear;
  private final Opening opening;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile @Nullable WebSocketChannel channel;
  private volatile @Nullable Thread telling;
  private volatile boolean closing;
  private boolean opened;
  private boolean heard;
  private boolean idle;

  /** Is told what happens on an open line. */
  interface Ear {
    /** Whether it is still wanted. */
    boolean opened(FalRealtimeLine line);

    void message(FalMessage message);

    void problem(FalException problem);

    /** It is gone. */
    void over(FalRealtimeLine line, Optional<FalException> problem, boolean heard);
  }

  /** Is told how the attempt to open it ended. */
  interface Opening {
    void opened(FalRealtimeLine line);

    void answered(HttpReply reply);

    void failed(HttpException failure);

    void unwanted();

    /** The endpoint does not believe the token. */
    void unauthorized();
  }

  FalRealtimeLine(String what, Duration patience, Ear ear, Opening opening) {
    this.what = what;
    this.patience = patience;
    this.ear = ear;
    this.opening = opening;
  }

  boolean isOpen() {
    WebSocketChannel on = channel;
    return on != null && on.isOpen();
  }

  boolean send(FalFrame frame) {
    WebSocketChannel on = channel;
    if (on == null) {
      return false;
    }
    unanswered.incrementAndGet();
    boolean taken =
        frame.text() ? on.send(new String(frame.bytes(), UTF_8)) : on.send(frame.bytes());
    if (!taken) {
      unanswered.decrementAndGet();
    }
    return taken;
  }

  /** Says goodbye and waits for the answer, but not on the thread that would bring it. */
  void close() {
    closing = true;
    WebSocketChannel on = channel;
    if (on == null) {
      return;
    }
    on.close();
    if (Thread.currentThread() == telling) {
      return;
    }
    try {
      if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        on.cancel();
      }
    } catch (InterruptedException interrupted) {
      on.cancel();
      Thread.currentThread().interrupt();
    }
  }

  // ---- what comes, on a thread of the transport

  @Override
  public void opened(WebSocketChannel on) {
    opened = true;
    channel = on;
    if (ear.opened(this)) {
      opening.opened(this);
    } else {
      closing = true;
      on.close();
      opening.unwanted();
    }
  }

  @Override
  public void text(String message) {
    take(FalFrame.read(message), "a text that is no JSON object");
  }

  @Override
  public void binary(byte[] message) {
    take(FalFrame.read(message), "bytes that are no MessagePack map");
  }

  private void take(Optional<FalMessage> message, String otherwise) {
    if (closing) {
      return;
    }
    telling = Thread.currentThread();
    try {
      if (message.isEmpty()) {
        ear.problem(FalException.of(Reason.BAD_REPLY, what + " sent " + otherwise));
      } else {
        sort(message.get());
      }
    } finally {
      telling = null;
    }
  }

  private void sort(FalMessage message) {
    Map<String, @Nullable Object> values = message.values();
    if ("x-fal-message".equals(values.get("type"))) {
      return;
    }
    unanswered.set(0);
    boolean fal = "x-fal-error".equals(values.get("type"));
    if (fal && "TIMEOUT".equals(values.get("error"))) {
      // it only says that nothing was sent for a while; the end of the connection follows
      idle = true;
    } else if (fal) {
      String said = text(values, "error") + ": " + text(values, "reason");
      ear.problem(problem(Reason.UNAVAILABLE, message, "told an error: " + said));
    } else if ("error".equals(values.get("status"))) {
      refused(message, text(values, "error"));
    } else {
      heard = true;
      ear.message(message);
    }
  }

  private void refused(FalMessage message, String error) {
    if (error.equalsIgnoreCase("Unauthorized")) {
      opening.unauthorized();
      closing = true;
      WebSocketChannel on = channel;
      if (on != null) {
        on.close();
      }
      ear.problem(
          problem(
              Reason.REFUSED,
              message,
              "refused the login, and so the messages before; look at FAL_KEY"));
    } else {
      ear.problem(problem(Reason.UNAVAILABLE, message, "told an error: " + error));
    }
  }

  private static String text(Map<String, @Nullable Object> values, String name) {
    return values.get(name) instanceof String text ? FalErrors.cut(text) : "nothing";
  }

  private FalException problem(Reason reason, FalMessage message, String said) {
    return new FalException(
        reason,
        what + " " + said,
        FalException.Answer.NONE,
        message.requestId().filter(FalHeaders::isId).orElse(null),
        null);
  }

  @Override
  public void answered(HttpReply reply) {
    ended.countDown();
    opening.answered(reply);
  }

  @Override
  public void closed(int code, String reason) {
    ended.countDown();
    if (!opened) {
      opening.unwanted();
      return;
    }
    boolean expected = closing || idle || code == NORMAL;
    String said =
        "ended with code " + code + (reason.isEmpty() ? "" : ", " + FalErrors.cut(reason));
    ear.over(this, expected ? Optional.empty() : Optional.of(lost(said, null)), heard);
  }

  @Override
  public void failed(HttpException failure) {
    ended.countDown();
    if (!opened) {
      opening.failed(failure);
      return;
    }
    String said = "broke: " + failure.getMessage();
    ear.over(this, closing ? Optional.empty() : Optional.of(lost(said, failure)), heard);
  }

  /** What was sent and has no answer may have been worked on. */
  private FalException lost(String said, @Nullable HttpException cause) {
    int open = unanswered.get();
    boolean huge = cause != null && cause.kind() == HttpException.Kind.REJECTED;
    Reason reason = huge ? Reason.BAD_REPLY : open > 0 ? Reason.AMBIGUOUS : Reason.UNAVAILABLE;
    String after = open > 0 ? "; messages without an answer, which may be billed: " + open : "";
    return new FalException(
        reason, what + " " + said + after, FalException.Answer.NONE, null, cause);
  }
}
