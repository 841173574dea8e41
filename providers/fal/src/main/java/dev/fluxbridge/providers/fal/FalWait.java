package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.http.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the requests of one call side by side, and keeps no thread for it. For one call only;
 * touched by the steps of that call alone.
 *
 * <p>Each result is fetched as soon as it is there, because fal does not keep it for ever. When one
 * request fails, fal is asked to stop the others, and the exception names what is paid for already.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends the call's own future
final class FalWait {
  private static final String BACKEND = "fal";
  static final Duration TAKING_BACK = Duration.ofSeconds(5);

  private final FalConfig config;
  private final FalQueue queue;
  private final FalCall call;
  private final Progress progress;
  private final Duration allowed;
  private final List<Job> jobs = new ArrayList<>();
  private final CompletableFuture<List<FalResult>> done = new CompletableFuture<>();
  private boolean started;

  FalWait(FalConfig config, FalQueue queue, FalCall call, Progress progress) {
    this.config = config;
    this.queue = queue;
    this.call = call;
    this.progress = progress;
    this.allowed = call.deadline().left();
  }

  private static final class Job {
    final FalHandle handle;
    final FalLogs logs = new FalLogs();
    OptionalInt ahead = OptionalInt.empty();
    @Nullable FalStatus last;
    @Nullable FalResult result;
    boolean over;

    Job(FalHandle handle) {
      this.handle = handle;
    }
  }

  /** Waits for a request that was submitted before. */
  CompletableFuture<List<FalResult>> resume(FalHandle handle) {
    jobs.add(new Job(handle));
    watch();
    return done;
  }

  /**
   * Submits all of them and waits; if one is not accepted, takes back the ones before it.
   *
   * @return the results, in the order in which the requests came
   */
  CompletableFuture<List<FalResult>> submit(List<FalClient.Input> inputs) {
    each(inputs.iterator(), this::submit)
        .whenComplete(
            (all, failure) -> {
              if (failure == null) {
                watch();
              } else {
                giveUp(FalCall.cause(failure));
              }
            });
    return done;
  }

  private CompletableFuture<Void> submit(FalClient.Input input) {
    return queue
        .submit(input, call)
        .thenAccept(
            handle -> {
              jobs.add(new Job(handle));
              progress.accepted(BACKEND, handle.requestId());
            });
  }

  /** One after the other. */
  private static <E> CompletableFuture<Void> each(
      Iterator<E> elements, Function<E, CompletableFuture<Void>> step) {
    if (!elements.hasNext()) {
      return CompletableFuture.completedFuture(null);
    }
    E element = elements.next();
    return FalCall.begin(() -> step.apply(element)).thenCompose(done -> each(elements, step));
  }

  /** Listens, if so configured and for one request only; else, or after that, asks. */
  private void watch() {
    if (!config.polling().listening() || jobs.size() != 1) {
      look(config.polling().first());
      return;
    }
    Job job = jobs.get(0);
    FalCall.begin(() -> queue.listen(job.handle, logs(), call, status -> tell(job, status)))
        .thenCompose(
            over ->
                over.isPresent() ? fetch(job, over.get()) : CompletableFuture.completedFuture(null))
        .thenRun(() -> goOn(config.polling().first()))
        .exceptionally(this::failed);
  }

  /** Looks at each open request once, and again after this pause. */
  private void look(Duration pause) {
    List<Job> open = jobs.stream().filter(job -> !job.over).toList();
    each(open.iterator(), this::look)
        .thenRun(
            () -> {
              stopIfAsked();
              if (jobs.stream().anyMatch(job -> !job.over)
                  && pause.compareTo(call.deadline().left()) >= 0) {
                throw timeout();
              }
              goOn(pause);
            })
        .exceptionally(this::failed);
  }

  private void goOn(Duration pause) {
    if (jobs.stream().allMatch(job -> job.over)) {
      done.complete(jobs.stream().map(job -> Objects.requireNonNull(job.result)).toList());
    } else {
      call.pause(pause).thenRun(() -> look(config.polling().after(pause)));
    }
  }

  private @Nullable Void failed(Throwable failure) {
    giveUp(FalCall.cause(failure));
    return null;
  }

  private CompletableFuture<Void> look(Job job) {
    stopIfAsked();
    return queue
        .status(job.handle, logs(), call)
        .thenCompose(
            status -> {
              tell(job, status);
              return job.over ? fetch(job, status) : CompletableFuture.completedFuture(null);
            });
  }

  private CompletableFuture<Void> fetch(Job job, FalStatus status) {
    return queue
        .result(job.handle, Optional.of(status), call)
        .thenAccept(result -> job.result = result);
  }

  private boolean logs() {
    return progress instanceof FalProgress;
  }

  private void tell(Job job, FalStatus status) {
    job.last = status;
    job.over = status.state() == FalStatus.State.COMPLETED;
    if (progress instanceof FalProgress watching) {
      job.logs.fresh(status.logs()).forEach(line -> watching.logged(job.handle, line));
    }
    if (status.state() == FalStatus.State.IN_QUEUE) {
      OptionalInt ahead = status.queuePosition();
      if (ahead.isPresent() && !ahead.equals(job.ahead)) {
        progress.queued(ahead.getAsInt());
      }
      job.ahead = ahead;
    } else if (status.state() != FalStatus.State.UNKNOWN && !started) {
      started = true;
      progress.started();
    }
  }

  private void stopIfAsked() {
    call.stopped()
        .ifPresent(
            stop -> {
              throw FalException.of(
                  Reason.CANCELLED, "the wait for fal " + stop.how(), firstOpen().handle);
            });
  }

  private Job firstOpen() {
    return jobs.stream().filter(job -> job.result == null).findFirst().orElse(jobs.get(0));
  }

  private FalException timeout() {
    Job open = firstOpen();
    String state = open.last == null ? "" : ", and it is " + open.last.state();
    return FalException.of(
        Reason.TIMEOUT, "fal did not finish within " + allowed + state, open.handle);
  }

  /** Asks fal to stop what is open, and says in the failure what became of the others. */
  private void giveUp(Throwable failure) {
    String failed = failure instanceof FalException known ? known.requestId().orElse("") : "";
    boolean own =
        failure instanceof FalException known
            && known.reason() != Reason.TIMEOUT
            && known.reason() != Reason.CANCELLED;
    List<Job> open =
        jobs.stream()
            .filter(job -> !job.over)
            // its own request broke off in a way that a later look may mend: leave it running
            .filter(job -> !(own && job.handle.requestId().equals(failed)))
            .toList();
    boolean tell =
        config.cancelOnGivingUp() && call.stopped().map(FalCall.Stop::tellFal).orElse(true);
    FalCall brief = call.after(Deadline.in(TAKING_BACK, call.effects()));
    each((tell ? open : List.<Job>of()).iterator(), job -> takeBack(job, brief, failure))
        .whenComplete(
            (all, impossible) ->
                done.completeExceptionally(
                    failure instanceof FalException known ? told(known, open, tell) : failure));
  }

  private CompletableFuture<Void> takeBack(Job job, FalCall brief, Throwable failure) {
    return FalCall.begin(() -> queue.cancelBriefly(job.handle, brief))
        .handle(
            (outcome, notEvenThat) -> {
              if (notEvenThat != null) {
                failure.addSuppressed(FalCall.cause(notEvenThat));
              }
              return null;
            });
  }

  private FalException told(FalException known, List<Job> open, boolean tell) {
    String done = ids(jobs.stream().filter(job -> job.result != null).toList());
    String stopped = ids(open);
    FalException told = known;
    if (!done.isEmpty()) {
      told = told.adding("already completed, and billed: " + done);
    }
    if (!stopped.isEmpty()) {
      told = told.adding((tell ? "fal was asked to stop: " : "still running at fal: ") + stopped);
    }
    return told;
  }

  private static String ids(List<Job> some) {
    return some.stream().map(job -> job.handle.requestId()).collect(Collectors.joining(", "));
  }
}
