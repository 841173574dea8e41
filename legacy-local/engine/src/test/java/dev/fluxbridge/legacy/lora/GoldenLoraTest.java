package dev.fluxbridge.legacy.lora;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.checkpoint.SafetensorsFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The same LoRA files, the same calls on the adapters, the same latents as diffusers and peft in
 * float32. tools/reference/lora.py made files and numbers.
 */
class GoldenLoraTest {
  private static final float WITHIN = 1e-3f;
  private static final JsonNode MANIFEST = Golden.json("lora.json");
  private static final TinyModels MODELS = new TinyModels();
  private static float worst;

  @AfterAll
  static void tellTheWorst() {
    MODELS.close();
    System.out.printf("GOLDEN MAX: latents with LoRA differ by at most %.2e%n", worst);
  }

  @TestFactory
  Stream<DynamicTest> drawsWhatDiffusersDrawsWithTheSameAdapters() {
    return StreamSupport.stream(MANIFEST.path("cases").spliterator(), false)
        .map(c -> DynamicTest.dynamicTest(c.path("name").asText(), () -> check(c)));
  }

  private static void check(JsonNode golden) {
    String calls = golden.path("calls").toString();
    if (calls.contains("fuse") && calls.contains("unload")) {
      // What is fused when the adapters are unloaded stays in the weights.
      try (TinyModels own = new TinyModels()) {
        check(golden, own);
      }
    } else {
      check(golden, MODELS);
      MODELS.adapters.unfuse();
      MODELS.adapters.scale(1);
      MODELS.adapters.unload(true);
    }
  }

  private static void check(JsonNode golden, TinyModels models) {
    golden.path("calls").forEach(call -> apply(models.adapters, call));
    float difference =
        TinyModels.difference(
            models.draw(), Golden.tensor("lora.safetensors", golden.path("name").asText()));
    worst = Math.max(worst, difference);
    assertThat(difference).isLessThanOrEqualTo(WITHIN);
    assertThat(models.adapters.active()).isEqualTo(texts(golden.path("active")));
  }

  private static void apply(LoraAdapters adapters, JsonNode call) {
    switch (call.get(0).asText()) {
      case "load" ->
          adapters.load(
              TinyModels.file(call.get(1).asText() + ".safetensors"),
              Optional.of(call.get(2)).filter(JsonNode::isTextual).map(JsonNode::asText));
      case "set" -> {
        List<Double> weights = new ArrayList<>();
        call.get(2).forEach(weight -> weights.add(weight.asDouble()));
        adapters.set(texts(call.get(1)), weights);
      }
      case "fuse" ->
          adapters.fuse(
              call.get(1).asDouble(),
              Optional.of(call.get(2)).filter(JsonNode::isArray).map(GoldenLoraTest::texts),
              true);
      case "unfuse" -> adapters.unfuse();
      case "unload" -> adapters.unload(false);
      case "delete" -> adapters.delete(texts(call.get(1)));
      case "disable" -> adapters.disable();
      case "enable" -> adapters.enable();
      case "scale" -> adapters.scale(call.get(1).asDouble());
      default -> throw new AssertionError(call);
    }
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    node.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Test
  void aControlLoraWidensTheInputAndReplacesTheNorms() {
    try (TinyModels models = new TinyModels()) {
      float[] before = models.velocity();
      models.adapters.load(TinyModels.file("control.safetensors"), Optional.of("control"));
      assertThat(models.transformer.config().inChannels()).isEqualTo(128);
      float difference =
          TinyModels.difference(models.velocity(), Golden.tensor("lora.safetensors", "control"));
      worst = Math.max(worst, difference);
      assertThat(difference).isLessThanOrEqualTo(WITHIN);
      models.adapters.disable();
      assertThat(
              TinyModels.difference(
                  models.velocity(), Golden.tensor("lora.safetensors", "control-disabled")))
          .isLessThanOrEqualTo(WITHIN);
      models.adapters.unload(true);
      assertThat(models.transformer.config().inChannels()).isEqualTo(64);
      assertThat(models.velocity()).containsExactly(before);
    }
  }

  @Test
  void kohyasFusedLayersBecomeTheConvertersTensors() {
    try (TinyModels models = new TinyModels()) {
      SafetensorsFile file = SafetensorsFile.open(TinyModels.file("kohya.safetensors"));
      Map<String, NDArray> tensors = new HashMap<>();
      file.names().forEach(name -> tensors.put(name, file.load(name, models.placement)));
      Conversion conversion = new Conversion(file.file(), models.transformer.weights(), tensors);
      LoraFile.convert(conversion);
      SafetensorsFile wanted = SafetensorsFile.open(TinyModels.file("kohya-converted.safetensors"));
      assertThat(conversion.made().keySet()).isEqualTo(wanted.names());
      conversion
          .made()
          .forEach(
              (name, tensor) -> {
                assertThat(tensor.getShape()).as(name).isEqualTo(wanted.shape(name).orElseThrow());
                assertThat(tensor.toFloatArray())
                    .as(name)
                    .containsExactly(Golden.tensor("lora/kohya-converted.safetensors", name));
              });
    }
  }

  /** The negative controls: what a case changes is far more than what a right result may differ. */
  @Test
  void everyAdapterDrawsAnotherPicture() {
    List<String> plain = List.of("none", "scaled-to-nothing", "disabled", "disabled-while-fused");
    float[] without = Golden.tensor("lora.safetensors", "none");
    for (JsonNode golden : MANIFEST.path("cases")) {
      String name = golden.path("name").asText();
      float change = TinyModels.difference(Golden.tensor("lora.safetensors", name), without);
      if (plain.contains(name) || name.equals("unloaded")) {
        assertThat(change).as(name).isLessThanOrEqualTo(WITHIN);
      } else {
        assertThat(change).as(name).isGreaterThan(50 * WITHIN);
      }
    }
    try (TinyModels models = new TinyModels()) {
      models.adapters.load(TinyModels.file("style.safetensors"), Optional.empty());
      assertThat(TinyModels.difference(models.draw(), Golden.tensor("lora.safetensors", "subject")))
          .isGreaterThan(50 * WITHIN);
    }
  }
}
