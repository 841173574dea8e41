package dev.fluxbridge.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The checkpoints of tools/reference/derived.py, made of the embedded one as the script makes them:
 * a kind a folder, once a test run.
 */
public final class DerivedCheckpoint {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
  private static final Path TARGET = Path.of("target", "derived");
  private static final Map<String, Path> MADE = new ConcurrentHashMap<>();

  private static final Map<String, Integer> COLUMNS =
      Map.of("control", 128, "fill", 384, "flex", 196);
  private static final Map<String, Counts> CONTROLNETS =
      Map.of(
          "controlnet", new Counts(2, 3, 0),
          "controlnet-double", new Counts(2, 0, 0),
          "controlnet-union", new Counts(1, 2, 5));

  /** Blocks of a ControlNet, and the modes of a union, 0 if it is none. */
  private record Counts(int doubles, int singles, int modes) {}

  private DerivedCheckpoint() {}

  /** The folder of a kind: a pipeline's, or a ControlNet's with just its config and its weights. */
  public static Path folder(String kind) {
    return MADE.computeIfAbsent(kind, DerivedCheckpoint::make);
  }

  /** Names, shapes and numbers as the script hashes them, whatever their order in the file. */
  static String contents(String kind) {
    Path folder = folder(kind);
    Map<String, Floats> tensors =
        read(CONTROLNETS.containsKey(kind) ? folder : folder.resolve("transformer"));
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new TreeMap<>(tensors)
          .forEach(
              (name, tensor) -> {
                String shape = String.join(",", tensor.shape().stream().map(s -> "" + s).toList());
                digest.update((name + " " + shape + "\n").getBytes(UTF_8));
                ByteBuffer bytes = littleEndian(tensor.values().length * Float.BYTES);
                bytes.asFloatBuffer().put(tensor.values());
                digest.update(bytes);
              });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static Path make(String kind) {
    Path tiny = EmbeddedCheckpoint.folder();
    if (kind.equals("tiny")) {
      return tiny;
    }
    try {
      Map<String, Floats> tensors = read(tiny.resolve("transformer"));
      Path config = tiny.resolve("transformer").resolve("config.json");
      ObjectNode sizes = (ObjectNode) JSON.readTree(config.toFile());
      Path folder = TARGET.resolve(kind);
      if (CONTROLNETS.containsKey(kind)) {
        controlNet(tensors, sizes, kind, CONTROLNETS.get(kind));
        return write(folder, tensors, sizes);
      }
      copyAllButTheTransformer(tiny, folder);
      sizes.set("out_channels", sizes.path("in_channels"));
      if (COLUMNS.containsKey(kind)) {
        sizes.put("in_channels", COLUMNS.get(kind));
        widen(tensors, kind, kind.equals("fill") ? 0.15 : 0.25);
      } else {
        sizes.put("guidance_embeds", false);
        tensors.keySet().removeIf(name -> name.contains(".guidance_embedder."));
      }
      write(folder.resolve("transformer"), tensors, sizes);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void widen(Map<String, Floats> tensors, String kind, double amplitude) {
    Floats old = tensors.get("x_embedder.weight");
    int rows = old.shape().get(0);
    int before = old.shape().get(1);
    int more = COLUMNS.get(kind) - before;
    float[] added = Recipe.numbers(kind + ".x_embedder.weight", rows * more, amplitude);
    float[] wide = new float[rows * (before + more)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(old.values(), row * before, wide, row * (before + more), before);
      System.arraycopy(added, row * more, wide, row * (before + more) + before, more);
    }
    tensors.put("x_embedder.weight", Floats.of(wide, rows, before + more));
  }

  private static void controlNet(
      Map<String, Floats> tensors, ObjectNode sizes, String kind, Counts counts) {
    int inner = tensors.get("x_embedder.weight").shape().get(0);
    int features = tensors.get("x_embedder.weight").shape().get(1);
    tensors.keySet().removeIf(name -> !belongs(name, counts));
    for (int i = 0; i < counts.doubles(); i++) {
      linear(tensors, kind, "controlnet_blocks." + i, inner, inner);
    }
    for (int i = 0; i < counts.singles(); i++) {
      linear(tensors, kind, "controlnet_single_blocks." + i, inner, inner);
    }
    linear(tensors, kind, "controlnet_x_embedder", inner, features);
    sizes.remove("out_channels");
    sizes.put("_class_name", "FluxControlNetModel");
    sizes.putNull("conditioning_embedding_channels");
    sizes.put("num_layers", counts.doubles()).put("num_single_layers", counts.singles());
    sizes.putNull("num_mode");
    if (counts.modes() > 0) {
      String name = "controlnet_mode_embedder.weight";
      int modes = counts.modes();
      float[] values = Recipe.numbers(kind + "." + name, modes * inner, 1);
      tensors.put(name, Floats.of(values, modes, inner));
      sizes.put("num_mode", modes);
    }
  }

  private static boolean belongs(String name, Counts counts) {
    List<String> parts = List.of(name.split("\\."));
    return switch (parts.get(0)) {
      case "x_embedder", "context_embedder", "time_text_embed" -> true;
      case "transformer_blocks" -> Integer.parseInt(parts.get(1)) < counts.doubles();
      case "single_transformer_blocks" -> Integer.parseInt(parts.get(1)) < counts.singles();
      default -> false;
    };
  }

  private static void linear(
      Map<String, Floats> tensors, String kind, String name, int outputs, int inputs) {
    String full = kind + "." + name;
    tensors.put(
        name + ".weight",
        Floats.of(Recipe.numbers(full + ".weight", outputs * inputs, 0.05), outputs, inputs));
    tensors.put(name + ".bias", Floats.of(Recipe.numbers(full + ".bias", outputs, 0.05), outputs));
  }

  private static Path write(Path folder, Map<String, Floats> tensors, ObjectNode config)
      throws IOException {
    Files.createDirectories(folder);
    SafetensorsWriter writer =
        new SafetensorsWriter().values((name, count) -> tensors.get(name).values());
    tensors.forEach(
        (name, tensor) ->
            writer
                .shapes()
                .put(name, new Shape(tensor.shape().stream().mapToLong(s -> s).toArray())));
    writer.write(folder.resolve(WEIGHTS));
    Files.writeString(folder.resolve("config.json"), config.toPrettyString());
    return folder;
  }

  private static void copyAllButTheTransformer(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = from.relativize(file);
        if (!relative.startsWith("transformer")) {
          Files.createDirectories(to.resolve(relative).getParent());
          Files.write(to.resolve(relative), Files.readAllBytes(file));
        }
      }
    }
  }

  private static Map<String, Floats> read(Path folder) {
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Files.readAllBytes(folder.resolve(WEIGHTS)))
              .order(ByteOrder.LITTLE_ENDIAN);
      byte[] header = new byte[(int) bytes.getLong()];
      bytes.get(header);
      int start = bytes.position();
      Map<String, Floats> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : JSON.readTree(header).properties()) {
        if (!entry.getKey().equals("__metadata__")) {
          JsonNode sides = entry.getValue().path("shape");
          int[] shape = new int[sides.size()];
          int count = 1;
          for (int i = 0; i < shape.length; i++) {
            shape[i] = sides.path(i).asInt();
            count *= shape[i];
          }
          float[] values = new float[count];
          bytes.position(start + entry.getValue().path("data_offsets").path(0).asInt());
          bytes.asFloatBuffer().get(values);
          tensors.put(entry.getKey(), Floats.of(values, shape));
        }
      }
      return tensors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
