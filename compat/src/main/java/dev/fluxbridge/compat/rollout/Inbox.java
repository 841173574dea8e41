package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.Task;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What callers' threads leave for the controller. Lock-free; bounded: what does not fit any more is
 * dropped and counted. Safe for use by several threads, and emptied by one.
 */
final class Inbox {
  /** At ten thousand calls a second, what ten seconds bring. */
  static final int CAPACITY = 100_000;

  private final ConcurrentLinkedQueue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final AtomicInteger dropped = new AtomicInteger();

  /** Something that was seen. */
  sealed interface Seen {}

  /** A call ended. */
  record Ended(Outcome outcome) implements Seen {}

  /** A picture was compared with the old road's. */
  record Compared(Task task, String backend, double distance) implements Seen {}

  /** Two pictures of the old road were compared. */
  record Repeated(Task task, String backend, double distance) implements Seen {}

  /** A mismatch was recorded. */
  record Differed(Mismatch mismatch) implements Seen {}

  /**
   * @param nanos when, by the steady clock
   */
  record Entry(long nanos, Seen seen) {}

  void put(long nanos, Seen seen) {
    if (size.incrementAndGet() > CAPACITY) {
      size.decrementAndGet();
      dropped.incrementAndGet();
      return;
    }
    entries.add(new Entry(nanos, seen));
  }

  void drain(Consumer<Entry> to) {
    for (Entry entry = entries.poll(); entry != null; entry = entries.poll()) {
      size.decrementAndGet();
      to.accept(entry);
    }
  }

  /** How many were dropped since this was asked last. */
  int dropped() {
    return dropped.getAndSet(0);
  }
}
