package dev.fluxbridge.providers.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one request once and says honestly what became of it.
 *
 * <p>It never sends anything a second time by itself, follows no redirect, keeps no cookie and no
 * cache: {@link Retry} and {@link Downloads} do that where it is safe. A thread that waits in
 * {@link #send} does the exchange itself; an interrupt of it cancels that within some milliseconds.
 * Safe for use by several threads; owns connections and threads, so close it.
 */
public final class Transport implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
  static final Duration GRACE = Duration.ofSeconds(1);
  private static final int AT_ONCE = 64;

  private final OkHttpClient client;
  private final OkHttpClient aside;
  private final ThreadPoolExecutor threads;
  private final ThreadPoolExecutor streamers;
  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
  private final Set<WebSocketChannel> channels = ConcurrentHashMap.newKeySet();
  private final Duration whole;

  /** A transport with these timeouts, for up to 64 exchanges at once that no caller waits in. */
  public Transport(Timeouts timeouts) {
    this(timeouts, AT_ONCE);
  }

  /**
   * A transport for few exchanges at once: each that no caller waits in keeps a thread while it
   * runs.
   *
   * @param atOnce such exchanges that run side by side, at least 1; further ones wait for their
   *     turn
   */
  public Transport(Timeouts timeouts, int atOnce) {
    this(new OkHttpClient(), timeouts, atOnce);
  }

  Transport(OkHttpClient base, Timeouts timeouts) {
    this(base, timeouts, AT_ONCE);
  }

  private Transport(OkHttpClient base, Timeouts timeouts, int atOnce) {
    whole = timeouts.whole();
    threads = Threads.upTo(atOnce, "fluxbridge-http");
    // a stream keeps its thread while it lasts, so it must not take one from the exchanges
    streamers = Threads.upTo(Integer.MAX_VALUE, "fluxbridge-stream");
    Dispatcher dispatcher = new Dispatcher(threads);
    dispatcher.setMaxRequests(atOnce);
    dispatcher.setMaxRequestsPerHost(atOnce);
    client =
        base.newBuilder()
            .dispatcher(dispatcher)
            .connectTimeout(timeouts.connect())
            .readTimeout(timeouts.read())
            .writeTimeout(timeouts.write())
            .callTimeout(timeouts.whole())
            .dns(new LentThread.LookUps(base.dns(), streamers))
            // OkHttp would send a request again on a connection that died: never for what is billed
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .eventListenerFactory(Transport::listener)
            .build();
    // to try several addresses side by side takes a thread for each, and idle ones stay for a
    // minute
    aside = client.newBuilder().fastFallback(false).build();
  }

  private static Delivery listener(Call call) {
    Delivery delivery = call.request().tag(Delivery.class);
    return delivery == null ? new Delivery() : delivery;
  }

  /**
   * Sends it once and reads the answer, whatever its status.
   *
   * @param request what to send
   * @param maxBody bytes of the body to keep; the rest is dropped and {@link HttpReply#truncated()}
   *     says so
   * @throws HttpException if no whole reply came; {@link HttpException#maybeDelivered()} says
   *     whether the server may know of it
   */
  public HttpReply send(HttpRequest request, int maxBody) throws HttpException {
    return exchange(request, whole(maxBody));
  }

  private static ReplyReader<HttpReply> whole(int maxBody) {
    return (status, headers, body) -> {
      byte[] kept = body.readNBytes(maxBody);
      return new HttpReply(status, headers, kept, body.read() >= 0);
    };
  }

  /** Reads a body as it comes; on another thread than the caller's. */
  interface ReplyReader<T> {
    T read(int status, HttpHeaders headers, InputStream body) throws IOException;
  }

  /**
   * Sends it once without keeping the calling thread.
   *
   * <p>Exchanges beyond the number that may run at once wait for their turn, and that counts
   * against their limit.
   *
   * @param request what to send
   * @param maxBody as for {@link #send}
   * @return the exchange, whose future ends as {@link #send} does
   */
  public Exchange<HttpReply> start(HttpRequest request, int maxBody) {
    return start(request, whole(maxBody));
  }

  /**
   * The same, by a thread that waits for it anyway where there is one: no other has to be woken for
   * it, nor this one when it is done.
   *
   * @param waiting runs the whole exchange as one task; an interrupt of its thread cancels that
   */
  public Exchange<HttpReply> start(
      HttpRequest request, int maxBody, Optional<? extends Executor> waiting) {
    if (waiting.isEmpty()) {
      return start(request, maxBody);
    }
    Prepared<HttpReply> prepared = prepare(client, request, whole(maxBody));
    waiting.get().execute(() -> runHere(prepared));
    return prepared.exchange;
  }

  <T> T exchange(HttpRequest request, ReplyReader<T> reader) throws HttpException {
    if (Thread.currentThread().isInterrupted()) {
      throw Exchange.interrupted(request.label());
    }
    Prepared<T> prepared = prepare(client, request, reader);
    runHere(prepared);
    return prepared.exchange.await();
  }

  <T> Exchange<T> start(HttpRequest request, ReplyReader<T> reader) {
    Prepared<T> prepared = prepare(aside, request, reader);
    // OkHttp takes 0 for "no limit"
    long limit = Math.max(1, prepared.limit.toMillis());
    prepared.call.timeout().timeout(limit, TimeUnit.MILLISECONDS);
    // a look-up of a name can outlast every timeout, and OkHttp cannot cut it short
    prepared.exchange.endAfter(prepared.limit.plus(GRACE));
    prepared.call.enqueue(prepared.listener);
    return prepared.exchange;
  }

  /** All that one exchange needs. */
  private record Prepared<T>(
      Call call, Exchange<T> exchange, Listener<T> listener, Duration limit) {}

  private <T> Prepared<T> prepare(OkHttpClient sender, HttpRequest request, ReplyReader<T> reader) {
    Delivery delivery = new Delivery();
    Call call = sender.newCall(encode(request, delivery));
    Duration limit = request.limit().filter(l -> l.compareTo(whole) < 0).orElse(whole);
    Exchange<T> exchange = new Exchange<>(request.label(), call, delivery);
    return new Prepared<>(call, exchange, new Listener<>(request, exchange, reader), limit);
  }

  /** Does it on this thread, whose interrupts and time are watched from outside. */
  private <T> void runHere(Prepared<T> prepared) {
    Call call = prepared.call;
    // the watch keeps the time
    call.timeout().timeout(0, TimeUnit.MILLISECONDS);
    LentThread lent = LentThread.to(prepared.exchange, prepared.limit);
    try {
      if (threads.isShutdown()) {
        prepared.listener.onFailure(call, new IOException("closed"));
      } else {
        prepared.listener.onResponse(call, call.execute());
      }
    } catch (IOException failure) {
      prepared.listener.onFailure(call, failure);
    } catch (Throwable defect) {
      if (defect instanceof InterruptedException) { // OkHttp does not declare it
        Thread.currentThread().interrupt();
        prepared.exchange.cancel(Exchange.INTERRUPTED);
      }
      prepared.exchange.fail(defect);
    } finally {
      lent.giveBack();
    }
  }

  /**
   * Sends it once and hands on the events of its answer, without holding the caller's thread.
   *
   * @param listener is told everything else, failures included; maybe before this returns
   * @return the stream, to close it
   */
  public EventStream events(
      HttpRequest request, EventStream.Limits limits, EventStream.Listener listener) {
    Delivery delivery = new Delivery();
    // the stream itself watches how long its head may take
    Duration head = limits.opening().plus(GRACE);
    Call call = client.newBuilder().readTimeout(head).build().newCall(encode(request, delivery));
    // OkHttp takes 0 for "no limit"
    long whole = request.limit().map(limit -> Math.max(1, limit.toMillis())).orElse(0L);
    call.timeout().timeout(whole, TimeUnit.MILLISECONDS);
    EventStream stream = new EventStream(request, limits, listener, call, delivery);
    streams.add(stream);
    try {
      streamers.execute(
          () -> {
            try {
              stream.read();
            } finally {
              streams.remove(stream);
            }
          });
      stream.watch(streamers);
    } catch (RejectedExecutionException closed) {
      streams.remove(stream);
      listener.failed(notSent(request, closed));
    }
    return stream;
  }

  /**
   * Opens a WebSocket, without holding the caller's thread.
   *
   * @param request the handshake: a GET to an http or https address
   * @param listener is told everything else, failures included
   * @return the channel, which is not open yet
   */
  public WebSocketChannel webSocket(
      HttpRequest request, WebSocketChannel.Limits limits, WebSocketChannel.Listener listener) {
    Request encoded = encode(request, new Delivery());
    return WebSocketChannel.open(client, streamers, request, encoded, limits, listener, channels);
  }

  private static HttpException notSent(HttpRequest request, Exception closed) {
    return new HttpException(
        HttpException.Kind.NO_CONNECTION,
        false,
        request.label() + " was not sent: the client is closed",
        null,
        closed);
  }

  /** What OkHttp tells of one call, on one of its threads. */
  private final class Listener<T> implements Callback {
    private final HttpRequest request;
    private final Exchange<T> exchange;
    private final ReplyReader<T> reader;
    private final long start = System.nanoTime();

    Listener(HttpRequest request, Exchange<T> exchange, ReplyReader<T> reader) {
      this.request = request;
      this.exchange = exchange;
      this.reader = reader;
    }

    @Override
    public void onFailure(Call call, IOException failure) {
      if (threads.isShutdown() && !exchange.begun()) {
        exchange.fail(notSent(request, failure));
      } else {
        broke(failure);
      }
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // whoever waits must hear of it, whatever it is
    public void onResponse(Call call, Response response) {
      T result;
      try (response) {
        HttpReply head =
            new HttpReply(response.code(), decode(response.headers()), new byte[0], false);
        exchange.began(head);
        result = reader.read(head.status(), head.headers(), response.body().byteStream());
        LOG.debug(
            "{} answered {} after {} ms",
            exchange.label(),
            head.status(),
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      } catch (HttpException known) {
        exchange.fail(known);
        return;
      } catch (IOException failure) {
        broke(failure);
        return;
      } catch (Throwable defect) {
        exchange.fail(defect);
        return;
      }
      // only now, when the connection is free again
      exchange.succeed(result);
    }

    private void broke(IOException failure) {
      if (Thread.currentThread().isInterrupted()) {
        // only a caller's own thread ever is: that is why, whatever the failure says
        exchange.cancel(Exchange.INTERRUPTED);
      }
      exchange.fail(explain(request, exchange.begun(), exchange.head(), failure));
    }
  }

  static HttpException explain(
      HttpRequest request, boolean begun, @Nullable HttpReply head, IOException failure) {
    if (failure instanceof Outgoing.Unreadable) {
      return new HttpException(
          HttpException.Kind.BROKEN,
          begun,
          request.label() + " failed at what was to be sent: " + failure.getMessage(),
          head,
          failure);
    }
    if (GuardedSockets.refused(failure)) {
      return new HttpException(
          HttpException.Kind.REJECTED,
          true,
          request.uri().getHost() + " is no public address: refused before anything was sent",
          null,
          failure);
    }
    boolean connecting = !begun && failure instanceof SocketTimeoutException;
    if (failure instanceof InterruptedIOException && !connecting) {
      return new HttpException(
          HttpException.Kind.TIMED_OUT,
          begun,
          request.label() + " took too long" + (head == null ? "" : " to send its whole answer"),
          head,
          failure);
    }
    if (!begun) {
      return new HttpException(
          HttpException.Kind.NO_CONNECTION,
          false,
          request.label() + " was not sent: no connection (" + name(failure) + ")",
          head,
          failure);
    }
    return new HttpException(
        HttpException.Kind.BROKEN,
        true,
        request.label()
            + (head == null ? " got no answer" : " got half an answer")
            + ": the connection broke ("
            + name(failure)
            + ")",
        head,
        failure);
  }

  private static String name(IOException failure) {
    return failure.getClass().getSimpleName();
  }

  private static Request encode(HttpRequest request, Delivery delivery) {
    Request.Builder builder =
        new Request.Builder().url(request.uri().toString()).tag(Delivery.class, delivery);
    request.headers().fields().forEach(field -> builder.addHeader(field.name(), field.value()));
    boolean carries = !request.method().equals("GET");
    builder.method(request.method(), carries ? new Outgoing(request.body()) : null);
    return builder.build();
  }

  static HttpHeaders decode(okhttp3.Headers headers) {
    HttpHeaders decoded = HttpHeaders.NONE;
    for (var pair : headers) {
      decoded = decoded.with(pair.getFirst(), pair.getSecond());
    }
    return decoded;
  }

  /** Ends what is under way and gives connections and threads back. */
  @Override
  public void close() {
    streams.forEach(EventStream::close);
    channels.forEach(WebSocketChannel::cancel);
    threads.shutdown();
    streamers.shutdown();
    client.dispatcher().cancelAll();
    try {
      // a cancelled exchange lets its connection go in a moment; only a stuck look-up takes longer
      threads.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      streamers.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    client.connectionPool().evictAll();
  }
}
