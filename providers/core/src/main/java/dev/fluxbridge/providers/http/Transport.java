package dev.fluxbridge.providers.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Call;
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
 * cache: {@link Retry} and {@link Downloads} do that where it is safe. An interrupt of the calling
 * thread cancels the exchange at once. Safe for use by several threads; owns connections and
 * threads, so close it.
 */
public final class Transport implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
  static final Duration GRACE = Duration.ofSeconds(1);

  private final OkHttpClient client;
  private final ExecutorService workers;
  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
  private final Duration whole;

  /** A transport with these timeouts. */
  public Transport(Timeouts timeouts) {
    this(new OkHttpClient(), timeouts);
  }

  Transport(OkHttpClient base, Timeouts timeouts) {
    whole = timeouts.whole();
    client =
        base.newBuilder()
            .connectTimeout(timeouts.connect())
            .readTimeout(timeouts.read())
            .writeTimeout(timeouts.write())
            .callTimeout(timeouts.whole())
            // OkHttp would send a request again on a connection that died: never for what is billed
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .eventListenerFactory(Transport::listener)
            .build();
    // Blocking reads do not see interrupts, so they run elsewhere and the caller waits for them.
    workers = Executors.newCachedThreadPool(Transport::daemon);
  }

  private static Delivery listener(Call call) {
    Delivery delivery = call.request().tag(Delivery.class);
    return delivery == null ? new Delivery() : delivery;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "fluxbridge-http");
    thread.setDaemon(true);
    return thread;
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
    return exchange(
        request,
        (status, headers, body) -> {
          byte[] kept = body.readNBytes(maxBody);
          return new HttpReply(status, headers, kept, body.read() >= 0);
        });
  }

  /** Reads a body as it comes; on another thread than the caller's. */
  interface ReplyReader<T> {
    T read(int status, HttpHeaders headers, InputStream body) throws IOException;
  }

  <T> T exchange(HttpRequest request, ReplyReader<T> reader) throws HttpException {
    Delivery delivery = new Delivery();
    Call call = client.newCall(encode(request, delivery));
    Duration limit = request.limit().filter(l -> l.compareTo(whole) < 0).orElse(whole);
    // OkHttp takes 0 for "no limit"
    call.timeout().timeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
    FutureTask<T> work = new FutureTask<>(() -> perform(request, call, delivery, reader));
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      workers.execute(work);
      // a look-up of a name can outlast every timeout, and OkHttp cannot cut it short
      return work.get(limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      // Once cancelled, the socket is shut or will never be opened: what has not left stays here.
      call.cancel();
      Thread.currentThread().interrupt();
      throw new HttpException(
          HttpException.Kind.CANCELLED,
          delivery.begun(),
          request.label() + " was cancelled by an interrupt of the calling thread",
          null,
          interrupted);
    } catch (TimeoutException stuck) {
      call.cancel();
      throw new HttpException(
          HttpException.Kind.TIMED_OUT,
          delivery.begun(),
          request.label() + " took too long",
          null,
          stuck);
    } catch (RejectedExecutionException closed) {
      throw notSent(request, closed);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof HttpException known) {
        throw known;
      }
      if (failure.getCause() instanceof RuntimeException defect) {
        throw defect;
      }
      throw new IllegalStateException(failure.getCause());
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
      workers.execute(
          () -> {
            try {
              stream.read();
            } finally {
              streams.remove(stream);
            }
          });
      stream.watch(workers);
    } catch (RejectedExecutionException closed) {
      streams.remove(stream);
      listener.failed(notSent(request, closed));
    }
    return stream;
  }

  private static HttpException notSent(HttpRequest request, RejectedExecutionException closed) {
    return new HttpException(
        HttpException.Kind.NO_CONNECTION,
        false,
        request.label() + " was not sent: the client is closed",
        null,
        closed);
  }

  private static <T> T perform(
      HttpRequest request, Call call, Delivery delivery, ReplyReader<T> reader)
      throws HttpException {
    long start = System.nanoTime();
    HttpReply head = null;
    try (Response response = call.execute()) {
      head = new HttpReply(response.code(), decode(response.headers()), new byte[0], false);
      T result = reader.read(head.status(), head.headers(), response.body().byteStream());
      LOG.debug(
          "{} answered {} after {} ms",
          request.label(),
          head.status(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      return result;
    } catch (HttpException known) {
      throw known;
    } catch (IOException failure) {
      throw explain(request, delivery.begun(), head, failure);
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
    client.dispatcher().cancelAll();
    client.dispatcher().executorService().shutdown();
    workers.shutdown();
    try {
      // a cancelled exchange lets its connection go in a moment; only a stuck look-up takes longer
      workers.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    client.connectionPool().evictAll();
  }
}
