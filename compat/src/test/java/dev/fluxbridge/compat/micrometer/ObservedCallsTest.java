package dev.fluxbridge.compat.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.compat.CallObserver;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObservedCallsTest {
  private static final String SECRET = "a prompt that nobody may read";
  private static final FluxArguments CALL =
      new FluxArguments().prompt(SECRET).height(1024).width(1024);

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final ObservationRegistry registry = ObservationRegistry.create();
  private final List<Observation.Context> stopped = new ArrayList<>();

  ObservedCallsTest() {
    registry
        .observationConfig()
        .observationHandler(new DefaultMeterObservationHandler(meters))
        .observationHandler(new Watching());
  }

  /** What a tracer would see. */
  private final class Watching implements ObservationHandler<Observation.Context> {
    @Override
    public void onStop(Observation.Context context) {
      stopped.add(context);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  private Fluxbridge roads(Settings settings) {
    return Fluxbridge.builder(settings).observer(new ObservedCalls(registry)).build();
  }

  private static void draw(Fluxbridge roads) {
    assertThat(
            FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads).call(CALL).images())
        .hasSize(1);
  }

  private static void drawLatents(Fluxbridge roads) {
    FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads)
        .call(CALL.outputType("latent"));
  }

  private static Decision decision(String backend) {
    return new Decision(Task.INPAINT, backend, Cause.SPLIT, "a file says so");
  }

  @Test
  void aCallIsTimedUnderItsTaskItsRoadAndItsCause() {
    try (FalOnLoopback fal = new FalOnLoopback();
        Fluxbridge roads = roads(fal.settings(Map.of()))) {
      draw(roads);
    }
    Timer timer =
        meters
            .get(ObservedCalls.CALL)
            .tags("task", "text-to-image", "backend", "fal", "cause", "flag", "outcome", "ok")
            .tags("shadow", "none", "fell-back-from", "none", "phase", "1", "error", "none")
            .timer();
    assertThat(timer.count()).isEqualTo(1);
    assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isPositive();
    assertThat(stopped)
        .singleElement()
        .satisfies(
            context -> {
              assertThat(high(context)).containsEntry("request-ids", "r-1").containsKey("model");
              assertThat(context.getAllKeyValues().toString())
                  .doesNotContain(SECRET, "loopback:key");
            });
  }

  private static Map<String, String> high(Observation.Context context) {
    return context.getHighCardinalityKeyValues().stream()
        .collect(java.util.stream.Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
  }

  @Test
  void aCallThatFailsIsTimedUnderTheReason() {
    try (FalOnLoopback fal = new FalOnLoopback();
        Fluxbridge roads = roads(fal.settings(Map.of()))) {
      assertThatThrownBy(() -> drawLatents(roads)).isInstanceOf(BackendException.class);
    }
    Timer timer = meters.get(ObservedCalls.CALL).timer();
    assertThat(timer.getId().getTag("outcome")).isEqualTo("unsupported");
    assertThat(timer.getId().getTag("error")).endsWith("Exception");
    assertThat(registry.getCurrentObservation()).isNull();
  }

  @Test
  void aCallThatTheKillSwitchRefusesIsSeenToo() {
    try (FalOnLoopback fal = new FalOnLoopback();
        Fluxbridge roads = roads(fal.settings(Map.of(Settings.KILL_SWITCH, "refuse")))) {
      assertThatThrownBy(() -> draw(roads)).isInstanceOf(BackendException.class);
    }
    Timer timer =
        meters.get(ObservedCalls.CALL).tags("backend", "none", "outcome", "unavailable").timer();
    assertThat(timer.count()).isEqualTo(1);
  }

  @Test
  void whatIsObservedMeanwhileIsAChildOfTheCall() {
    Observation outer = Observation.start("outer", registry);
    try (Observation.Scope scope = outer.openScope()) {
      CallObserver.Call call = new ObservedCalls(registry).begins(decision("fal"), 1);
      Observation inner = Observation.start("http", registry);
      assertThat(inner.getContext().getParentObservation())
          .extracting(parent -> parent.getContextView().getName())
          .isEqualTo(ObservedCalls.CALL);
      inner.stop();
      call.failed(new IllegalStateException("x"));
      assertThat(registry.getCurrentObservationScope()).isSameAs(scope);
    }
    assertThat(meters.get(ObservedCalls.CALL).tags("outcome", "failed").timer().count())
        .isEqualTo(1);
  }

  @Test
  void aFallbackIsTimedUnderTheRoadThatDrew() {
    try (FalOnLoopback fal = new FalOnLoopback();
        Fluxbridge roads =
            Fluxbridge.builder(fal.settings(Map.of()))
                .listener(
                    result -> {
                      ObservedCalls observer = new ObservedCalls(registry);
                      Decision first = decision("openai").withShadow("local");
                      observer
                          .begins(first, 2)
                          .ended(result.withDecision(decision("fal").insteadOf(first)));
                    })
                .build()) {
      draw(roads);
    }
    assertThat(
            meters
                .get(ObservedCalls.CALL)
                .tags("backend", "fal", "fell-back-from", "openai", "shadow", "none", "phase", "2")
                .timer()
                .count())
        .isEqualTo(1);
  }

  @Test
  void whatHappensToTheRolloutIsCountedByItsKind() {
    ObservedCalls observer = new ObservedCalls(registry);
    observer.happened(new RolloutEvent.StoreLost(Instant.EPOCH, "the disk is full"));
    observer.happened(
        new RolloutEvent.Climbed(
            Instant.EPOCH, Task.CONTROL, "fal", 0, 5_000_000, "the schedule", "all holds"));
    observer.happened(new RolloutEvent.StoreBack(Instant.EPOCH, Duration.ofSeconds(3)));
    assertThat(
            meters
                .get(ObservedCalls.ROLLOUT)
                .tags("event", "climbed", "task", "control", "backend", "fal")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(
            meters
                .get(ObservedCalls.ROLLOUT)
                .tags("event", "store-lost", "task", "none", "backend", "none")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(stopped).anySatisfy(context -> assertThat(high(context)).containsKey("text"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "scope-opened", "scope-closed", "error", "stop"})
  void aHandlerThatThrowsHarmsNoCallAndLeavesNothingOnTheThread(String when) {
    registry.observationConfig().observationHandler(new Throwing(when));
    try (FalOnLoopback fal = new FalOnLoopback();
        Fluxbridge roads = roads(fal.settings(Map.of()))) {
      draw(roads);
      assertThat(registry.getCurrentObservationScope()).isNull();
      assertThatThrownBy(() -> drawLatents(roads))
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
      assertThat(registry.getCurrentObservationScope()).isNull();
    }
  }

  private record Throwing(String when) implements ObservationHandler<Observation.Context> {
    private void at(String moment) {
      if (moment.equals(when)) {
        throw new IllegalStateException("a broken handler");
      }
    }

    @Override
    public void onStart(Observation.Context context) {
      at("start");
    }

    @Override
    public void onScopeOpened(Observation.Context context) {
      at("scope-opened");
    }

    @Override
    public void onScopeClosed(Observation.Context context) {
      at("scope-closed");
    }

    @Override
    public void onError(Observation.Context context) {
      at("error");
    }

    @Override
    public void onStop(Observation.Context context) {
      at("stop");
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }
}
