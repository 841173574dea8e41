package dev.fluxbridge.providers.http;

import dev.fluxbridge.providers.http.HttpException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket, from its handshake to its end.
 *
 * <p>It is opened once, and never again by itself. While it is open it holds a thread of the
 * transport and its connection. Safe for use by several threads.
 */
public final class WebSocketChannel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketChannel.class);
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
  private static final int NORMAL = 1000;
  private static final int BROKEN_OFF = 1006;
  private static final int OKHTTP_QUEUE = 16 * 1024 * 1024;
  private static final int READ_AHEAD = 64 * 1024;

  private final HttpRequest request;
  private final Limits limits;
  private final Listener listener;
  private final MeteredSockets sockets;
  private final Consumer<WebSocketChannel> over;
  private final CompletableFuture<Boolean> opening = new CompletableFuture<>();
  private final Object telling = new Object();
  private final Object sending = new Object();
  private boolean told;
  private volatile boolean open;
  private volatile boolean closing;
  private volatile boolean gone;
  private volatile @Nullable WebSocket socket;

  /**
   * How long and how large things may be.
   *
   * @param opening until the handshake is done, looking up the name included
   * @param ping how often the other side must show that it is there
   * @param closing how long it may take to answer a goodbye
   * @param maxMessage bytes of one message that comes
   * @param maxQueued bytes that may wait to be sent, up to 16 MiB
   * @param maxBody bytes to keep of an answer that is no handshake
   */
  public record Limits(
      Duration opening,
      Duration ping,
      Duration closing,
      int maxMessage,
      int maxQueued,
      int maxBody) {

    /**
     * @throws IllegalArgumentException if one of them is out of its range
     */
    public Limits {
      for (Duration time : new Duration[] {opening, ping, closing}) {
        if (time.toMillis() < 1 || time.compareTo(Duration.ofDays(20)) > 0) {
          throw new IllegalArgumentException("a time limit is 1 ms to 20 days");
        }
      }
      if (maxMessage < 1 || maxQueued < 1 || maxQueued > OKHTTP_QUEUE || maxBody < 1) {
        throw new IllegalArgumentException("1 <= maxMessage, maxQueued (to 16 MiB), maxBody");
      }
    }

    // what the frames and TLS add is little, and the buffers read ahead a little
    private long meter() {
      return maxMessage + maxMessage / 8L + READ_AHEAD;
    }
  }

  /**
   * Is told what comes, by one thread at a time. The last of it is always exactly one of {@link
   * #answered}, {@link #closed} and {@link #failed}. What it throws ends the channel.
   */
  public interface Listener {
    /** The handshake is done. */
    void opened(WebSocketChannel channel);

    /** A message of text. */
    void text(String message);

    /** A message of bytes. */
    void binary(byte[] message);

    /** There is no WebSocket, but this answer. */
    void answered(HttpReply reply);

    /**
     * It was closed, by the server or by {@link WebSocketChannel#close}.
     *
     * @param code of the one who closed it, for example 1000; 1005 for none; 1006 if the server did
     *     not answer a goodbye
     * @param reason what the server said; may be empty
     */
    void closed(int code, String reason);

    /** It did not open, or it broke, or it held too large a message. */
    void failed(HttpException failure);
  }

  private WebSocketChannel(
      HttpRequest request,
      Limits limits,
      Listener listener,
      MeteredSockets sockets,
      Consumer<WebSocketChannel> over) {
    this.request = request;
    this.limits = limits;
    this.listener = listener;
    this.sockets = sockets;
    this.over = over;
  }

  static WebSocketChannel open(
      OkHttpClient base,
      ExecutorService workers,
      HttpRequest request,
      Request encoded,
      Limits limits,
      Listener listener,
      Set<WebSocketChannel> channels) {
    MeteredSockets sockets = new MeteredSockets(limits.meter());
    // OkHttp's own threads would keep the JVM up, and its limit of calls would count open sockets
    Dispatcher dispatcher = new Dispatcher(workers);
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    OkHttpClient client =
        base.newBuilder()
            .dispatcher(dispatcher)
            .socketFactory(sockets)
            .readTimeout(limits.opening())
            .callTimeout(limits.opening())
            .pingInterval(limits.ping())
            .webSocketCloseTimeout(limits.closing())
            .addInterceptor(WebSocketChannel::uncompressed)
            .build();
    WebSocketChannel channel =
        new WebSocketChannel(request, limits, listener, sockets, channels::remove);
    channels.add(channel);
    channel.watch(workers);
    channel.socket = client.newWebSocket(encoded, channel.new Ear());
    if (channel.closing) {
      channel.cancel();
    }
    return channel;
  }

  /** Compression is not offered, and not believed: a message could grow where nobody counts. */
  private static Response uncompressed(Interceptor.Chain chain) throws IOException {
    Request plain = chain.request().newBuilder().removeHeader(EXTENSIONS).build();
    return chain.proceed(plain).newBuilder().removeHeader(EXTENSIONS).build();
  }

  /** Waits for the handshake no longer than it may. */
  private void watch(ExecutorService teller) {
    // OkHttp's own limit comes first, unless the look-up of the name is stuck
    long patience = limits.opening().plus(Transport.GRACE).toMillis();
    CompletableFuture<Boolean> unused =
        opening
            .orTimeout(patience, TimeUnit.MILLISECONDS)
            .handleAsync(
                (opened, late) -> {
                  if (late != null) {
                    cancel();
                    end(() -> listener.failed(tooLate(late)));
                  } else if (!opened) {
                    end(() -> listener.closed(BROKEN_OFF, ""));
                  }
                  return opened;
                },
                teller);
  }

  /** Whether messages can be sent: the handshake is done, and nobody has said goodbye. */
  public boolean isOpen() {
    return open && !closing && !gone;
  }

  /**
   * Sends text.
   *
   * @return whether it will be sent; false if the channel is not open or too much is waiting
   */
  public boolean send(String message) {
    return send(ByteString.encodeUtf8(message), true);
  }

  /**
   * Sends bytes.
   *
   * @return whether they will be sent; false if the channel is not open or too much is waiting
   */
  public boolean send(byte[] message) {
    return send(ByteString.of(message), false);
  }

  private boolean send(ByteString message, boolean text) {
    synchronized (sending) {
      WebSocket to = socket;
      if (to == null || !open || closing || to.queueSize() + message.size() > limits.maxQueued()) {
        return false;
      }
      return text ? to.send(message.utf8()) : to.send(message);
    }
  }

  /** Sends what is waiting, says goodbye and returns; cuts the line when that takes too long. */
  @Override
  public void close() {
    closing = true;
    WebSocket to = socket;
    if (opening.complete(false)) {
      cancel();
    } else if (to != null) {
      to.close(NORMAL, null);
    }
  }

  /** Cuts the line. */
  public void cancel() {
    closing = true;
    WebSocket to = socket;
    if (to != null) {
      to.cancel();
    }
    opening.complete(false);
  }

  private void tell(Runnable what) {
    synchronized (telling) {
      if (!told) {
        what.run();
      }
    }
  }

  private void end(Runnable what) {
    tell(
        () -> {
          told = true;
          gone = true;
          over.accept(this);
          what.run();
        });
  }

  private final class Ear extends WebSocketListener {
    @Override
    public void onOpen(WebSocket from, Response response) {
      if (opening.complete(true)) {
        LOG.debug("{} is a WebSocket now", request.label());
        sockets.allow(limits.meter());
        socket = from;
        open = true;
        tell(() -> listener.opened(WebSocketChannel.this));
      }
    }

    @Override
    public void onMessage(WebSocket from, String text) {
      // as many letters are at least as many bytes
      heard(text.length(), () -> listener.text(text));
    }

    @Override
    public void onMessage(WebSocket from, ByteString bytes) {
      heard(bytes.size(), () -> listener.binary(bytes.toByteArray()));
    }

    private void heard(int size, Runnable message) {
      sockets.allow(limits.meter());
      if (size > limits.maxMessage()) {
        end(() -> listener.failed(tooLarge(null)));
        cancel();
      } else {
        tell(message);
      }
    }

    @Override
    public void onClosing(WebSocket from, int code, String reason) {
      closing = true;
      from.close(NORMAL, null);
    }

    @Override
    public void onClosed(WebSocket from, int code, String reason) {
      end(() -> listener.closed(code, reason));
    }

    @Override
    public void onFailure(WebSocket from, Throwable failure, @Nullable Response response) {
      if (open) {
        end(() -> broken(failure));
      } else if (opening.complete(true)) {
        // else the clock or the closer tells it
        end(() -> unopened(failure, response));
      }
    }
  }

  private void broken(Throwable failure) {
    if (sockets.exceeded()) {
      listener.failed(tooLarge(failure));
    } else if (closing) {
      listener.closed(BROKEN_OFF, "");
    } else if (failure instanceof RuntimeException) {
      LOG.warn("{} was ended by its listener", request.label(), failure);
      listener.failed(failure(Kind.CANCELLED, true, "was ended by its listener", failure));
    } else if (failure instanceof InterruptedIOException) {
      listener.failed(failure(Kind.TIMED_OUT, true, "shows no more sign of life", failure));
    } else {
      String said = "broke (" + failure.getClass().getSimpleName() + ")";
      listener.failed(failure(Kind.BROKEN, true, said, failure));
    }
  }

  private void unopened(Throwable failure, @Nullable Response response) {
    if (response != null && response.code() != 101) {
      HttpHeaders headers = Transport.decode(response.headers());
      byte[] kept = {};
      boolean more;
      try {
        InputStream body = response.body().byteStream();
        kept = body.readNBytes(limits.maxBody());
        more = body.read() >= 0;
      } catch (IOException cutOff) {
        more = true;
      }
      listener.answered(new HttpReply(response.code(), headers, kept, more));
    } else if (failure instanceof InterruptedIOException) {
      listener.failed(tooLate(failure));
    } else {
      String said = "did not become a WebSocket (" + failure.getClass().getSimpleName() + ")";
      listener.failed(failure(Kind.NO_CONNECTION, false, said, failure));
    }
  }

  private HttpException tooLate(Throwable cause) {
    String said = "took too long to become a WebSocket";
    return failure(Kind.TIMED_OUT, false, said, cause);
  }

  private HttpException tooLarge(@Nullable Throwable cause) {
    String said = "sent a message of more than " + limits.maxMessage() + " bytes";
    return failure(Kind.REJECTED, true, said, cause);
  }

  private HttpException failure(
      Kind kind, boolean maybeDelivered, String said, @Nullable Throwable cause) {
    return new HttpException(kind, maybeDelivered, request.label() + " " + said, null, cause);
  }

  /** Method and address without its query, where a token may stand. */
  @Override
  public String toString() {
    return "WebSocketChannel[" + request.label() + "]";
  }
}
