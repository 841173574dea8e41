package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Makes each error of the old classes happen, and holds its text against the one that was read out
 * of the Python source, on every road. A call that gets through to "nowhere" ends at the kill
 * switch.
 */
class ChecksTest {
  private static final String NOWHERE = "nowhere";

  private static final Map<String, Fluxbridge> ROADS =
      Stream.of("local", "fal", "openai", NOWHERE)
          .collect(Collectors.toMap(name -> name, ChecksTest::roads));

  private static final AtomicInteger CHECKS = new AtomicInteger();
  private static final AtomicInteger PAIRS = new AtomicInteger();

  private static Fluxbridge roads(String road) {
    Map<String, String> flags = new HashMap<>();
    if (road.equals(NOWHERE)) {
      return Fluxbridge.of(Settings.of(Map.of(Settings.KILL_SWITCH, "refuse"), Map.of(), Map.of()));
    }
    for (Task task : Task.values()) {
      flags.put("fluxbridge.route." + task.label(), road);
    }
    return Fluxbridge.of(Settings.of(flags, Map.of(), Map.of()));
  }

  @AfterAll
  static void tell() {
    System.out.printf("old errors raised: %d, pairs of them: %d%n", CHECKS.get(), PAIRS.get());
    ROADS.values().forEach(Fluxbridge::close);
  }

  private static Fluxbridge road(String name) {
    return java.util.Objects.requireNonNull(ROADS.get(name));
  }

  /** The errors of a class that can happen, in the order in which the old code came to them. */
  private static List<String> errors(Pipeline pipeline) {
    List<String> later = new ArrayList<>(OldSignatures.later(pipeline));
    later.sort(Comparator.comparingInt(text -> place(text, pipeline)));
    return Stream.concat(OldSignatures.checks(pipeline).stream(), later.stream())
        .filter(text -> isReached(text, pipeline))
        .toList();
  }

  private static boolean isReached(String text, Pipeline pipeline) {
    // The masked picture is the picture, which was looked at before.
    return !(pipeline == Pipeline.KONTEXT_INPAINT && text.startsWith("The passed images"));
  }

  /** Methods call each other in another order than they stand in the file. */
  private static int place(String text, Pipeline pipeline) {
    boolean masksFirst = pipeline == Pipeline.CONTROL_INPAINT;
    List<String> order =
        List.of(
            "`prompt_embeds` and",
            "image must be",
            masksFirst ? "The passed mask" : "?",
            masksFirst ? "The passed images" : "?",
            " For `FluxControlNet`",
            "For Multi",
            "After adjusting",
            "You have passed a list",
            "Cannot duplicate `image`",
            "Cannot duplicate `image_reference`",
            "The passed mask",
            "The passed images");
    for (int i = 0; i < order.size(); i++) {
      if (text.startsWith(order.get(i))) {
        return i;
      }
    }
    throw new AssertionError("when does it come? " + text);
  }

  private static void call(
      Pipeline pipeline, String road, String text, Map<String, @Nullable Object> changes) {
    Map<String, @Nullable Object> call = Breakers.good(pipeline);
    call.putAll(changes);
    DiffusionPipeline<?> pipe = Facades.pipeline(pipeline, road(road));
    if (text.startsWith("For Multi-ControlNet")) {
      FluxControlNetModel net = FluxControlNetModel.fromPretrained("InstantX/union");
      pipe = FluxControlNetPipeline.fromPipe(pipe, Map.of("controlnet", List.of(net, net)));
    }
    pipe.call(call);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void aGoodCallGetsThrough(Pipeline pipeline) {
    assertThatThrownBy(() -> call(pipeline, NOWHERE, "", Map.of()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("The kill switch refuses all calls");
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void everyOldErrorHasItsTextOnEveryRoad(Pipeline pipeline) {
    for (String text : errors(pipeline)) {
      for (String road : ROADS.keySet()) {
        assertThatThrownBy(() -> call(pipeline, road, text, Breakers.of(text, pipeline)))
            .as("%s on %s", text, road)
            .isInstanceOf(IllegalArgumentException.class)
            .message()
            .matches(OldSignatures.pattern(text));
      }
      CHECKS.incrementAndGet();
    }
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void ofTwoErrorsTheOneThatCameFirstIsRaised(Pipeline pipeline) {
    List<String> errors = errors(pipeline);
    for (int i = 0; i < errors.size(); i++) {
      for (int j = i + 1; j < errors.size(); j++) {
        String first = errors.get(i);
        String second = errors.get(j);
        Map<String, @Nullable Object> changes =
            Breakers.both(Breakers.of(first, pipeline), Breakers.of(second, pipeline));
        if (changes.isEmpty() || first.startsWith("For Multi") != second.startsWith("For Multi")) {
          continue;
        }
        assertThatThrownBy(() -> call(pipeline, NOWHERE, first, changes))
            .as("%s, and then %s", first, second)
            .isInstanceOf(IllegalArgumentException.class)
            .message()
            .matches(OldSignatures.pattern(first));
        PAIRS.incrementAndGet();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void neverPrintsThePrompt(Pipeline pipeline) {
    Map<String, @Nullable Object> changes = Breakers.of("Cannot forward both `prompt`", pipeline);
    changes.put("prompt", "a secret wish");
    assertThatThrownBy(() -> call(pipeline, NOWHERE, "", changes))
        .hasMessageContaining("<str of 13 characters>")
        .hasMessageNotContaining("secret");
  }

  @Test
  void timestepsFailAsTheyEverDid() {
    assertThatThrownBy(
            () -> call(Pipeline.DE_DISTILLED, NOWHERE, "", Map.of("timesteps", List.of(1000))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Only one of `timesteps` or `sigmas` can be passed. Please choose one to set custom values");
  }

  @Test
  void texts() {
    assertThat(OldSignatures.pattern("a {b[0]} c {len(d)}").matcher("a 1 c 2").matches()).isTrue();
    assertThat(OldSignatures.pattern("a {b} c").matcher("a 1 d").matches()).isFalse();
  }
}
