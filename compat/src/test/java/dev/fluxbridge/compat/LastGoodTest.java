package dev.fluxbridge.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LastGoodTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger value = new AtomicInteger(1);
  private final AtomicInteger readings = new AtomicInteger();
  private final List<String> alarms = new ArrayList<>();

  private int read() {
    readings.incrementAndGet();
    if (value.get() < 0) {
      throw new IllegalArgumentException("less than nothing");
    }
    return value.get();
  }

  private void second() {
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void readsAnewOnceASecondAndNotAtEachLook() {
    LastGood<Integer> rules = new LastGood<>(this::read, nanos::get, alarms::add);
    value.set(2);
    assertThat(rules.get()).isEqualTo(1);
    second();
    assertThat(rules.get()).isEqualTo(2);
    assertThat(rules.get()).isEqualTo(2);
    assertThat(readings).hasValue(2);
  }

  @Test
  void keepsTheLastGoodOnesAndTellsOnce() {
    LastGood<Integer> rules = new LastGood<>(this::read, nanos::get, alarms::add);
    value.set(-1);
    for (int i = 0; i < 3; i++) {
      second();
      assertThat(rules.get()).isEqualTo(1);
    }
    assertThat(alarms).containsExactly("less than nothing. What was said before goes on");
    value.set(3);
    second();
    assertThat(rules.get()).isEqualTo(3);
  }

  @Test
  void rulesThatNeverMadeSenseAreAnErrorAtOnce() {
    value.set(-1);
    assertThatThrownBy(() -> new LastGood<>(this::read, nanos::get, alarms::add))
        .hasMessage("less than nothing");
  }
}
