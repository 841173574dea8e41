package dev.fluxbridge.legacy.checkpoint;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.legacy.checkpoint.StoredTensors.Piece;
import dev.fluxbridge.legacy.kernels.Placement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A FLUX.1 transformer in one safetensors file, with the names of Black Forest Labs or diffusers'
 * own, alone or in a file that holds other parts too.
 *
 * <p>Fused matrices are not taken apart in memory: their rows are mapped one range each. The sizes
 * come from names and shapes. It reads no text encoder and no autoencoder. Immutable, safe for use
 * by several threads.
 *
 * <p>Source: diffusers 0.35, loaders/single_file_utils.py; flux/model.py of Black Forest Labs.
 */
public final class SingleFile {
  private static final List<String> PREFIXES =
      List.of("model.diffusion_model.", "diffusion_model.", "transformer.");
  private static final Pattern BLOCK =
      Pattern.compile("(single_)?transformer_blocks\\.(\\d+)\\..*");
  private static final String AXES = "axes_dims_rope";

  private final Path file;
  private final Map<String, Piece> pieces;
  private final Config config;

  private SingleFile(Path file, Map<String, Piece> pieces) {
    this.file = file;
    this.pieces = pieces;
    config = Config.of(file, inferred());
  }

  /**
   * Opens a file.
   *
   * @throws CheckpointException if it is missing, damaged, quantised, of another kind or family
   */
  public static SingleFile open(Path file) {
    SafetensorsFile opened = SafetensorsFile.open(file);
    String prefix = prefix(opened.names());
    Map<String, String> stored = new LinkedHashMap<>();
    for (String name : opened.names()) {
      if (name.startsWith(prefix)) {
        stored.put(name.substring(prefix.length()), name);
      }
    }
    Foreign.refuseRelatives(file, stored.keySet());
    if (stored.containsKey("img_in.weight")) {
      return new SingleFile(file, translated(opened, stored));
    } else if (stored.containsKey("x_embedder.weight")
        && stored.keySet().stream().anyMatch(name -> BLOCK.matcher(name).matches())) {
      Map<String, Piece> pieces = new LinkedHashMap<>();
      stored.forEach((name, inFile) -> pieces.put(name, Piece.of(opened, inFile)));
      return new SingleFile(file, pieces);
    }
    throw Foreign.unknown(file, opened.names());
  }

  private static String prefix(Set<String> names) {
    for (String prefix : PREFIXES) {
      if (names.contains(prefix + "img_in.weight")
          || names.contains(prefix + "x_embedder.weight")) {
        return prefix;
      }
    }
    return names.stream().anyMatch(name -> name.startsWith(PREFIXES.get(0))) ? PREFIXES.get(0) : "";
  }

  private static Map<String, Piece> translated(SafetensorsFile file, Map<String, String> stored) {
    long width = file.rows(stored.getOrDefault("img_in.weight", ""));
    Map<String, Piece> pieces = new LinkedHashMap<>();
    stored.forEach(
        (name, inFile) -> {
          List<String> words = BflNames.inDiffusersWords(name);
          long rows = file.rows(inFile);
          for (int i = 0; i < words.size(); i++) {
            boolean last = i == words.size() - 1;
            long first = i * width;
            // A fused tensor of too few rows has no rest; its shape is refused when it is loaded.
            long own = last ? Math.max(0, rows - first) : width;
            // Black Forest Labs put the shift before the scale, diffusers behind it.
            boolean swapped = words.get(i).startsWith("norm_out.");
            pieces.put(words.get(i), new Piece(file, inFile, first, own, swapped));
          }
        });
    return pieces;
  }

  /** The sizes, as diffusers' {@code config.json} of the transformer gives them. */
  public Config config() {
    return config;
  }

  /**
   * Loads the tensors.
   *
   * @throws CheckpointException if one is missing, or has another shape or a type that cannot be
   *     loaded
   */
  public Weights weights(ExpectedTensors expected, Placement placement) {
    return new StoredTensors(file, pieces).load(expected, Map.of(), placement);
  }

  private ObjectNode inferred() {
    Shape image = matrix("x_embedder.weight");
    int doubles = blocks(false);
    long headDim =
        shape(
                doubles > 0
                    ? "transformer_blocks.0.attn.norm_q.weight"
                    : "single_transformer_blocks.0.attn.norm_q.weight",
                1)
            .get(0);
    if (headDim == 0 || image.get(0) % headDim != 0) {
      throw new CheckpointException(
          "the model's width of " + image.get(0) + " does not divide into heads of " + headDim,
          file,
          Foreign.LOADABLE);
    }
    ObjectNode sizes =
        Config.JSON
            .createObjectNode()
            .put("_class_name", "FluxTransformer2DModel")
            .put("in_channels", image.get(1))
            .put("out_channels", matrix("proj_out.weight").get(0))
            .put("num_layers", doubles)
            .put("num_single_layers", blocks(true))
            .put("attention_head_dim", headDim)
            .put("num_attention_heads", image.get(0) / headDim)
            .put("joint_attention_dim", matrix("context_embedder.weight").get(1))
            .put(
                "pooled_projection_dim",
                matrix("time_text_embed.text_embedder.linear_1.weight").get(1))
            .put(
                "guidance_embeds",
                pieces.containsKey("time_text_embed.guidance_embedder.linear_1.weight"));
    if (headDim != 128) {
      sizes.set(AXES, axes(headDim));
    }
    return sizes;
  }

  /** How a head's features are shared among the axes: only heads of 128 have a known answer. */
  private JsonNode axes(long headDim) {
    Path beside = file.resolveSibling("config.json");
    if (Files.isRegularFile(beside)) {
      JsonNode axes = Config.read(beside).root().path(AXES);
      if (axes.isArray()) {
        return axes;
      }
    }
    throw new CheckpointException(
        "heads of " + headDim + " features do not tell how their axes are rotated",
        file,
        "Put the transformer's config.json with \"" + AXES + "\" beside the file.");
  }

  private int blocks(boolean single) {
    int blocks = 0;
    for (String name : pieces.keySet()) {
      Matcher block = BLOCK.matcher(name);
      if (block.matches() && (block.group(1) != null) == single && block.group(2).length() < 5) {
        blocks = Math.max(blocks, Integer.parseInt(block.group(2)) + 1);
      }
    }
    return blocks;
  }

  private Shape matrix(String name) {
    return shape(name, 2);
  }

  private Shape shape(String name, int sides) {
    Piece piece = pieces.get(name);
    if (piece == null) {
      throw new CheckpointException("the tensor " + name + " is missing", file, Foreign.LOADABLE);
    }
    // A quantised tensor's shape says nothing of the model.
    piece.file().precision(piece.name());
    if (piece.shape().dimension() != sides) {
      throw new CheckpointException(
          piece.name() + " has the shape " + piece.shape(), file, Foreign.LOADABLE);
    }
    return piece.shape();
  }
}
