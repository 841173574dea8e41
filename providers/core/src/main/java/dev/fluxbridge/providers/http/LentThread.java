package dev.fluxbridge.providers.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * A caller's thread while it does an exchange itself.
 *
 * <p>It hangs in reads that see neither an interrupt nor the clock, so the timer looks at all such
 * threads every few milliseconds and ends the exchanges of those that were interrupted or are late.
 * That costs less than to hand each exchange to another thread and to be woken by it.
 */
final class LentThread {
  private static final Duration GLANCE = Duration.ofMillis(10);

  private static final ThreadLocal<@Nullable LentThread> HERE = new ThreadLocal<>();
  private static final Set<LentThread> ALL = ConcurrentHashMap.newKeySet();
  private static final AtomicBoolean WATCHED = new AtomicBoolean();

  private final Thread thread = Thread.currentThread();
  private final @Nullable LentThread outer = HERE.get();
  private final Exchange<?> exchange;
  private final long end;

  private LentThread(Exchange<?> exchange, long end) {
    this.exchange = exchange;
    this.end = end;
  }

  /** Lends the calling thread until it is given back. */
  static LentThread to(Exchange<?> exchange, Duration limit) {
    LentThread lent = new LentThread(exchange, System.nanoTime() + limit.toNanos());
    HERE.set(lent);
    ALL.add(lent);
    watch();
    return lent;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it looks again and again until there is nobody
  private static void watch() {
    if (WATCHED.compareAndSet(false, true)) {
      Effects.Alarm.system().after(GLANCE, LentThread::glance);
    }
  }

  private static void glance() {
    try {
      ALL.forEach(LentThread::look);
    } finally {
      WATCHED.set(false);
      if (!ALL.isEmpty()) {
        watch();
      }
    }
  }

  private void look() {
    if (thread.isInterrupted()) {
      exchange.cancel(Exchange.INTERRUPTED);
    } else if (System.nanoTime() - end >= 0) {
      exchange.timeUp();
    }
  }

  void giveBack() {
    ALL.remove(this);
    // whoever watches an upload may do an exchange of its own in the middle of it
    HERE.set(outer);
  }

  /** Looks names up on another thread, because nothing ends a look-up before its time. */
  record LookUps(Dns dns, Executor threads) implements Dns {
    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
      LentThread here = HERE.get();
      return here == null ? dns.lookup(host) : here.lookUp(this, host);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private List<InetAddress> lookUp(LookUps lookUps, String host) throws UnknownHostException {
    CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
    try {
      lookUps.threads.execute(
          () -> {
            try {
              found.complete(lookUps.dns.lookup(host));
            } catch (IOException | RuntimeException failure) {
              found.completeExceptionally(failure);
            }
          });
    } catch (RejectedExecutionException closed) {
      found.cancel(false);
    }
    exchange.future().whenComplete((result, failure) -> found.cancel(false));
    try {
      return found.get();
    } catch (InterruptedException interrupted) {
      thread.interrupt();
      exchange.cancel(Exchange.INTERRUPTED);
    } catch (CancellationException over) {
      // whoever cancelled has said why
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      if (failure.getCause() instanceof RuntimeException defect) {
        throw defect;
      }
    }
    throw new UnknownHostException(host);
  }
}
