package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.Effects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Time that passes only in pauses, which it remembers. */
final class FakeTime {
  final List<Duration> pauses = new ArrayList<>();
  private long nanos;

  Effects effects() {
    return new Effects(() -> nanos, this::pause, new Random(1));
  }

  private void pause(Duration time) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    pauses.add(time);
    nanos += time.toNanos();
  }
}
