package dev.fluxbridge.legacy.flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.legacy.DerivedCheckpoint;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.picture.Bitmap;
import dev.fluxbridge.legacy.picture.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine with ControlNets does beside drawing right, which the golden cases show. */
@Timeout(60)
class ControlNetsTest {
  private static final Path PLAIN = DerivedCheckpoint.folder("controlnet");
  private static final Path UNION = DerivedCheckpoint.folder("controlnet-union");
  private static final ControlNetInput GREY = ControlNetInput.of(grey(32, 32));

  private FluxEngine engine;

  @BeforeEach
  void load() {
    engine = FluxEngine.load(EmbeddedCheckpoint.folder());
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void actsOnlyFromStartToEnd() {
    assertThat(acting(5, 0.2, 0.7)).containsExactly(1, 2);
    assertThat(acting(4, 0, 1)).containsExactly(0, 1, 2, 3);
    assertThat(acting(4, 0.5, 1)).containsExactly(2, 3);
    assertThat(acting(3, 0.4, 0.5)).isEmpty();
    assertThat(new ControlNetInput(GREY.image(), Optional.empty(), 0, 0, 1).acts(0, 1)).isFalse();
  }

  private static List<Integer> acting(int steps, double start, double end) {
    ControlNetInput input = new ControlNetInput(GREY.image(), Optional.empty(), 1, start, end);
    List<Integer> acting = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      if (input.acts(i, steps)) {
        acting.add(i);
      }
    }
    return acting;
  }

  @Test
  void keepsNothingOfDrawingsAndOfNetsThatWereReplaced() throws ReflectiveOperationException {
    engine.loadControlNets(List.of(PLAIN, UNION));
    ControlNetInput mode = new ControlNetInput(GREY.image(), Optional.of(2), 1, 0, 1);
    engine.draw(call(GREY, mode), StepWatcher.NONE);
    int before = resources(engine.manager());
    for (int i = 0; i < 10; i++) {
      engine.loadControlNets(List.of(PLAIN, UNION));
      engine.draw(call(GREY, mode), StepWatcher.NONE);
    }
    assertThat(resources(engine.manager())).isEqualTo(before);
    engine.loadControlNets(List.of());
    assertThat(resources(engine.manager())).isLessThan(before);
  }

  @Test
  void keepsNothingOfCallsThatFailed() throws ReflectiveOperationException {
    engine.loadControlNets(List.of(PLAIN));
    engine.draw(call(GREY), StepWatcher.NONE);
    int before = resources(engine.manager());
    ControlNetInput small = ControlNetInput.of(tensor(16, 16));
    refuses("must be one for all prompts", call(ControlNetInput.of(tensor(48, 16)), small));
    assertThat(resources(engine.manager())).isEqualTo(before);
    assertThat(engine.draw(call(GREY), StepWatcher.NONE).pictures()).hasSize(1);
  }

  @Test
  void aTensorRulesTheSizeThatIsDrawn() {
    engine.loadControlNets(List.of(PLAIN));
    Drawing drawing = engine.draw(call(ControlNetInput.of(tensor(48, 16))), StepWatcher.NONE);
    assertThat(drawing.pictures().get(0).shape()).containsExactly(3, 16, 48);
  }

  @Test
  void aNetThatAddsNothingChangesNothing() {
    engine.loadControlNets(List.of(PLAIN));
    Sampling sampling = SmallCalls.of(2).sampling().with().latents(latents()).build();
    ControlNetInput nothing = new ControlNetInput(GREY.image(), Optional.empty(), 0, 0, 1);
    float[] steered = pixels(new ControlNetTextToImage(sampling, List.of(nothing)));
    assertThat(steered).containsExactly(pixels(new TextToImage(sampling)));
    assertThat(pixels(new ControlNetTextToImage(sampling, List.of(GREY)))).isNotEqualTo(steered);
  }

  @Test
  void goesOnWithWhatAWatcherGaveBack() {
    engine.loadControlNets(List.of(PLAIN));
    ControlNetInpaint call =
        new ControlNetInpaint(
            SmallCalls.of(3).sampling(),
            grey(32, 32),
            mask(32, 32),
            Optional.empty(),
            List.of(GREY),
            1,
            Optional.empty());
    float[] plain = pixels(call);
    for (String name : List.of("control_image", "mask")) {
      assertThat(pixels(call, replacing(name, false)))
          .as(name + " as it is")
          .containsExactly(plain);
      assertThat(pixels(call, replacing(name, true))).as("another " + name).isNotEqualTo(plain);
    }
    assertThat(pixels(call, replacing("masked_image_latents", true)))
        .as("shown by the old code, and then used for nothing")
        .containsExactly(plain);
    StepWatcher wrong = giving(step -> Map.of("mask", Floats.of(new float[] {1}, 1)));
    assertThatThrownBy(() -> engine.draw(call, wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the mask that the watcher returned");
  }

  /** Gives a tensor back after the first step: as it was shown, or turned round. */
  private static StepWatcher replacing(String name, boolean turned) {
    return giving(
        step -> {
          Floats shown = step.tensor(name);
          float[] values = shown.values().clone();
          for (int i = 0; i < values.length && turned; i++) {
            values[i] = 1 - values[i];
          }
          int[] sides = shown.shape().stream().mapToInt(Integer::intValue).toArray();
          return Map.of(name, Floats.of(values, sides));
        });
  }

  private static StepWatcher giving(Function<StepWatcher.Step, Map<String, Floats>> after) {
    return new StepWatcher() {
      @Override
      public Map<String, Floats> stepped(Step step) {
        return step.index() == 0 ? after.apply(step) : Map.of();
      }
    };
  }

  @Test
  void refusesCallsThatDoNotFitTheNets() {
    refuses("no ControlNet is loaded", call(GREY));
    engine.loadControlNets(List.of(PLAIN, UNION));
    refuses("there are 1 for 2", call(GREY));
    refuses("`controlnet_mode` cannot be `None`", call(GREY, GREY));
    ControlNetInput mode = new ControlNetInput(GREY.image(), Optional.of(5), 1, 0, 1);
    refuses("0 to 4", call(GREY, mode));
    refuses("no union", call(mode, GREY));
    engine.loadControlNets(List.of(PLAIN));
    refuses("control picture for each net", call());
    refuses(
        "must be a number",
        call(new ControlNetInput(GREY.image(), Optional.empty(), Double.NaN, 0, 1)));
    refuses("drawn", call(ControlNetInput.of(tensor(40, 40))));
  }

  @Test
  void keepsTheOldNetsIfOneCannotBeLoaded(@TempDir Path folder) throws IOException {
    engine.loadControlNets(List.of(PLAIN));
    float[] before = pixels(call(GREY));
    ObjectNode config =
        (ObjectNode) new ObjectMapper().readTree(PLAIN.resolve("config.json").toFile());
    Files.writeString(
        folder.resolve("config.json"), config.put("joint_attention_dim", 32).toString());
    Files.copy(
        PLAIN.resolve("diffusion_pytorch_model.safetensors"),
        folder.resolve("diffusion_pytorch_model.safetensors"));
    assertThatThrownBy(() -> engine.loadControlNets(List.of(UNION, folder)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("context_embedder");
    assertThat(pixels(call(GREY))).containsExactly(before);
  }

  @Test
  void refusesToLoadFromInsideACall() {
    engine.loadControlNets(List.of(PLAIN));
    StepWatcher loading =
        new StepWatcher() {
          @Override
          public Map<String, Floats> stepped(Step step) {
            engine.loadControlNets(List.of());
            return Map.of();
          }
        };
    assertThatThrownBy(() -> engine.draw(call(GREY), loading))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a call is running");
    assertThat(engine.draw(call(GREY), StepWatcher.NONE).pictures()).hasSize(1);
  }

  @Test
  void loadsNothingOnceItIsClosed() {
    engine.loadControlNets(List.of(PLAIN));
    engine.close();
    assertThat(engine.manager().isOpen()).isFalse();
    assertThatThrownBy(() -> engine.loadControlNets(List.of(PLAIN)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  private void refuses(String text, Call call) {
    assertThatThrownBy(() -> engine.draw(call, StepWatcher.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }

  private float[] pixels(Call call) {
    return pixels(call, StepWatcher.NONE);
  }

  private float[] pixels(Call call, StepWatcher watcher) {
    return engine.draw(call, watcher).pictures().get(0).values();
  }

  private static ControlNetTextToImage call(ControlNetInput... inputs) {
    return new ControlNetTextToImage(SmallCalls.of(2).sampling(), List.of(inputs));
  }

  private static Images grey(int width, int height) {
    byte[] pixels = new byte[width * height * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 7);
    }
    return Images.of(new Bitmap(width, height, 3, pixels));
  }

  /** White on its right half. */
  private static Images mask(int width, int height) {
    byte[] pixels = new byte[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % width < width / 2 ? 0 : 255);
    }
    return Images.of(new Bitmap(width, height, 1, pixels));
  }

  private static Images tensor(int width, int height) {
    return Images.of(Floats.of(new float[3 * width * height], 1, 3, height, width));
  }

  private static Optional<Floats> latents() {
    float[] values = new float[4 * 64];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * 1.7);
    }
    return Optional.of(Floats.of(values, 1, 4, 64));
  }

  private static int resources(NDManager manager) throws ReflectiveOperationException {
    var field = BaseNDManager.class.getDeclaredField("resources");
    field.setAccessible(true);
    int count = 0;
    for (Object resource : ((Map<?, ?>) field.get(manager)).values()) {
      count += 1 + (resource instanceof NDManager below ? resources(below) : 0);
    }
    return count;
  }
}
