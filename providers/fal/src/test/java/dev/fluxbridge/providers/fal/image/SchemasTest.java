package dev.fluxbridge.providers.fal.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The check of the check: a schema that passes everything would prove nothing. */
class SchemasTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"prompt\":1}",
        "{\"prompt\":\"x\",\"num_images\":5}",
        "{\"prompt\":\"x\",\"guidance_scale\":0.5}",
        "{\"prompt\":\"x\",\"number_of_images\":1}",
        "{\"prompt\":\"x\",\"image_size\":{\"width\":64,\"height\":64,\"depth\":1}}",
        "{\"prompt\":\"x\",\"image_size\":{\"width\":0,\"height\":64}}",
        "{\"prompt\":\"x\",\"acceleration\":\"warp\"}"
      })
  void seesWhatIsWrong(String body) {
    assertThat(Schemas.complaints("fal-ai/flux/dev", body)).isNotEmpty();
  }
}
