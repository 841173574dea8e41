package dev.fluxbridge.legacy.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.checkpoint.StoredTensors.Piece;
import dev.fluxbridge.legacy.kernels.Placement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint folder in diffusers' layout: {@code model_index.json}, and a folder for each part.
 *
 * <p>It reads, and never writes. Immutable, safe for use by several threads.
 *
 * <p>Source: DiffusionPipeline.save_pretrained of diffusers 0.35.
 */
public final class Checkpoint {
  private static final String WHOLE = StoredTensors.WHOLE;

  /** Pipelines over one set of parts; which of them a caller wants is the caller's choice. */
  private static final Object[] FAMILY = {
    "FluxPipeline",
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
    "FlexPipeline",
    "Flex2Pipeline"
  };

  private static final List<String> STEMS = List.of("diffusion_pytorch_model", "model");

  private static final List<String> OTHERS =
      List.of(
          "diffusion_pytorch_model.bin",
          "pytorch_model.bin",
          "diffusion_pytorch_model.bin.index.json",
          "pytorch_model.bin.index.json");

  private final Path folder;
  private final Config index;
  private final String className;

  private Checkpoint(Path folder, Config index, String className) {
    this.folder = folder;
    this.index = index;
    this.className = className;
  }

  /**
   * Opens a folder.
   *
   * @throws CheckpointException if it is missing, or no pipeline of the FLUX.1 family
   */
  public static Checkpoint open(Path folder) {
    if (Files.isRegularFile(folder)) {
      throw new CheckpointException(
          "that is a file, and a pipeline is a folder of several parts",
          folder,
          "Give the path of a diffusers folder; a single file can stand in for its transformer.");
    }
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(
          "the checkpoint folder is missing", folder, "Give the path of a diffusers folder.");
    }
    Config index = Config.read(folder.resolve("model_index.json"));
    // A pipeline with code of its own is saved as [module, class].
    JsonNode saved = index.root().path("_class_name");
    String className = (saved.isArray() ? saved.path(saved.size() - 1) : saved).asText("(none)");
    index.only("_class_name", className, FAMILY);
    return new Checkpoint(folder, index, className);
  }

  /** The pipeline's class in {@code model_index.json}, such as {@code FluxFillPipeline}. */
  public String className() {
    return className;
  }

  /**
   * The folder of one part, such as {@code transformer}.
   *
   * @throws CheckpointException if it is missing, or the index gives it another class
   */
  public Path part(String name, String... classes) {
    JsonNode entry = index.root().path(name);
    if (!entry.isArray() || entry.size() != 2 || !entry.get(1).isTextual()) {
      throw new CheckpointException(
          "the part \"" + name + "\" is missing or null", index.file(), WHOLE);
    }
    index.only(name, entry.get(1).textValue(), (Object[]) classes);
    Path part = folder.resolve(name);
    if (!Files.isDirectory(part)) {
      throw new CheckpointException("the part's folder is missing", part, WHOLE);
    }
    return part;
  }

  /** Whether the index gives that part that class. */
  public boolean names(String part, String className) {
    return index.root().path(part).path(1).asText().equals(className);
  }

  /**
   * Loads the tensors of one part.
   *
   * @param aliases second names of tensors, by the expected name: tied weights are stored once
   * @param placement where they go
   * @throws CheckpointException if one is missing, or has another shape or a type that cannot be
   *     loaded
   */
  public static Weights weights(
      Path part, ExpectedTensors expected, Map<String, String> aliases, Placement placement) {
    Path config = part.resolve("config.json");
    if (Files.isRegularFile(config)
        && Config.read(config).root().hasNonNull("quantization_config")) {
      throw new CheckpointException(
          "the weights are quantised (\"quantization_config\")", config, Foreign.LOADABLE);
    }
    Map<String, Piece> pieces = new HashMap<>();
    files(part).forEach((name, file) -> pieces.put(name, Piece.of(file, name)));
    return new StoredTensors(part, pieces).load(expected, aliases, placement);
  }

  /**
   * Whether a part's files hold a tensor of that name.
   *
   * @throws CheckpointException if there are no weights, or damaged ones
   */
  public static boolean has(Path part, String tensor) {
    return files(part).containsKey(tensor);
  }

  /** Which file holds which tensor. */
  private static Map<String, SafetensorsFile> files(Path part) {
    Map<String, SafetensorsFile> files = new HashMap<>();
    for (String stem : STEMS) {
      for (String variant : List.of("", ".bf16", ".fp16")) {
        Path single = part.resolve(stem + variant + ".safetensors");
        if (Files.isRegularFile(single)) {
          SafetensorsFile file = SafetensorsFile.open(single);
          file.names().forEach(name -> files.put(name, file));
          return files;
        }
        Path index = part.resolve(stem + ".safetensors.index" + variant + ".json");
        if (Files.isRegularFile(index)) {
          return shards(Config.read(index));
        }
      }
    }
    for (String other : OTHERS) {
      if (Files.isRegularFile(part.resolve(other))) {
        throw new CheckpointException(
            "the weights are pickled (" + other + "), which can run code when they are read",
            part,
            "Save the checkpoint as safetensors (safe_serialization=True).");
      }
    }
    throw new CheckpointException(
        "there are no weights: neither diffusion_pytorch_model.safetensors nor model.safetensors,"
            + " nor an index of shards",
        part,
        "Save the checkpoint as safetensors (safe_serialization=True).");
  }

  private static Map<String, SafetensorsFile> shards(Config index) {
    JsonNode map = index.root().path("weight_map");
    if (!map.isObject()) {
      throw new CheckpointException("\"weight_map\" is missing", index.file(), WHOLE);
    }
    Map<String, SafetensorsFile> opened = new HashMap<>();
    Map<String, SafetensorsFile> files = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : map.properties()) {
      SafetensorsFile shard =
          opened.computeIfAbsent(field.getValue().asText(), name -> shard(index, name));
      if (!shard.has(field.getKey())) {
        throw new CheckpointException(
            "the tensor " + field.getKey() + " is missing, though the index places it here",
            shard.file(),
            WHOLE);
      }
      files.put(field.getKey(), shard);
    }
    return files;
  }

  private static SafetensorsFile shard(Config index, String name) {
    Path folder = index.file().toAbsolutePath().getParent();
    @Nullable Path plain = Path.of(name).getFileName();
    if (folder == null || plain == null || !plain.toString().equals(name)) {
      throw new CheckpointException(
          "the shard name \"" + name + "\" is no plain file name", index.file(), WHOLE);
    }
    Path file = folder.resolve(plain);
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException("the shard " + name + " is missing", index.file(), WHOLE);
    }
    return SafetensorsFile.open(file);
  }
}
