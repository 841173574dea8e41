package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.Threads;
import dev.fluxbridge.providers.http.Timeouts;
import dev.fluxbridge.providers.http.Uploads;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * fal's storage: makes addresses of files, for endpoints that take addresses.
 *
 * <p>Files, bytes and streams go up in memory that does not grow with them, long ones in parts; a
 * part that fails is sent again. The fal key goes to fal's REST host and never to the host that
 * takes the bytes. An upload that fails, is interrupted or runs out of time leaves nothing behind
 * here; parts of it may lie at fal, under no address that anybody has. What an upload returns is
 * public by default: who has the address can read the file, unless its {@link FalLifecycle} says
 * otherwise. Immutable and safe for use by several threads; it lives as long as its {@link
 * FalClient}.
 *
 * <p>Source: the storage protocol as fal's JavaScript and Python clients speak it.
 */
public final class FalStorage {
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final int ASIDE = 4;
  private static final String INPUT = "the upload of an input's files";

  private final Shared shared;
  private final FalUploadOptions options;

  FalStorage(
      FalConfig config,
      FalExchange exchange,
      FalCalls calls,
      Effects effects,
      InstantSource clock) {
    this(new Shared(config, exchange, calls, effects, clock), config.uploads());
  }

  private FalStorage(Shared shared, FalUploadOptions options) {
    this.shared = shared;
    this.options = options;
  }

  /** What one client has once. */
  private static final class Shared {
    final Effects effects;
    final Uploads uploads;
    final UploadRoad presigned;
    final UploadRoad token;
    final UploadMemory memory;
    final ExecutorService workers = Threads.upTo(Integer.MAX_VALUE, "fluxbridge-upload");
    final ExecutorService aside = Threads.upTo(ASIDE, "fluxbridge-upload");
    final Map<Object, CompletableFuture<?>> open = new ConcurrentHashMap<>();

    Shared(
        FalConfig config, FalExchange fal, FalCalls calls, Effects effects, InstantSource clock) {
      Timeouts timeouts = config.timeouts();
      this.effects = effects;
      // the whole of an upload is limited by its own deadline
      this.uploads =
          new Uploads(
              new Timeouts(
                  timeouts.connect(), timeouts.read(), timeouts.write(), Duration.ofDays(1)),
              config.media().loopback());
      UploadExchange exchange = new UploadExchange(config, fal, uploads, calls);
      this.presigned = new PresignedRoad(exchange);
      this.token = new TokenRoad(exchange, new CdnTokens(exchange, effects.ticker(), clock));
      this.memory = new UploadMemory(effects.ticker());
    }
  }

  /** The same storage, uploading like this. */
  public FalStorage with(FalUploadOptions other) {
    return new FalStorage(shared, other);
  }

  /** How it uploads. */
  public FalUploadOptions options() {
    return options;
  }

  /**
   * Uploads something, whether or not it was uploaded before, and returns its address.
   *
   * @throws FalException with {@code INVALID} if it cannot be read, changes meanwhile or is not as
   *     long as announced; {@code REFUSED}, {@code UNAVAILABLE}, {@code TIMEOUT}, {@code BAD_REPLY}
   *     as fal and its store answer; {@code CANCELLED} if the calling thread is interrupted
   */
  public URI upload(FalFile file) {
    return upload(file, FalUploadProgress.NONE);
  }

  /**
   * The same, watched.
   *
   * @throws FalException as {@link #upload(FalFile)} says
   */
  public URI upload(FalFile file, FalUploadProgress progress) {
    Deadline deadline = deadline();
    String what = "the upload of " + file.label();
    return waitedFor(() -> task(file, progress, deadline).run(), what, deadline);
  }

  /**
   * Uploads something on a thread of its own; four at a time, and further ones wait. Cancelling the
   * future ends the upload.
   */
  public CompletableFuture<URI> uploadAsync(FalFile file, FalUploadProgress progress) {
    Deadline deadline = deadline();
    return aside(() -> task(file, progress, deadline).run());
  }

  /**
   * The JSON text of an input, whose files are uploaded and stand in it as addresses. The same file
   * goes up once for each client: bytes are the same if they are equal, files if path, length and
   * time of change are, streams never. What is used again is at most a day old, and at most half as
   * old as fal keeps it where the options say how long that is.
   *
   * @throws FalException with {@code INVALID}, before anything is sent, if something in it is
   *     neither JSON nor a file that can be read; else as {@link #upload(FalFile)} says
   */
  public String json(FalInput input) {
    Deadline deadline = deadline();
    return waitedFor(() -> resolved(input, deadline), INPUT, deadline);
  }

  /** The same on a thread of its own, as {@link #uploadAsync} says. */
  public CompletableFuture<String> jsonAsync(FalInput input) {
    Deadline deadline = deadline();
    return aside(() -> resolved(input, deadline));
  }

  private String resolved(FalInput input, Deadline deadline) throws InterruptedException {
    InputJson json = InputJson.of(input, options.inlineUpTo());
    List<InputJson.Slot> slots = json.slots();
    if (slots.isEmpty()) {
      return json.text();
    }
    ExecutorService senders = Threads.upTo(ASIDE, "fluxbridge-upload");
    try {
      var done = new ExecutorCompletionService<URI>(senders);
      IdentityHashMap<Future<URI>, InputJson.Slot> sending = new IdentityHashMap<>();
      for (InputJson.Slot slot : slots) {
        sending.put(done.submit(() -> uploadedOnce(slot.file(), deadline)), slot);
      }
      for (int i = 0; i < slots.size(); i++) {
        Future<URI> next = done.take();
        Objects.requireNonNull(sending.get(next)).fill(next.get().toString());
      }
      return json.text();
    } catch (ExecutionException failure) {
      throw unwrapped(failure.getCause(), INPUT);
    } finally {
      // where one failed, the others are cancelled
      senders.shutdownNow();
    }
  }

  private URI uploadedOnce(FalFile file, Deadline deadline)
      throws InterruptedException, TimeoutException {
    var identity = UploadMemory.identity(file.content());
    if (identity.isEmpty()) {
      return task(file, FalUploadProgress.NONE, deadline).run();
    }
    UploadMemory.Key key =
        new UploadMemory.Key(identity.get(), UploadTask.cargo(file, options), options.route());
    return shared.memory.once(
        key,
        options.lifecycle().expiration(),
        deadline,
        () -> task(file, FalUploadProgress.NONE, deadline).run());
  }

  private UploadTask task(FalFile file, FalUploadProgress progress, Deadline deadline) {
    UploadRoad road =
        switch (options.route()) {
          case PRESIGNED -> shared.presigned;
          case CDN_TOKEN -> shared.token;
        };
    return new UploadTask(road, options, file, progress, deadline);
  }

  private Deadline deadline() {
    return Deadline.in(options.deadline(), shared.effects);
  }

  /**
   * Does it on another thread: the reading of a file or stream sees neither clock nor interrupt.
   */
  private <T> T waitedFor(Callable<T> work, String what, Deadline deadline) {
    FutureTask<T> task = new FutureTask<>(work);
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      shared.workers.execute(task);
      return task.get(deadline.left().plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw FalException.of(
          Reason.CANCELLED,
          what
              + " was cancelled by an interrupt; parts of it may lie at fal, under no address that"
              + " anybody has");
    } catch (TimeoutException late) {
      task.cancel(true);
      throw late(what);
    } catch (RejectedExecutionException closed) {
      throw closed(what);
    } catch (ExecutionException failure) {
      throw unwrapped(failure.getCause(), what);
    }
  }

  private static FalException late(String what) {
    return FalException.of(
        Reason.TIMEOUT,
        what + " took too long; parts of it may lie at fal, under no address that anybody has");
  }

  private static FalException closed(String what) {
    return FalException.of(Reason.UNAVAILABLE, what + " did not begin: the client is closed");
  }

  private static RuntimeException unwrapped(@Nullable Throwable failure, String what) {
    if (failure instanceof TimeoutException) {
      return late(what);
    }
    if (failure instanceof InterruptedException) {
      return FalException.of(Reason.CANCELLED, what + " was cancelled");
    }
    if (failure instanceof RuntimeException known) {
      return known;
    }
    if (failure instanceof Error defect) {
      throw defect;
    }
    return new IllegalStateException(failure);
  }

  private <T> CompletableFuture<T> aside(Callable<T> work) {
    String what = "an upload";
    CompletableFuture<T> future = new CompletableFuture<>();
    Object ticket = new Object();
    shared.open.put(ticket, future);
    try {
      Future<?> running =
          shared.aside.submit(
              () -> {
                try {
                  future.complete(work.call());
                } catch (Throwable failure) {
                  future.completeExceptionally(
                      failure instanceof Error ? failure : unwrapped(failure, what));
                }
              });
      var unused =
          future.whenComplete(
              (result, failure) -> {
                shared.open.remove(ticket);
                running.cancel(true);
              });
    } catch (RejectedExecutionException closed) {
      shared.open.remove(ticket);
      future.completeExceptionally(closed(what));
    }
    return future;
  }

  /** Tells how it uploads. */
  @Override
  public String toString() {
    return "FalStorage[" + options + "]";
  }

  /** Ends what is under way and gives connections and threads back. */
  void close() {
    shared.workers.shutdownNow();
    shared.aside.shutdownNow();
    shared.open.values().forEach(future -> future.completeExceptionally(closed("an upload")));
    shared.uploads.close();
  }
}
