package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.Effects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Time that passes only in pauses and before alarms, which it remembers. */
final class FakeTime {
  final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private long nanos;

  Effects effects() {
    return new Effects(this::nanos, this::pause, new Random(1));
  }

  /** Lets it pass for another reason. */
  synchronized void passes(Duration time) {
    nanos += time.toNanos();
  }

  private synchronized long nanos() {
    return nanos;
  }

  private synchronized void pause(Duration time) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    pauses.add(time);
    nanos += time.toNanos();
  }
}
