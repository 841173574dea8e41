package dev.fluxbridge.legacy.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.kernels.Placement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
  private static final String WHOLE = "Copy the whole checkpoint folder as diffusers saved it.";
  private static final List<String> STEMS = List.of("diffusion_pytorch_model", "model");

  private final Path folder;
  private final Config index;

  private Checkpoint(Path folder, Config index) {
    this.folder = folder;
    this.index = index;
  }

  /**
   * Opens a folder.
   *
   * @throws CheckpointException if it is missing, or no FLUX pipeline
   */
  public static Checkpoint open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(
          "the checkpoint folder is missing", folder, "Give the path of a diffusers folder.");
    }
    Config index = Config.read(folder.resolve("model_index.json"));
    index.only("_class_name", index.text("_class_name", "(none)"), "FluxPipeline");
    return new Checkpoint(folder, index);
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
    Map<String, SafetensorsFile> files = files(part);
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    expected
        .shapes()
        .forEach(
            (name, shape) -> {
              String stored = files.containsKey(name) ? name : aliases.getOrDefault(name, name);
              SafetensorsFile file = files.get(stored);
              if (file == null) {
                throw new CheckpointException(
                    "the tensor " + name + " " + shape + " is missing", part, WHOLE);
              }
              Shape found = file.shape(stored).orElse(shape);
              if (!found.equals(shape)) {
                throw new CheckpointException(
                    stored + " has the shape " + found + ", but config.json makes it " + shape,
                    file.file(),
                    "Take config.json and weights from the same checkpoint.");
              }
              tensors.put(name, file.load(stored, placement));
            });
    return new Weights(tensors, "");
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
      if (shard.shape(field.getKey()).isEmpty()) {
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
