package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.HttpRequest;
import java.net.URI;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of one request as the endpoint makes them: JSON texts, of which the last is the
 * result.
 *
 * <p>It is read in one way, once: by a loop, by a {@link Flow.Subscriber}, or to its end for the
 * result alone. No more is fetched than is asked for. The request was sent once and is never sent
 * again (but to the backup host, where no connection to the first came about): fal neither queues
 * nor keeps it, so what breaks off is lost, and may be billed. Safe for use by several threads.
 * Close it, unless it was read to its end.
 */
public final class FalStream implements Iterable<String>, Flow.Publisher<String>, AutoCloseable {
  private final FalStreamReading reading;

  FalStream(FalStreamReading reading) {
    this.reading = reading;
  }

  static FalStream open(
      FalConfig config,
      FalExchange exchange,
      EndpointId endpoint,
      String json,
      FalOptions options,
      FalStreamLimits limits,
      Deadline deadline) {
    String path = "/" + endpoint;
    String at = path.endsWith("/stream") ? path : path + "/stream";
    String what = "the stream from " + at.substring(1);
    if (Json.read(json).isEmpty()) {
      throw FalException.of(
          Reason.INVALID, what + " takes a JSON object as its input; nothing was sent");
    }
    URI uri = FalHosts.at(config.hosts().run(), at);
    HttpRequest request =
        options.on(HttpRequest.postJson(uri, json.getBytes(UTF_8)), FalVerb.STREAM);
    FalStreamReading reading = new FalStreamReading(exchange, what);
    config
        .hosts()
        .onBackup(request.uri())
        .ifPresent(
            other ->
                reading.backedBy(
                    () -> exchange.events(request.to(other), limits.http(), deadline, reading)));
    reading.sent(exchange.events(request, limits.http(), deadline, reading));
    return new FalStream(reading);
  }

  /**
   * The outputs, each waited for by the thread that asks for it.
   *
   * @return an iterator whose methods throw {@link FalException} where the stream fails: with
   *     {@code AMBIGUOUS} where it broke off and may be billed, with {@code TIMEOUT}, with {@code
   *     CANCELLED} after an interrupt or a close, or with what fal said
   * @throws IllegalStateException if it is read already
   */
  @Override
  public Iterator<String> iterator() {
    Pull pull = new Pull();
    if (!reading.claim(pull)) {
      throw readAlready();
    }
    reading.start();
    return pull;
  }

  /**
   * Hands the outputs to a subscriber as it asks for them, on a thread of the client. A second one
   * is told an {@link IllegalStateException}: the request is not sent twice.
   */
  @Override
  public void subscribe(Flow.Subscriber<? super String> subscriber) {
    Push push = new Push(subscriber);
    boolean first = reading.claim(push);
    push.cancelled = !first;
    subscriber.onSubscribe(push);
    if (first) {
      reading.start();
    } else {
      subscriber.onError(readAlready());
    }
  }

  /**
   * The last output, waited for. Reads the stream to its end, unless something else does.
   *
   * @throws FalException as {@link #iterator} says
   */
  public String result() {
    try {
      return resultAsync().get();
    } catch (InterruptedException interrupted) {
      throw interrupted();
    } catch (CancellationException cancelled) {
      throw reading.cancelled("was cancelled", cancelled);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }

  /**
   * The last output, when it is there. Reads the stream to its end, unless something else does.
   *
   * @return fails with a {@link FalException} as {@link #iterator} says; cancelling it closes the
   *     stream
   */
  public CompletableFuture<String> resultAsync() {
    if (reading.claim(new Drain())) {
      reading.start();
      reading.ask(Long.MAX_VALUE);
    }
    return reading.last();
  }

  /** fal's id of the request, from the moment that it begins to answer; it is not a queue's. */
  public Optional<String> requestId() {
    return Optional.ofNullable(reading.requestId());
  }

  /** What fal sent before the outputs; empty until it begins to answer. */
  public FalHeaders headers() {
    return reading.headers();
  }

  /** Ends it at once. fal may go on, and bill it. */
  @Override
  public void close() {
    reading.close();
  }

  /** Names the endpoint and shows nothing of input and outputs. */
  @Override
  public String toString() {
    return "FalStream[" + reading + "]";
  }

  private FalException interrupted() {
    reading.close();
    Thread.currentThread().interrupt();
    return reading.cancelled("was cancelled by an interrupt", null);
  }

  private static IllegalStateException readAlready() {
    return new IllegalStateException("the stream is read already");
  }

  /** The end of a stream. */
  private record End(@Nullable RuntimeException failure) {}

  private final class Pull implements Iterator<String>, FalStreamReading.Taker {
    // never more than one output, because only one is asked for, and the end
    private final BlockingQueue<Object> came = new LinkedBlockingQueue<>();
    private @Nullable Object head;

    @Override
    public void next(String json) {
      came.add(json);
    }

    @Override
    public void over(@Nullable RuntimeException failure) {
      came.add(new End(failure));
    }

    @Override
    public boolean hasNext() {
      if (head == null) {
        reading.ask(1);
        try {
          head = came.take();
        } catch (InterruptedException interrupted) {
          throw interrupted();
        }
      }
      if (head instanceof End end && end.failure() != null) {
        throw end.failure();
      }
      return head instanceof String;
    }

    @Override
    public String next() {
      if (!hasNext() || !(head instanceof String json)) {
        throw new NoSuchElementException("the stream is at its end");
      }
      head = null;
      return json;
    }
  }

  private final class Push implements Flow.Subscription, FalStreamReading.Taker {
    private final Flow.Subscriber<? super String> subscriber;
    private volatile boolean cancelled;

    Push(Flow.Subscriber<? super String> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long more) {
      if (cancelled) {
        return;
      }
      if (more < 1) {
        reading.end(new IllegalArgumentException("ask for at least one output"));
        reading.close();
      } else {
        reading.ask(more);
      }
    }

    @Override
    public void cancel() {
      if (!cancelled) {
        cancelled = true;
        reading.close();
      }
    }

    @Override
    public void next(String json) {
      if (!cancelled) {
        subscriber.onNext(json);
      }
    }

    @Override
    public void over(@Nullable RuntimeException failure) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      if (failure == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(failure);
      }
    }
  }

  private static final class Drain implements FalStreamReading.Taker {
    @Override
    public void next(String json) {
      // the reading keeps the last one
    }

    @Override
    public void over(@Nullable RuntimeException failure) {
      // the future tells it
    }
  }
}
