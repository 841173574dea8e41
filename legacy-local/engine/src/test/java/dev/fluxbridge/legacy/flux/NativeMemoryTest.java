package dev.fluxbridge.legacy.flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is native is freed: after every call, after every failure, and after closing. */
@Timeout(60)
class NativeMemoryTest {

  @Test
  void keepsNothingOfThirtyDrawings() throws ReflectiveOperationException {
    try (FluxEngine engine = load()) {
      engine.draw(SmallCalls.of(2), StepWatcher.NONE);
      int before = resources(engine.manager());
      for (int i = 0; i < 30; i++) {
        engine.draw(SmallCalls.of(2), StepWatcher.NONE);
      }
      assertThat(before).isPositive();
      assertThat(resources(engine.manager())).isEqualTo(before);
    }
  }

  @Test
  void keepsNothingOfADrawingThatFailed() throws ReflectiveOperationException {
    try (FluxEngine engine = load()) {
      int before = resources(engine.manager());
      assertThatThrownBy(
              () ->
                  engine.draw(
                      SmallCalls.of(2),
                      stepped(
                          () -> {
                            throw new IllegalStateException("had enough");
                          })))
          .hasMessage("had enough");
      assertThat(resources(engine.manager())).isEqualTo(before);
    }
  }

  @Test
  void freesEverythingWhenClosed() throws ReflectiveOperationException {
    FluxEngine engine = load();
    engine.close();
    engine.close();
    assertThat(engine.manager().isOpen()).isFalse();
    assertThat(resources(engine.manager())).isZero();
    assertThatThrownBy(() -> engine.draw(SmallCalls.of(1), StepWatcher.NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void closingCancelsACallOnAnotherThreadAtItsNextStep() throws InterruptedException {
    FluxEngine engine = load();
    CountDownLatch drawing = new CountDownLatch(1);
    CompletableFuture<Drawing> call =
        CompletableFuture.supplyAsync(
            () -> engine.draw(SmallCalls.of(50_000), stepped(drawing::countDown)));
    assertThat(drawing.await(30, TimeUnit.SECONDS)).isTrue();
    engine.close();
    assertThat(engine.manager().isOpen()).isFalse();
    assertThatThrownBy(call::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(DrawingCancelledException.class);
  }

  @Test
  void closingFromAWatcherCancelsItsOwnCall() {
    FluxEngine engine = load();
    assertThatThrownBy(() -> engine.draw(SmallCalls.of(3), stepped(engine::close)))
        .isInstanceOf(DrawingCancelledException.class);
    assertThat(engine.manager().isOpen()).isFalse();
  }

  @Test
  void interruptingTheThreadCancelsItsCallAndLeavesTheFlagSet() {
    try (FluxEngine engine = load()) {
      assertThatThrownBy(
              () ->
                  engine.draw(SmallCalls.of(3), stepped(() -> Thread.currentThread().interrupt())))
          .isInstanceOf(DrawingCancelledException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(engine.draw(SmallCalls.of(1), StepWatcher.NONE).pictures()).hasSize(1);
    }
  }

  @Test
  void drawsRightOnManyThreadsAtOnce() throws Exception {
    float[] alone =
        EmbeddedEngine.ENGINE.draw(SmallCalls.of(3), StepWatcher.NONE).pictures().get(0).values();
    List<CompletableFuture<Drawing>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(
          CompletableFuture.supplyAsync(
              () -> EmbeddedEngine.ENGINE.draw(SmallCalls.of(3), StepWatcher.NONE)));
    }
    for (CompletableFuture<Drawing> call : calls) {
      assertThat(call.get(30, TimeUnit.SECONDS).pictures().get(0).values()).containsExactly(alone);
    }
  }

  private static FluxEngine load() {
    return FluxEngine.load(EmbeddedCheckpoint.folder());
  }

  private static StepWatcher stepped(Runnable action) {
    return new StepWatcher() {
      @Override
      public Map<String, Floats> stepped(Step step) {
        action.run();
        return Map.of();
      }
    };
  }

  /** Everything that a manager would have to free: arrays, managers below it, tokenizers. */
  private static int resources(NDManager manager) throws ReflectiveOperationException {
    var field = BaseNDManager.class.getDeclaredField("resources");
    field.setAccessible(true);
    return ((Map<?, ?>) field.get(manager)).size();
  }
}
