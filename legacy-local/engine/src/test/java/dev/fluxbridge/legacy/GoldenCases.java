package dev.fluxbridge.legacy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.kernels.Precision;
import java.util.List;

/** What tools/reference/pipelines.py wrote: a manifest and the numbers of every case. */
public final class GoldenCases {
  /** All that there are, by the names of the Python classes. */
  public static final List<String> PIPELINES =
      List.of(
          "DeDistilledFluxPipeline",
          "FluxImg2ImgPipeline",
          "FluxInpaintPipeline",
          "FluxFillPipeline",
          "FluxControlPipeline",
          "FluxControlImg2ImgPipeline",
          "FluxControlInpaintPipeline",
          "FluxControlNetPipeline",
          "FluxControlNetImg2ImgPipeline",
          "FluxControlNetInpaintPipeline",
          "FluxKontextPipeline",
          "FluxKontextInpaintPipeline",
          "Flex2Pipeline");

  private GoldenCases() {}

  public static JsonNode manifest(String pipeline) {
    return manifest(Precision.FLOAT32, pipeline);
  }

  public static JsonNode manifest(Precision precision, String pipeline) {
    return Golden.json(folder(precision) + pipeline + "/cases.json");
  }

  private static String folder(Precision precision) {
    return precision == Precision.FLOAT32 ? "pipelines/" : "pipelines-" + precision.dtype() + "/";
  }

  /** Latents or pixels after a case's last step. */
  public static float[] tensor(String pipeline, JsonNode golden, String name) {
    return tensor(Precision.FLOAT32, pipeline, golden, name);
  }

  public static float[] tensor(Precision precision, String pipeline, JsonNode golden, String name) {
    String file = golden.path("name").asText() + ".safetensors";
    return Golden.tensor(folder(precision) + pipeline + "/" + file, name);
  }
}
