package dev.fluxbridge.providers.fal.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the table to what fal publishes, so that neither drifts. */
class EndpointsTest {

  /** Fields of things that no old pipeline has. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "nag_tau",
          "nag_end",
          "nag_scale",
          "nag_alpha",
          "reference_start",
          "reference_end",
          "reference_strength",
          "reference_image_url",
          "fill_image",
          "sigma_schedule");

  static List<Endpoint> all() {
    return Endpoints.ALL;
  }

  private static Set<String> sendable(Endpoint endpoint) {
    Set<String> fields = new LinkedHashSet<>(endpoint.always().keySet());
    fields.addAll(List.of("prompt", "num_images", "seed"));
    endpoint.steps().ifPresent(range -> fields.add("num_inference_steps"));
    endpoint.guidance().ifPresent(range -> fields.add("guidance_scale"));
    endpoint.loras().ifPresent(range -> fields.add("loras"));
    endpoint.ratios().ifPresent(ratios -> fields.add(ratios.field()));
    if (endpoint.strength()) {
      fields.add("strength");
    }
    if (endpoint.sizing() == Endpoint.Sizing.FIELD) {
      fields.add("image_size");
    }
    if (endpoint.start().takesImage()) {
      fields.add("image_url");
    }
    if (endpoint.start().takesMask()) {
      fields.add("mask_url");
    }
    if (endpoint.start() == Start.KONTEXT_MASKED) {
      fields.add("reference_image_url");
    }
    if (endpoint.start() == Start.CONTROL || endpoint.start() == Start.CONTROL_AND_IMAGE) {
      fields.addAll(List.of("control_lora_image_url", "control_lora_strength"));
    }
    if (endpoint.general()) {
      fields.addAll(
          List.of(
              "use_real_cfg",
              "real_cfg_scale",
              "negative_prompt",
              "easycontrols",
              "ip_adapters",
              "control_loras",
              "controlnets",
              "controlnet_unions"));
    }
    return fields;
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyFieldThatFalPublishesIsSentOrLeftOutOnPurpose(Endpoint endpoint) {
    JsonNode schema = Schemas.published(endpoint.id());
    Set<String> published = new LinkedHashSet<>();
    schema.path("properties").fieldNames().forEachRemaining(published::add);
    Set<String> sent = sendable(endpoint);

    assertThat(published).containsAll(sent);
    published.removeAll(sent);
    published.removeAll(LEFT_OUT);
    // the control endpoints take a picture to start from too; the old pipeline for that is another
    published.removeIf(field -> endpoint.start() == Start.CONTROL && field.equals("image_url"));
    assertThat(published).isEmpty();
    schema.path("required").forEach(field -> assertThat(sent).contains(field.textValue()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void rangesAreThoseThatFalPublishes(Endpoint endpoint) {
    JsonNode fields = Schemas.published(endpoint.id()).path("properties");

    endpoint.steps().ifPresent(range -> assertSame(range, fields.path("num_inference_steps")));
    endpoint.guidance().ifPresent(range -> assertSame(range, fields.path("guidance_scale")));
    assertSame(new Range(1, endpoint.maxImages()), fields.path("num_images"));
    if (endpoint.strength()) {
      assertSame(Endpoint.STRENGTH, fields.path("strength"));
    }
    JsonNode types = Schemas.published(endpoint.id()).path("$defs");
    endpoint
        .loras()
        .ifPresent(
            range -> assertSame(range, types.path("LoraWeight").path("properties").path("scale")));
    if (fields.has("control_lora_strength")) {
      assertSame(Endpoint.CONTROL_STRENGTH, fields.path("control_lora_strength"));
    }
    if (endpoint.general()) {
      assertSame(Endpoint.REAL_CFG, fields.path("real_cfg_scale"));
      JsonNode union = types.path("ControlNetUnionInput").path("properties");
      assertSame(Endpoint.CONTROL_STRENGTH, union.path("conditioning_scale"));
      assertThat(texts(union.path("control_mode").path("enum")))
          .containsExactlyInAnyOrderElementsOf(List.of(ControlKind.names().split(", ", -1)));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void proportionsAreThoseThatFalOffers(Endpoint endpoint) {
    endpoint
        .ratios()
        .ifPresent(
            ratios -> {
              JsonNode field =
                  Schemas.published(endpoint.id()).path("properties").path(ratios.field());
              List<String> offered =
                  texts(
                      field.has("enum")
                          ? field.path("enum")
                          : field.path("anyOf").path(0).path("enum"));
              List<String> known = new ArrayList<>(ratios.offered());
              ratios.match().ifPresent(known::add);
              offered.remove("auto");
              assertThat(known).containsExactlyInAnyOrderElementsOf(offered);
            });
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyAnswerHasPicturesASeedAndMarks(Endpoint endpoint) {
    JsonNode answer = Schemas.answer(endpoint.id()).path("properties");

    assertThat(answer.path("images").path("type").textValue()).isEqualTo("array");
    assertThat(answer.path("seed").path("type").textValue()).isEqualTo("integer");
    assertThat(answer.path("has_nsfw_concepts").path("type").textValue()).isEqualTo("array");
  }

  @Test
  void idsAreUnique() {
    assertThat(Endpoints.ALL).extracting(Endpoint::id).doesNotHaveDuplicates();
  }

  private static void assertSame(Range range, JsonNode published) {
    assertThat(
            new Range(
                published.path("minimum").asDouble(-99), published.path("maximum").asDouble(-99)))
        .isEqualTo(range);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.textValue()));
    return texts;
  }
}
