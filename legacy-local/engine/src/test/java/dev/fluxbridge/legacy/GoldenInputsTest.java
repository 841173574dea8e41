package dev.fluxbridge.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the golden cases start from is here what it was in Python: weights, pictures, numbers. */
class GoldenInputsTest {
  static Iterable<String> pipelines() {
    return GoldenCases.PIPELINES;
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void theDerivedWeightsAreThoseOfTheReference(String pipeline) {
    for (Map.Entry<String, JsonNode> weights :
        GoldenCases.manifest(pipeline).path("weights").properties()) {
      assertThat(DerivedCheckpoint.contents(weights.getKey()))
          .as("%s; make the goldens again with tools/reference", weights.getKey())
          .isEqualTo(weights.getValue().asText());
    }
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void theInputsAreThoseOfTheReference(String pipeline) throws Exception {
    JsonNode inputs = GoldenCases.manifest(pipeline).path("inputs");
    assertThat(inputs).isNotEmpty();
    for (JsonNode input : inputs) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(MadeInput.hashed(input));
      assertThat(HexFormat.of().formatHex(hash))
          .as(input.toString())
          .isEqualTo(input.path("sha256").asText());
    }
  }
}
