package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the requests of one call side by side. Not safe for use by several threads; for one
 * call only.
 *
 * <p>Each result is fetched as soon as it is there, because fal does not keep it for ever. When one
 * request fails, fal is asked to stop the others, and the exception names what is paid for already.
 */
final class FalWait {
  private static final String BACKEND = "fal";
  private static final Duration TAKING_BACK = Duration.ofSeconds(5);

  private final FalConfig config;
  private final FalQueue queue;
  private final Effects effects;
  private final Progress progress;
  private final List<Job> jobs = new ArrayList<>();
  private boolean started;

  FalWait(FalConfig config, FalQueue queue, Effects effects, Progress progress) {
    this.config = config;
    this.queue = queue;
    this.effects = effects;
    this.progress = progress;
  }

  private static final class Job {
    final FalHandle handle;
    OptionalInt ahead = OptionalInt.empty();
    @Nullable FalStatus last;
    @Nullable FalResult result;
    boolean over;

    Job(FalHandle handle) {
      this.handle = handle;
    }
  }

  /** Waits for a request that was submitted before. */
  void add(FalHandle handle) {
    jobs.add(new Job(handle));
  }

  /** Submits all of them; if one is not accepted, takes back the ones before it. */
  void submit(List<FalClient.Input> inputs, Deadline deadline) {
    for (FalClient.Input input : inputs) {
      try {
        FalHandle handle = queue.submit(input.endpoint(), input.json(), deadline);
        add(handle);
        progress.accepted(BACKEND, handle.requestId());
      } catch (RuntimeException failure) {
        throw giveUp(failure);
      }
    }
  }

  /** The results, in the order in which the requests came. */
  List<FalResult> finish(Deadline deadline) {
    try {
      Duration pause = config.polling().first();
      while (!look(deadline)) {
        if (pause.compareTo(deadline.left()) >= 0) {
          throw timeout();
        }
        effects.pause().pause(pause);
        pause = config.polling().after(pause);
      }
      return jobs.stream().map(job -> Objects.requireNonNull(job.result)).toList();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      FalException cancelled =
          new FalException(
              Reason.CANCELLED,
              "the wait for fal was cancelled by an interrupt",
              FalException.Answer.NONE,
              firstOpen().handle.requestId(),
              interrupted);
      throw giveUp(cancelled);
    } catch (RuntimeException failure) {
      throw giveUp(failure);
    }
  }

  /** Looks at each open request once; whether all are done. */
  private boolean look(Deadline deadline) {
    boolean all = true;
    for (Job job : jobs) {
      if (!job.over) {
        FalStatus status = queue.status(job.handle, deadline);
        job.last = status;
        job.over = status.state() == FalStatus.State.COMPLETED;
        tell(job, status);
        if (job.over) {
          job.result = queue.result(job.handle, Optional.of(status), deadline);
        }
      }
      all &= job.over;
    }
    return all;
  }

  private void tell(Job job, FalStatus status) {
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

  private Job firstOpen() {
    return jobs.stream().filter(job -> job.result == null).findFirst().orElse(jobs.get(0));
  }

  private FalException timeout() {
    Job open = firstOpen();
    String state = open.last == null ? "" : ", and it is " + open.last.state();
    return FalException.of(
        Reason.TIMEOUT, "fal did not finish within " + config.deadline() + state, open.handle);
  }

  /** Asks fal to stop what is open, and says in the failure what became of the others. */
  private RuntimeException giveUp(RuntimeException failure) {
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
    if (config.cancelOnGivingUp()) {
      Deadline brief = Deadline.in(TAKING_BACK, effects);
      for (Job job : open) {
        try {
          queue.cancelBriefly(job.handle, brief);
        } catch (RuntimeException notEvenThat) {
          failure.addSuppressed(notEvenThat);
        }
      }
    }
    if (!(failure instanceof FalException known)) {
      return failure;
    }
    String done = ids(jobs.stream().filter(job -> job.result != null).toList());
    String stopped = ids(open);
    FalException told = known;
    if (!done.isEmpty()) {
      told = told.adding("already completed, and billed: " + done);
    }
    if (!stopped.isEmpty()) {
      told =
          told.adding(
              (config.cancelOnGivingUp() ? "fal was asked to stop: " : "still running at fal: ")
                  + stopped);
    }
    return told;
  }

  private static String ids(List<Job> some) {
    return some.stream().map(job -> job.handle.requestId()).collect(Collectors.joining(", "));
  }
}
