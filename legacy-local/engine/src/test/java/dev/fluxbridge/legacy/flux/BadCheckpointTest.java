package dev.fluxbridge.legacy.flux;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.text.T5Files;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every damaged checkpoint is one clear error, and the JVM goes on. */
class BadCheckpointTest {
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  private interface Damage {
    void to(Path checkpoint) throws IOException;
  }

  @TestFactory
  Stream<DynamicTest> refuses(@TempDir Path folder) {
    return Stream.of(
            damaged(
                "a missing folder", BadCheckpointTest::deleteAll, "checkpoint folder is missing"),
            damaged(
                "a missing index",
                c -> delete(c, "model_index.json"),
                "model_index.json",
                "missing"),
            damaged(
                "an index that is not JSON",
                c -> write(c, "model_index.json", "{oops"),
                "not JSON"),
            damaged(
                "an index that is a list",
                c -> write(c, "model_index.json", "[]"),
                "no JSON object"),
            damaged(
                "another pipeline",
                c -> edit(c, "model_index.json", "\"FluxPipeline\"", "\"Flux2Pipeline\""),
                "_class_name",
                "Flux2Pipeline",
                "FluxPipeline"),
            damaged(
                "a part that the index lacks",
                c -> edit(c, "model_index.json", "\"vae\"", "\"vea\""),
                "\"vae\" is missing"),
            damaged(
                "a part of another class",
                c -> edit(c, "model_index.json", "\"AutoencoderKL\"", "\"AutoencoderTiny\""),
                "AutoencoderTiny"),
            damaged(
                "a missing part",
                c -> deleteAll(c.resolve("transformer")),
                "transformer",
                "part's folder"),
            damaged(
                "a missing configuration", c -> delete(c, "vae/config.json"), "vae", "config.json"),
            damaged(
                "a configuration that lacks a key",
                c -> edit(c, "transformer/config.json", "attention_head_dim", "head_dim"),
                "transformer",
                "\"attention_head_dim\" is missing"),
            damaged(
                "a configuration with a text for a number",
                c ->
                    edit(
                        c, "transformer/config.json", "\"num_layers\": 2", "\"num_layers\": \"2\""),
                "\"num_layers\" is \"2\"",
                "whole number"),
            damaged(
                "more layers than any model has",
                c ->
                    edit(
                        c,
                        "transformer/config.json",
                        "\"num_layers\": 2",
                        "\"num_layers\": 2147483647"),
                "num_layers",
                "at most 1000"),
            damaged(
                "a tokenizer that makes more ids than CLIP reads",
                c -> edit(c, "tokenizer/tokenizer_config.json", ": 77", ": 1"),
                "makes 1 ids",
                "2 to 77"),
            damaged(
                "rotary axes that do not fit",
                c ->
                    edit(
                        c,
                        "transformer/config.json",
                        "\"attention_head_dim\": 24",
                        "\"attention_head_dim\": 32"),
                "axes_dims_rope",
                "attention_head_dim"),
            damaged(
                "a model of another class",
                c ->
                    edit(
                        c,
                        "transformer/config.json",
                        "FluxTransformer2DModel",
                        "SD3Transformer2DModel"),
                "SD3Transformer2DModel"),
            damaged(
                "a tensor of another shape",
                c -> edit(c, "text_encoder/config.json", "\"vocab_size\": ", "\"vocab_size\": 1"),
                "text_model.embeddings.token_embedding.weight has the shape",
                "config.json makes it"),
            damaged(
                "a missing tensor",
                c -> edit(c, "transformer/config.json", "\"num_layers\": 2", "\"num_layers\": 9"),
                "transformer_blocks.",
                "norm1.linear.weight",
                "is missing"),
            damaged(
                "missing weights",
                c -> delete(c, "transformer/" + WEIGHTS),
                "there are no weights"),
            damaged(
                "pickled weights",
                c -> {
                  delete(c, "transformer/" + WEIGHTS);
                  write(c, "transformer/diffusion_pytorch_model.bin", "");
                },
                "pickled (diffusion_pytorch_model.bin)",
                "safetensors"),
            damaged(
                "a quantised part",
                c ->
                    edit(
                        c,
                        "transformer/config.json",
                        "\"num_layers\"",
                        "\"quantization_config\": {\"quant_method\": \"bitsandbytes\"}, \"num_layers\""),
                "quantised",
                "quantization_config",
                "What can be loaded"),
            damaged("truncated weights", c -> cut(c.resolve("vae").resolve(WEIGHTS)), "cut short"),
            damaged(
                "quantised weights",
                c ->
                    replaceBytes(
                        c.resolve("transformer").resolve(WEIGHTS),
                        "\"dtype\":\"F32\"",
                        "\"dtype\":\"U32\""),
                "stored as U32",
                "F32, F16 and BF16",
                "not quantised"),
            damaged(
                "an index that names a missing shard",
                BadCheckpointTest::shards,
                "model-2-of-2.safetensors",
                "missing"),
            damaged(
                "an index that leaves the folder",
                c -> shards(c, "../vae/" + WEIGHTS),
                "no plain file name"),
            damaged(
                "an index that names the wrong shard",
                c -> {
                  shards(c, "model-2-of-2.safetensors");
                  Files.copy(
                      c.resolve("vae").resolve(WEIGHTS),
                      c.resolve("text_encoder/model-2-of-2.safetensors"));
                },
                "text_model.final_layer_norm.weight",
                "the index places it here"),
            damaged(
                "an unknown scheduler",
                c ->
                    edit(
                        c,
                        "scheduler/scheduler_config.json",
                        "\"shift_terminal\": null",
                        "\"shift_terminal\": 0.1"),
                "shift_terminal"),
            damaged(
                "a missing vocabulary",
                c -> delete(c, "tokenizer/vocab.json"),
                "vocab.json with merges.txt"),
            damaged(
                "a vocabulary without an end",
                c -> edit(c, "tokenizer/vocab.json", "<|endoftext|>", "<|end|>"),
                "<|endoftext|>",
                "vocab.json"),
            damaged(
                "merges that the vocabulary lacks",
                c -> write(c, "tokenizer/merges.txt", "#version: 0.2\nqqq zzz\n"),
                "tokenizer cannot be read",
                "tokenizer"),
            damaged(
                "merges that are none",
                c -> write(c, "tokenizer/merges.txt", "#version: 0.2\none\ntwo three four\n"),
                "tokenizer cannot be read",
                "tokenizer"),
            damaged(
                "a vocabulary whose ids the text encoder lacks",
                c -> edit(c, "tokenizer/vocab.json", "\"!\": 0", "\"!\": 99999"),
                "99999"),
            damaged(
                "a broken tokenizer",
                c -> write(c, "tokenizer_2/tokenizer.json", "{\"version\": \"1.0\"}"),
                "tokenizer cannot be read",
                "tokenizer.json"),
            damaged(
                "a tokenizer that is only a sentencepiece model",
                c -> delete(c, "tokenizer_2/tokenizer.json"),
                "spiece.model",
                "T5TokenizerFast"),
            damaged(
                "text encoders that do not fit the transformer",
                c -> {
                  deleteAll(c.resolve("text_encoder_2"));
                  T5Files.write(Files.createDirectory(c.resolve("text_encoder_2")), 1000, 16);
                },
                "text_encoder_2 with 16",
                "width of 64"))
        .map(
            d ->
                DynamicTest.dynamicTest(
                    d.name,
                    () -> {
                      Path copy = Files.createTempDirectory(folder, "checkpoint");
                      copy(EmbeddedCheckpoint.folder(), copy);
                      d.damage.to(copy);
                      assertThatThrownBy(() -> FluxEngine.load(copy).close())
                          .isInstanceOf(CheckpointException.class)
                          .hasMessageStartingWith(copy.toString())
                          .hasMessageContainingAll(d.named.toArray(new String[0]))
                          .hasMessageEndingWith(".");
                    }));
  }

  @Test
  void loadsShardsWhereTheIndexPlacesThem(@TempDir Path folder) throws IOException {
    copy(EmbeddedCheckpoint.folder(), folder);
    shards(folder, "model-2-of-2.safetensors");
    Files.copy(
        folder.resolve("text_encoder/model-1-of-2.safetensors"),
        folder.resolve("text_encoder/model-2-of-2.safetensors"));
    try (FluxEngine engine = FluxEngine.load(folder)) {
      TextToImage call = SmallCalls.of(1);
      assertThat(engine.draw(call, StepWatcher.NONE).pictures().get(0).values())
          .containsExactly(
              EmbeddedEngine.ENGINE.draw(call, StepWatcher.NONE).pictures().get(0).values());
    }
  }

  private record Damaged(String name, Damage damage, List<String> named) {}

  private static Damaged damaged(String name, Damage damage, String... named) {
    return new Damaged(name, damage, List.of(named));
  }

  private static void shards(Path checkpoint) throws IOException {
    shards(checkpoint, "model-2-of-2.safetensors");
  }

  /** Turns CLIP's weights into one shard, and an index that places a tensor elsewhere. */
  private static void shards(Path checkpoint, String shard) throws IOException {
    Path whole = checkpoint.resolve("text_encoder/model.safetensors");
    Files.move(whole, checkpoint.resolve("text_encoder/model-1-of-2.safetensors"));
    StringBuilder map = new StringBuilder();
    for (String name : names(checkpoint.resolve("text_encoder/model-1-of-2.safetensors"))) {
      boolean last = name.equals("text_model.final_layer_norm.weight");
      map.append(map.isEmpty() ? "" : ",")
          .append("\"%s\": \"%s\"".formatted(name, last ? shard : "model-1-of-2.safetensors"));
    }
    write(
        checkpoint,
        "text_encoder/model.safetensors.index.json",
        "{\"metadata\": {}, \"weight_map\": {%s}}".formatted(map));
  }

  private static List<String> names(Path safetensors) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(safetensors)).order(LITTLE_ENDIAN);
    byte[] header = new byte[(int) bytes.getLong()];
    bytes.get(header);
    List<String> names = new ArrayList<>();
    new ObjectMapper().readTree(header).fieldNames().forEachRemaining(names::add);
    names.remove("__metadata__");
    return names;
  }

  private static void write(Path checkpoint, String file, String text) throws IOException {
    Files.writeString(checkpoint.resolve(file), text, UTF_8);
  }

  private static void edit(Path checkpoint, String file, String from, String to)
      throws IOException {
    String text = Files.readString(checkpoint.resolve(file), UTF_8);
    if (!text.contains(from)) {
      throw new AssertionError(file + " does not contain " + from);
    }
    write(checkpoint, file, text.replace(from, to));
  }

  private static void replaceBytes(Path file, String from, String to) throws IOException {
    String text = new String(Files.readAllBytes(file), ISO_8859_1);
    Files.write(file, text.replace(from, to).getBytes(ISO_8859_1));
  }

  private static void cut(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
  }

  private static void delete(Path checkpoint, String file) throws IOException {
    Files.delete(checkpoint.resolve(file));
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }
}
