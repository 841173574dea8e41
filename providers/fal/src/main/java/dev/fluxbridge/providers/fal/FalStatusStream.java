package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.EventStream;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.ServerSentEvent;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears fal tell where a request stands, as steps of the call. However the stream ends, that is no
 * failure: the request can still be asked for.
 *
 * <p>Source: the status stream as fal documents it; an event is a status.
 */
final class FalStatusStream implements EventStream.Listener {
  private final FalCall call;
  private final Consumer<FalStatus> each;
  private final CompletableFuture<Optional<FalStatus>> over = new CompletableFuture<>();
  private volatile @Nullable EventStream stream;

  FalStatusStream(FalCall call, Consumer<FalStatus> each) {
    this.call = call;
    this.each = each;
  }

  /** The status that says that the request is over; empty if the stream did not say that. */
  CompletableFuture<Optional<FalStatus>> over() {
    return over;
  }

  @Override
  public void opened(EventStream opened, HttpReply head) {
    stream = opened;
    opened.request(1);
  }

  @Override
  public void event(ServerSentEvent event) {
    Optional<FalStatus> status = Json.read(event.data()).map(FalQueue::status);
    call.step(() -> status.ifPresentOrElse(this::heard, this::next));
  }

  private void heard(FalStatus status) {
    try {
      each.accept(status);
    } catch (RuntimeException thrown) {
      over.completeExceptionally(thrown);
      close();
      return;
    }
    if (status.state() == FalStatus.State.COMPLETED) {
      over.complete(Optional.of(status));
      close();
    } else {
      next();
    }
  }

  /** One event at a time: a watcher that is slow slows the stream, and no list of events grows. */
  private void next() {
    if (stream != null) {
      stream.request(1);
    }
  }

  private void close() {
    if (stream != null) {
      stream.close();
    }
  }

  @Override
  public void answered(HttpReply reply) {
    call.step(() -> over.complete(Optional.empty()));
  }

  @Override
  public void ended(boolean midEvent) {
    call.step(() -> over.complete(Optional.empty()));
  }

  @Override
  public void failed(HttpException failure) {
    call.step(() -> over.complete(Optional.empty()));
  }
}
