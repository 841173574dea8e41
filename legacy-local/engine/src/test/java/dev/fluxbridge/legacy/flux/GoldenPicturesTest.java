package dev.fluxbridge.legacy.flux;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.flux.Sampling.Embeddings;
import dev.fluxbridge.legacy.flux.Sampling.Prompt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
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
 * Same call, same seed, same picture as diffusers in float32. tools/reference/text_to_image.py made
 * the numbers from the embedded checkpoint.
 */
class GoldenPicturesTest {
  private static final float LATENTS_WITHIN = 1e-3f;
  private static final float PIXELS_WITHIN = 1f / 255;

  private static final JsonNode MANIFEST = Golden.json("text_to_image.json");
  private static float worstLatent;
  private static float worstPixel;

  @AfterAll
  static void tellTheWorst() {
    System.out.printf(
        "GOLDEN MAX: latents differ by at most %.2e, pixels by %.2e (%.3f of 1/255)%n",
        worstLatent, worstPixel, worstPixel * 255);
  }

  @Test
  void theNumbersWereMadeFromTheEmbeddedCheckpoint() throws Exception {
    Path folder = EmbeddedCheckpoint.folder();
    for (Map.Entry<String, JsonNode> file : MANIFEST.path("checkpoint").properties()) {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(Files.readAllBytes(folder.resolve(file.getKey())));
      assertThat(HexFormat.of().formatHex(hash))
          .as("%s; make the goldens again with tools/reference", file.getKey())
          .isEqualTo(file.getValue().asText());
    }
  }

  @TestFactory
  Stream<DynamicTest> drawsWhatDiffusersDraws() {
    return StreamSupport.stream(MANIFEST.path("cases").spliterator(), false)
        .map(c -> DynamicTest.dynamicTest(c.path("name").asText(), () -> check(c)));
  }

  /** T5's and CLIP's outputs, handed in as the caller's own embeddings, give diffusers' picture. */
  @TestFactory
  Stream<DynamicTest> drawsTheSameFromDiffusersOwnEmbeddings() {
    return StreamSupport.stream(MANIFEST.path("cases").spliterator(), false)
        .filter(c -> c.path("tensors").has("hidden"))
        .map(c -> DynamicTest.dynamicTest(c.path("name").asText(), () -> checkEmbeddings(c)));
  }

  private static void checkEmbeddings(JsonNode golden) {
    String file = golden.path("name").asText() + ".safetensors";
    Embeddings embeddings =
        new Embeddings(
            floats(golden, file, "hidden"),
            floats(golden, file, "pooled"),
            Optional.empty(),
            Optional.empty());
    float[] noise = Golden.tensor(file, "noise");
    TextToImage asText = call(golden, false);
    Sampling sampling = asText.sampling();
    LatentGrid grid = new LatentGrid(16, sampling.height() / 16, sampling.width() / 16);
    Sampling call =
        sampling
            .with()
            .prompts(List.of())
            .embeddings(Optional.of(embeddings))
            .noise(List.of())
            .latents(Optional.of(packed(grid, noise)))
            .build();
    float[] latents = joined(EmbeddedEngine.ENGINE.draw(new TextToImage(call), StepWatcher.NONE));
    assertThat(largestDifference(latents, Golden.tensor(file, "latents")))
        .isLessThanOrEqualTo(LATENTS_WITHIN);
  }

  private static Floats packed(LatentGrid grid, float[] noise) {
    try (NDManager manager = EmbeddedEngine.ENGINE.manager().newSubManager()) {
      NDArray unpacked =
          manager.create(noise, new Shape(1, grid.channels(), grid.height(), grid.width()));
      return Floats.of(LatentGrid.pack(unpacked).toFloatArray(), 1, grid.tokens(), grid.features());
    }
  }

  private static Floats floats(JsonNode golden, String file, String name) {
    List<Integer> shape = new ArrayList<>();
    golden.path("tensors").path(name).forEach(side -> shape.add(side.asInt()));
    return Floats.of(
        Golden.tensor(file, name), shape.stream().mapToInt(Integer::intValue).toArray());
  }

  private static void check(JsonNode golden) {
    String name = golden.path("name").asText();
    float[] goldenLatents = Golden.tensor(name + ".safetensors", "latents");
    float[] goldenPixels = Golden.tensor(name + ".safetensors", "pixels");
    float[] latents = joined(EmbeddedEngine.ENGINE.draw(call(golden, false), StepWatcher.NONE));
    float[] pixels = joined(EmbeddedEngine.ENGINE.draw(call(golden, true), StepWatcher.NONE));
    float latent = largestDifference(latents, goldenLatents);
    float pixel = largestDifference(pixels, goldenPixels);
    worstLatent = Math.max(worstLatent, latent);
    worstPixel = Math.max(worstPixel, pixel);
    System.out.printf("golden %-22s latents %.2e pixels %.2e%n", name, latent, pixel);
    assertThat(latent).as("largest difference of latents").isLessThanOrEqualTo(LATENTS_WITHIN);
    assertThat(shareWithin(pixels, goldenPixels, PIXELS_WITHIN))
        .as("share of pixels within 1/255")
        .isGreaterThanOrEqualTo(0.999);
  }

  private static TextToImage call(JsonNode golden, boolean decode) {
    List<String> clip = texts(golden.path("prompt"));
    List<String> t5 = golden.hasNonNull("prompt_2") ? texts(golden.path("prompt_2")) : clip;
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < clip.size(); i++) {
      prompts.add(new Prompt(clip.get(i), t5.get(i)));
    }
    List<Noise> noise = new ArrayList<>();
    if (golden.has("seed")) {
      noise.add(Noise.of(golden.path("seed").asLong()));
    }
    golden.path("seeds").forEach(seed -> noise.add(Noise.of(seed.asLong())));
    List<Double> sigmas = new ArrayList<>();
    golden.path("sigmas").forEach(sigma -> sigmas.add(sigma.asDouble()));
    return new TextToImage(
        new Sampling(
            prompts,
            texts(golden.path("negative_prompt")).stream().map(Prompt::of).toList(),
            Optional.empty(),
            golden.path("width").asInt(),
            golden.path("height").asInt(),
            golden.path("steps").asInt(),
            sigmas,
            golden.path("guidance").asDouble(),
            golden.path("true_cfg_scale").asDouble(1),
            golden.path("images").asInt(),
            noise,
            Optional.empty(),
            golden.path("text_positions").asInt(),
            1,
            decode));
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isTextual()) {
      texts.add(node.asText());
    }
    node.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static float[] joined(Drawing drawing) {
    int each = drawing.pictures().get(0).values().length;
    float[] all = new float[each * drawing.pictures().size()];
    for (int i = 0; i < drawing.pictures().size(); i++) {
      System.arraycopy(drawing.pictures().get(i).values(), 0, all, i * each, each);
    }
    return all;
  }

  private static float largestDifference(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    float largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - wanted[i]));
    }
    return largest;
  }

  private static double shareWithin(float[] found, float[] wanted, float tolerance) {
    int within = 0;
    for (int i = 0; i < found.length; i++) {
      within += Math.abs(found[i] - wanted[i]) <= tolerance ? 1 : 0;
    }
    return (double) within / found.length;
  }
}
