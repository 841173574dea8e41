package dev.fluxbridge.providers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadsTest {
  private final ThreadPoolExecutor pool = Threads.upTo(2, "test-pool");

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  @Test
  void doesAllWorkOnNoMoreThreadsThanItMayHave() throws Exception {
    CountDownLatch done = new CountDownLatch(1000);
    for (int i = 0; i < 1000; i++) {
      pool.execute(done::countDown);
    }

    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(pool.getLargestPoolSize()).isLessThanOrEqualTo(2);
  }

  @Test
  void startsItsThreadsAsDaemonsOfThatName() throws Exception {
    Thread worker = pool.submit(Thread::currentThread).get();

    assertThat(worker.isDaemon()).isTrue();
    assertThat(worker.getName()).isEqualTo("test-pool");
  }

  @Test
  void refusesWorkOnceItIsShut() {
    pool.shutdown();

    assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
  }
}
