package dev.fluxbridge.golden.onnx;

import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.golden.PictureMeasure;
import dev.fluxbridge.golden.onnx.Network.Given;
import dev.fluxbridge.providers.Bitmap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How well a picture shows what a text says: 100 times the cosine of CLIP's two embeddings, and 0
 * where that is below; higher is better. Real pictures of OpenAI's CLIP score about 20 to 35, so
 * limits are found by trying, not by thinking.
 *
 * <pre>{@code
 * try (ImageTextScore clip = ImageTextScore.open(Path.of("clip-vit-base-patch32-onnx"))) {
 *   assertThat(clip.of(picture, "a red circle")).isGreaterThan(25);
 * }
 * }</pre>
 *
 * <p>The folder is one of {@code optimum-cli export onnx}: {@code model.onnx}, {@code
 * preprocessor_config.json}, and {@code tokenizer.json} or {@code vocab.json} with {@code
 * merges.txt}. It reads English as well as CLIP does, and of a text at most 77 tokens. Safe for use
 * by several threads, which wait for each other; it holds native memory until it is closed.
 *
 * <p>Source: Hessel and others 2021; clipped and scaled as torchmetrics' CLIPScore. A text that is
 * too long keeps the mark at its end, as transformers cuts it.
 */
public final class ImageTextScore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ImageTextScore.class);
  private static final String EXPECTED =
      "CLIP as optimum exports it (input_ids and attention_mask of INT64, pixel_values of FLOAT; text_embeds and image_embeds of FLOAT)";
  private static final List<String> WANTED = List.of("text_embeds", "image_embeds");

  private final Network network;
  private final Preprocessing pixels;
  private final ClipTokenizer tokenizer;
  private final Floats floats = new Floats();
  private final long places;
  private final String hash;
  private final String label;

  private ImageTextScore(Network network, Path folder) {
    Path preprocessor = folder.resolve("preprocessor_config.json");
    if (!Files.isRegularFile(preprocessor)) {
      throw new GoldenException(
          "%s has no preprocessor_config.json: copy the whole folder as it was exported"
              .formatted(folder));
    }
    this.network = network;
    this.places = Objects.requireNonNull(network.inputs().get("input_ids")).getShape()[1];
    this.pixels = Preprocessing.read(preprocessor);
    this.tokenizer = ClipVocabulary.read(folder);
    List<Path> others = new ArrayList<>(ClipVocabulary.files(folder));
    others.add(preprocessor);
    this.hash = WeightsHash.of(folder.resolve("model.onnx"), others);
    this.label = "image-text score (%s)".formatted(folder.toAbsolutePath().getFileName());
  }

  /**
   * Opens a folder.
   *
   * @throws GoldenException for a file that is missing, or is not CLIP's, with what it has
   */
  public static ImageTextScore open(Path folder) {
    Network network = Network.open(folder.resolve("model.onnx"));
    try {
      check(network);
      return new ImageTextScore(network, folder);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private static void check(Network network) {
    Map<String, TensorInfo> inputs = network.inputs();
    boolean fits =
        inputs.keySet().equals(Set.of("input_ids", "attention_mask", "pixel_values"))
            && network.outputs().keySet().containsAll(WANTED)
            && is(inputs.get("input_ids"), OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, 2)
            && is(
                inputs.get("attention_mask"), OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, 2)
            && is(
                inputs.get("pixel_values"), OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, 4);
    for (String output : WANTED) {
      fits =
          fits
              && is(
                  network.outputs().get(output),
                  OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT,
                  2);
    }
    if (!fits) {
      throw network.not(EXPECTED);
    }
  }

  private static boolean is(@Nullable TensorInfo tensor, OnnxTensorType type, int sides) {
    return tensor != null && tensor.onnxType == type && tensor.getShape().length == sides;
  }

  /**
   * The score, 0 to 100. A text that is too long is cut, and that is told with a warning.
   *
   * @throws GoldenException where the network gives no number
   */
  public synchronized double of(Bitmap picture, String text) {
    ClipTokenizer.Tokens tokens = tokenizer.encode(text);
    if (tokens.cut() > 0) {
      LOG.warn(
          "the last {} tokens of a text are not scored: {} reads {} with its marks",
          tokens.cut(),
          label,
          tokens.ids().length);
    }
    long[] ids = padded(tokens.ids());
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 0, tokens.ids().length, 1);
    List<float[]> embeddings =
        network.run(
            Map.of(
                "input_ids",
                new Given.Row(ids),
                "attention_mask",
                new Given.Row(mask),
                "pixel_values",
                pixels.of(picture, floats)),
            WANTED,
            "a picture of %dx%d and %d tokens"
                .formatted(picture.width(), picture.height(), tokens.ids().length));
    return Math.max(0, 100 * cosine(embeddings.get(0), embeddings.get(1)));
  }

  /** A file may have a fixed number of places; what lies behind the end is never read. */
  private long[] padded(long[] ids) {
    if (places <= ids.length) {
      return ids;
    }
    long[] padded = Arrays.copyOf(ids, (int) places);
    Arrays.fill(padded, ids.length, padded.length, ids[ids.length - 1]);
    return padded;
  }

  private double cosine(float[] one, float[] other) {
    double dot = 0;
    double ofOne = 0;
    double ofOther = 0;
    for (int i = 0; i < Math.min(one.length, other.length); i++) {
      dot += (double) one[i] * other[i];
      ofOne += (double) one[i] * one[i];
      ofOther += (double) other[i] * other[i];
    }
    double cosine = dot / Math.sqrt(ofOne * ofOther);
    if (one.length != other.length || !Double.isFinite(cosine)) {
      throw new GoldenException(
          "%s gave embeddings without an angle between them: its weights may be damaged"
              .formatted(network));
    }
    return Math.max(-1, Math.min(1, cosine));
  }

  /**
   * The score of this text as a measure that a golden's test brings along. It looks at the received
   * picture alone.
   */
  public PictureMeasure ofText(String text) {
    return new TextMeasure(
        this, text, "IMAGE_TEXT_SCORE:sha256-%s-%s".formatted(hash, WeightsHash.of(text)), label);
  }

  @Override
  public void close() {
    network.close();
  }

  /** Tells the file. */
  @Override
  public String toString() {
    return "ImageTextScore[%s]".formatted(network);
  }
}
