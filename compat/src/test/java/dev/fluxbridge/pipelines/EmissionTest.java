package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.fluxbridge.documents.Documents;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.fal.image.FalImagePlan;
import dev.fluxbridge.providers.fal.image.FalImagePlanner;
import dev.fluxbridge.providers.fal.image.FalModels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Old keywords at random, through every facade, as far as what fal would be sent: each call is
 * refused for a reason that a caller can act on, or every body is one that fal publishes that it
 * takes.
 */
class EmissionTest {
  private static final int CALLS_OF_A_PIPELINE = 400;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final FalImagePlanner PLANNER =
      new FalImagePlanner(FalModels.DEFAULT, 4_000_000, false);

  private final Random random = new Random(20261121);
  private final Map<String, JsonSchema> schemas = new HashMap<>();
  private final Map<String, Integer> emitted = new TreeMap<>();
  private final Map<Pipeline, Integer> drawn = new EnumMap<>(Pipeline.class);

  @Test
  void whateverCallersPassIsRefusedClearlyOrBecomesWhatFalTakes() {
    for (Pipeline pipeline : Pipeline.values()) {
      Loaded loaded = loaded(pipeline);
      for (int call = 0; call < CALLS_OF_A_PIPELINE; call++) {
        emit(pipeline, loaded);
      }
    }

    assertThat(emitted.values().stream().mapToInt(count -> count).sum())
        .as("requests by endpoint: " + emitted)
        .isGreaterThan(2000);
    assertThat(drawn).containsOnlyKeys(Pipeline.values());
  }

  /** The models that each pipeline was used with. */
  private static Loaded loaded(Pipeline pipeline) {
    String canny = "black-forest-labs/FLUX.1-Canny-dev";
    return switch (pipeline) {
      case CONTROL -> FluxControlPipeline.fromPretrained(canny).loaded();
      case CONTROL_IMG2IMG -> FluxControlImg2ImgPipeline.fromPretrained(canny).loaded();
      case CONTROL_INPAINT -> FluxControlInpaintPipeline.fromPretrained(canny).loaded();
      default -> Facades.loaded(pipeline);
    };
  }

  private void emit(Pipeline pipeline, Loaded loaded) {
    Map<String, Object> keywords = keywords(pipeline);
    FalImagePlan plan;
    try {
      PipelineArguments<?> arguments = Facades.arguments(pipeline).withAll(keywords);
      plan = PLANNER.plan(Facades.call(arguments).request(loaded, MemorySaving.NONE));
    } catch (IllegalArgumentException oldText) {
      assertThat(oldText.getMessage()).isNotBlank().doesNotContain("secret wish");
      return;
    } catch (BackendException refused) {
      assertThat(refused.reason()).isIn(Reason.INVALID, Reason.UNSUPPORTED);
      assertThat(refused.getMessage()).doesNotContain("secret wish");
      return;
    }
    drawn.merge(pipeline, 1, Integer::sum);
    for (FalImagePlan.Part part : plan.parts()) {
      emitted.merge(part.endpoint(), 1, Integer::sum);
      Set<ValidationMessage> complaints =
          schemas
              .computeIfAbsent(part.endpoint(), EmissionTest::published)
              .validate(MAPPER.valueToTree(sent(part.input())));
      assertThat(complaints).as(part.endpoint() + " of " + pipeline).isEmpty();
    }
  }

  /** Most arguments at their defaults, some in their range, a few out of it. */
  private Map<String, Object> keywords(Pipeline pipeline) {
    Map<String, Object> keywords = new LinkedHashMap<>();
    keywords.put("height", one(64, 96));
    keywords.put("width", one(64, 96));
    if (pipeline.choosesSize()) {
      // Otherwise each picture is scaled to one of Kontext's sizes, and that takes the time.
      keywords.put("_auto_resize", false);
      keywords.put("max_area", 96 * 96);
    }
    for (String name : Signature.of(pipeline).names()) {
      boolean wanted = name.equals("prompt") || name.contains("image") || name.endsWith("mask");
      if (random.nextInt(100) < (wanted ? 97 : 12)) {
        Object value = random.nextInt(40) == 0 ? odd() : value(name);
        if (value != null) {
          keywords.put(name, value);
        }
      }
    }
    keywords.keySet().removeIf(name -> name.contains("ip_adapter") && random.nextInt(20) > 0);
    keywords
        .keySet()
        .removeIf(name -> name.equals("masked_image_latents") && random.nextInt(20) > 0);
    return keywords;
  }

  /** A value of the kind that the old call took. */
  private @Nullable Object value(String name) {
    return switch (name) {
      case "prompt", "negative_prompt" ->
          one("a secret wish", "a secret wish", List.of("a secret wish", "another secret wish"));
      case "prompt_2", "negative_prompt_2" -> one("a secret wish, at length", "");
      case "height", "width" -> one(64, 128, 100, 17, 15);
      case "image", "image_reference", "inpaint_image", "control_image" -> picture();
      case "mask_image", "inpaint_mask" -> new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
      case "num_inference_steps" -> one(1, 4, 28, 50, 51, 200, 0);
      case "num_images_per_prompt" -> one(1, 2, 4, 5, 11, 0);
      case "guidance_scale" -> one(0.0, 1.0, 3.5, 20.0, 30.0, 50.0, -1.0);
      case "true_cfg_scale" -> one(1.0, 2.5, 5.0, 9.0, 0.0);
      case "strength" -> one(0.3, 0.6, 1.0, 0.001, 0.0, 1.2);
      case "max_sequence_length" -> one(128, 256, 512, 513);
      case "sigmas" -> List.of(1.0, 0.6, 0.2);
      case "generator" ->
          one(
              new Generator().manualSeed(random.nextInt()),
              new Generator().manualSeed(random.nextLong()),
              List.of(new Generator(), new Generator()));
      case "control_mode" -> one(0, 1, 2, 3, 4, 5, 6, 7);
      case "controlnet_conditioning_scale", "control_strength" -> one(0.0, 0.6, 1.0, 2.0, 3.0);
      case "control_guidance_start" -> one(0.0, 0.2, 0.9);
      case "control_guidance_end", "control_stop" -> one(1.0, 0.5, 0.1, 1.5);
      case "output_type" -> one("pil", "np", "pt", "latent", "png");
      case "joint_attention_kwargs" -> one(Map.of(), Map.of("scale", 0.5), Map.of("other", 1));
      case "max_area" -> one(128 * 128, 100 * 100);
      case "padding_mask_crop" -> one(8, 32);
      case "latents", "masked_image_latents" -> Tensor.of(new float[64], 1, 1, 64);
      case "return_dict" -> random.nextBoolean();
      default -> null;
    };
  }

  private Object picture() {
    BufferedImage picture = new BufferedImage(48, 32, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(random.nextInt(48), random.nextInt(32), random.nextInt());
    return one(
        picture,
        picture,
        List.of(picture),
        List.of(picture, picture),
        new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY),
        new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB),
        Tensor.of(new float[3 * 16 * 16], 1, 3, 16, 16));
  }

  /** What no argument takes. */
  private Object odd() {
    return one("what?", -7, Double.NaN, List.of(), Map.of("a", 1), true, new Object());
  }

  private Object one(Object... choices) {
    return Arrays.asList(choices).get(random.nextInt(choices.length));
  }

  /** As it will be sent, with addresses in place of what is uploaded. */
  private static Object sent(Object value) {
    if (value instanceof byte[] || value instanceof Path) {
      return "https://storage.example/uploaded";
    }
    if (value instanceof List<?> list) {
      return list.stream().map(EmissionTest::sent).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> sent = new LinkedHashMap<>();
      map.forEach((key, item) -> sent.put(key, sent(item)));
      return sent;
    }
    return value;
  }

  /** fal's published schema, made strict: a key that it does not name is an error at any depth. */
  private static JsonSchema published(String endpoint) {
    Path file =
        Documents.ROOT
            .resolve("providers/fal/src/test/resources/fal-schemas")
            .resolve(endpoint.replace("/", "__") + ".json");
    try {
      JsonNode input = MAPPER.readTree(Files.readString(file)).path("input");
      close(input);
      return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(input);
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    schema.forEach(EmissionTest::close);
  }
}
