package dev.fluxbridge.legacy.text;

import dev.fluxbridge.legacy.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A T5 encoder of two layers, filled by the rule of the golden numbers. */
public final class T5Files {
  private T5Files() {}

  public static void write(Path part, int vocabSize, int dModel) throws IOException {
    Files.writeString(
        part.resolve("config.json"),
        """
        {"vocab_size": %d, "d_model": %d, "d_kv": 6, "d_ff": 24, "num_layers": 2, "num_heads": 2,
         "feed_forward_proj": "gated-gelu"}
        """
            .formatted(vocabSize, dModel));
    SafetensorsWriter.of(T5Encoder.tensors(vocabSize, dModel, 6, 24, 2, 2, 32))
        .write(part.resolve("model.safetensors"));
  }
}
