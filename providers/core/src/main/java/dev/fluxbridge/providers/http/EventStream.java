package dev.fluxbridge.providers.http;

import dev.fluxbridge.providers.http.HttpException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Call;
import okhttp3.Response;
import okio.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange whose answer is a stream of server-sent events, while it lasts.
 *
 * <p>It is sent once, and never again by itself. Its events come one after the other on a thread of
 * the transport, as many as were asked for; what is not asked for stays in the socket. While it is
 * open it holds that thread and its connection. Safe for use by several threads.
 */
public final class EventStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final byte[] EMPTY = {};
  private static final int CHUNK = 8 * 1024;

  private final HttpRequest request;
  private final Limits limits;
  private final Listener listener;
  private final Call call;
  private final Delivery delivery;

  // Decides who tells the listener that there is no stream: the reader, the clock or the closer.
  private final CompletableFuture<Boolean> opening = new CompletableFuture<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long asked;
  private boolean closed;

  /**
   * How long and how large a stream may be. The limit of the {@link HttpRequest} is that of the
   * whole stream, and without one it may last for ever: the transport's own is for single answers.
   *
   * @param opening until status and headers are there, looking up the name included
   * @param idle the longest silence after that; comments end it, as they are sent for that
   * @param maxEvent bytes of one event
   * @param maxBody bytes to keep of an answer that is no stream of events
   */
  public record Limits(Duration opening, Duration idle, int maxEvent, int maxBody) {

    /**
     * @throws IllegalArgumentException if one of them is not positive or a time is above 20 days
     */
    public Limits {
      for (Duration time : new Duration[] {opening, idle}) {
        if (time.isZero() || time.isNegative() || time.compareTo(Duration.ofDays(20)) > 0) {
          throw new IllegalArgumentException("a time limit is above nothing and up to 20 days");
        }
      }
      if (maxEvent < 1 || maxBody < 1) {
        throw new IllegalArgumentException("a limit of bytes is at least 1");
      }
    }
  }

  /**
   * Is told what comes, by one thread at a time. The last of it is always exactly one of {@link
   * #answered}, {@link #ended} and {@link #failed}. What it throws ends the stream.
   */
  public interface Listener {
    /**
     * The stream has begun. Asks for all of its events, unless it is written otherwise.
     *
     * @param stream the stream, to ask for events and to close
     * @param head status and headers
     */
    default void opened(EventStream stream, HttpReply head) {
      stream.request(Long.MAX_VALUE);
    }

    /** The next event. */
    void event(ServerSentEvent event);

    /** There is no stream, but this: another status than 2xx, or another kind of content. */
    void answered(HttpReply reply);

    /**
     * The server ended the stream in the way of HTTP.
     *
     * @param midEvent whether that was in the middle of an event, which is dropped
     */
    void ended(boolean midEvent);

    /** It broke, took too long, held too large an event or was closed ({@code CANCELLED}). */
    void failed(HttpException failure);
  }

  EventStream(HttpRequest request, Limits limits, Listener listener, Call call, Delivery delivery) {
    this.request = request;
    this.limits = limits;
    this.listener = listener;
    this.call = call;
    this.delivery = delivery;
  }

  /** Lets so many more events come; at least 1. */
  public void request(long more) {
    if (more < 1) {
      throw new IllegalArgumentException("ask for at least one event");
    }
    lock.lock();
    try {
      asked = asked + more < 0 ? Long.MAX_VALUE : asked + more;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it at once; the listener is told so, if it was not told its end before. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    call.cancel();
    opening.complete(false);
  }

  /** Waits for the head no longer than it may. */
  void watch(Executor teller) {
    Duration patience =
        request
            .limit()
            .map(limit -> limit.plus(Transport.GRACE))
            .filter(limit -> limit.compareTo(limits.opening()) < 0)
            .orElse(limits.opening());
    CompletableFuture<Boolean> unused =
        opening
            .orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
            .handleAsync(
                (opened, late) -> {
                  if (late != null) {
                    call.cancel();
                    listener.failed(failure(Kind.TIMED_OUT, null, "took too long to answer", late));
                  } else if (!opened) {
                    listener.failed(failure(Kind.CANCELLED, null, "was closed", null));
                  }
                  return opened;
                },
                teller);
  }

  /** Reads it to its end, on this thread. */
  void read() {
    HttpReply head = null;
    boolean mine = false;
    boolean told = false;
    try (Response response = call.execute()) {
      head = new HttpReply(response.code(), Transport.decode(response.headers()), EMPTY, false);
      InputStream body = response.body().byteStream();
      if (!speaksEvents(head)) {
        byte[] kept = body.readNBytes(limits.maxBody());
        HttpReply reply = new HttpReply(head.status(), head.headers(), kept, body.read() >= 0);
        mine = opening.complete(true);
        if (mine) {
          told = true;
          listener.answered(reply);
        }
        return;
      }
      mine = opening.complete(true);
      if (mine) {
        LOG.debug("{} answered {} and streams", request.label(), head.status());
        Timeout silence = response.body().source().timeout();
        silence.timeout(limits.idle().toNanos(), TimeUnit.NANOSECONDS);
        listener.opened(this, head);
        boolean midEvent = readEvents(body);
        told = true;
        listener.ended(midEvent);
      }
    } catch (IOException failure) {
      if (mine || opening.complete(true)) {
        listener.failed(explain(head, failure));
      }
    } catch (RuntimeException defect) {
      LOG.warn("{} was ended by its listener", request.label(), defect);
      if (!told) {
        listener.failed(failure(Kind.CANCELLED, head, "was ended by its listener", defect));
      }
    }
  }

  private boolean readEvents(InputStream body) throws IOException {
    EventParser parser = new EventParser(limits.maxEvent(), this::deliver);
    byte[] chunk = new byte[CHUNK];
    for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
      parser.feed(chunk, 0, n);
    }
    return parser.midEvent();
  }

  private void deliver(ServerSentEvent event) throws IOException {
    lock.lock();
    try {
      while (asked == 0 && !closed) {
        changed.awaitUninterruptibly();
      }
      if (closed) {
        throw new IOException("closed");
      }
      if (asked != Long.MAX_VALUE) {
        asked--;
      }
    } finally {
      lock.unlock();
    }
    listener.event(event);
  }

  private static boolean speaksEvents(HttpReply head) {
    String type = head.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    int parameters = type.indexOf(';');
    String essence = parameters < 0 ? type : type.substring(0, parameters);
    return head.ok() && essence.strip().equals("text/event-stream");
  }

  private HttpException explain(@Nullable HttpReply head, IOException failure) {
    if (isClosed()) {
      return failure(Kind.CANCELLED, head, "was closed", failure);
    }
    if (failure instanceof EventParser.TooLong) {
      String said = "sent an event of more than " + limits.maxEvent() + " bytes";
      return failure(Kind.REJECTED, head, said, failure);
    }
    if (failure instanceof SocketTimeoutException && head != null) {
      return failure(Kind.TIMED_OUT, head, "was silent for " + limits.idle(), failure);
    }
    return Transport.explain(request, delivery.begun(), head, failure);
  }

  private HttpException failure(
      Kind kind, @Nullable HttpReply head, String said, @Nullable Throwable cause) {
    return new HttpException(kind, delivery.begun(), request.label() + " " + said, head, cause);
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Method and address without its query. */
  @Override
  public String toString() {
    return "EventStream[" + request.label() + "]";
  }
}
