package dev.fluxbridge.providers.fal.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check of the check: a schema that passes everything would prove nothing. */
class SchemasTest {
  private static final String IMAGE = "\"prompt\":\"x\",\"image_url\":\"https://a.example/b.png\"";
  private static final String MASKED = IMAGE + ",\"mask_url\":\"https://a.example/c.png\"";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fal-ai/flux/dev | {}",
        "fal-ai/flux/dev | {\"prompt\":1}",
        "fal-ai/flux/dev | {\"prompt\":\"x\",\"num_images\":5}",
        "fal-ai/flux/dev | {\"prompt\":\"x\",\"guidance_scale\":0.5}",
        "fal-ai/flux/dev | {\"prompt\":\"x\",\"num_inference_steps\":28.5}",
        "fal-ai/flux/dev | {\"prompt\":\"x\",\"number_of_images\":1}",
        "fal-ai/flux/dev | {\"prompt\":\"x\",\"image_size\":{\"width\":64,\"height\":64,\"depth\":1}}",
        "fal-ai/flux/dev | {\"prompt\":\"x\",\"image_size\":{\"width\":0,\"height\":64}}",
        "fal-ai/flux/dev | {\"prompt\":\"x\",\"acceleration\":\"warp\"}",
        "fal-ai/flux/dev | {\"prompt\":\"x\",\"negative_prompt\":\"y\"}",
        "fal-ai/flux/dev/image-to-image | {@IMAGE,\"strength\":0}",
        "fal-ai/flux/dev/image-to-image | {@IMAGE,\"num_inference_steps\":9}",
        "fal-ai/flux/dev/image-to-image | {@IMAGE,\"image_size\":\"square\"}",
        "fal-ai/flux-lora | {\"prompt\":\"x\",\"loras\":[{\"path\":\"a/b\",\"scale\":4.1}]}",
        "fal-ai/flux-lora | {\"prompt\":\"x\",\"loras\":[{\"scale\":1}]}",
        "fal-ai/flux-lora | {\"prompt\":\"x\",\"loras\":[{\"path\":\"a/b\",\"weight\":1}]}",
        "fal-ai/flux-lora/inpainting | {@IMAGE}",
        "fal-ai/flux-lora-fill | {@MASKED,\"guidance_scale\":27}",
        "fal-ai/flux-lora-fill | {@MASKED,\"strength\":1}",
        "fal-ai/flux-pro/v1/fill | {@MASKED,\"safety_tolerance\":2}",
        "fal-ai/flux-kontext/dev | {@IMAGE,\"resolution_mode\":\"2:1\"}",
        "fal-ai/flux-kontext-lora/inpaint | {@MASKED}",
        "fal-ai/flux-general/inpainting | {@MASKED,\"controlnet_unions\":[{\"path\":\"a/b\",\"controls\":[{\"control_image_url\":\"u\",\"control_mode\":\"edges\"}]}]}",
        "fal-ai/flux-general/inpainting | {@MASKED,\"controlnet_unions\":[{\"path\":\"a/b\",\"controls\":[{\"control_image_url\":\"u\",\"control_mode\":\"pose\",\"scale\":1}]}]}",
        "fal-ai/flux-general | {\"prompt\":\"x\",\"controlnets\":[{\"path\":\"a/b\",\"control_image_url\":\"u\",\"conditioning_scale\":2.5}]}",
        "fal-ai/flux-general | {\"prompt\":\"x\",\"true_cfg_scale\":2}",
        "fal-ai/flux-general | {\"prompt\":\"x\",\"real_cfg_scale\":6}"
      })
  void seesWhatIsWrong(String endpoint, String body) {
    String json = body.replace("@IMAGE", IMAGE).replace("@MASKED", MASKED);

    assertThat(Schemas.complaints(endpoint, json)).isNotEmpty();
  }

  @Test
  void hasNothingAgainstWhatIsRight() {
    assertThat(
            List.of(
                Schemas.complaints("fal-ai/flux/dev", "{\"prompt\":\"x\",\"num_images\":4}"),
                Schemas.complaints("fal-ai/flux-lora/inpainting", "{" + MASKED + "}")))
        .allSatisfy(complaints -> assertThat(complaints).isEmpty());
  }
}
