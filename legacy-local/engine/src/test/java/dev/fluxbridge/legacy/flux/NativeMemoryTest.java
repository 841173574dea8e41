package dev.fluxbridge.legacy.flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.OtherProcess;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.kernels.DeviceMemoryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is native is freed: after every call, after every failure, and after closing. */
@Timeout(60)
class NativeMemoryTest {
  /** For compiled code and the like; one of the decoder's widest arrays a call would be 25 MiB. */
  private static final int MOST_KIBIBYTES = 16 * 1024;

  @Test
  @Timeout(300)
  void keepsNothingOfTwoHundredDrawings() throws IOException {
    Process process =
        OtherProcess.start(
            TwoHundredDrawings.class,
            Map.of(
                "JAVA_TOOL_OPTIONS", "-Xms96m -Xmx96m -XX:+AlwaysPreTouch -XX:+UseSerialGC",
                "MALLOC_ARENA_MAX", "1"),
            System.getProperty("fluxbridge.local.cache", ""));
    String output = OtherProcess.output(process);
    Matcher grown = Pattern.compile("grew by (-?\\d+) arrays and (-?\\d+) KiB").matcher(output);
    assertThat(grown.find()).as(output).isTrue();
    assertThat(Integer.parseInt(grown.group(1))).isZero();
    assertThat(Integer.parseInt(grown.group(2))).isLessThan(MOST_KIBIBYTES);
  }

  @Test
  void keepsNothingOfADrawingThatFailed() throws ReflectiveOperationException {
    try (FluxEngine engine = load()) {
      int before = TwoHundredDrawings.resources(engine.manager());
      assertThatThrownBy(
              () ->
                  engine.draw(
                      SmallCalls.of(2),
                      stepped(
                          () -> {
                            throw new IllegalStateException("had enough");
                          })))
          .hasMessage("had enough");
      assertThat(TwoHundredDrawings.resources(engine.manager())).isEqualTo(before);
    }
  }

  @Test
  void freesEverythingWhenClosed() throws ReflectiveOperationException {
    FluxEngine engine = load();
    engine.close();
    engine.close();
    assertThat(engine.manager().isOpen()).isFalse();
    assertThat(TwoHundredDrawings.resources(engine.manager())).isZero();
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
  void saysSoWhereMemoryIsShortAndDrawsAgain() throws ReflectiveOperationException {
    try (FluxEngine engine = load()) {
      int before = TwoHundredDrawings.resources(engine.manager());
      Shape petabyte = new Shape(1L << 48);
      assertThatThrownBy(
              () ->
                  engine.draw(
                      SmallCalls.of(2), stepped(() -> engine.manager().zeros(petabyte).close())))
          .isInstanceOf(DeviceMemoryException.class)
          .hasMessageStartingWith("there is not enough memory for this call: ")
          .hasMessageContaining("VAE slicing and tiling");
      assertThat(TwoHundredDrawings.resources(engine.manager())).isEqualTo(before);
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
}
