package dev.fluxbridge.golden.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.golden.GoldenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipTokenizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CLIP = References.file("clip");

  @Test
  void idsAreThoseOfTransformers() throws IOException {
    assertThat(differences(ClipVocabulary.read(CLIP))).isEmpty();
  }

  @Test
  void theOlderPairOfFilesGivesTheSameIds(@TempDir Path folder) throws IOException {
    for (String name : List.of("vocab.json", "merges.txt")) {
      Files.copy(CLIP.resolve(name), folder.resolve(name));
    }

    assertThat(differences(ClipVocabulary.read(folder))).isEmpty();
  }

  private static List<String> differences(ClipTokenizer tokenizer) throws IOException {
    List<String> wrong = new ArrayList<>();
    List<String> lines = References.lines("tokens.ndjson");
    assertThat(lines).hasSizeGreaterThan(300);
    for (String line : lines) {
      JsonNode json = JSON.readTree(line);
      long[] expected =
          StreamSupport.stream(json.path("ids").spliterator(), false)
              .mapToLong(JsonNode::asLong)
              .toArray();
      long[] ids = tokenizer.encode(json.path("text").asText()).ids();
      if (!Arrays.equals(expected, ids)) {
        wrong.add(line + " but here " + Arrays.toString(ids));
      }
    }
    return wrong;
  }

  @Test
  void aTextThatIsTooLongIsCutAndKeepsItsEnd() {
    ClipTokenizer tokenizer = ClipVocabulary.read(CLIP);

    ClipTokenizer.Tokens fits = tokenizer.encode("a ".repeat(75));
    ClipTokenizer.Tokens cut = tokenizer.encode("a ".repeat(80));

    assertThat(fits.cut()).isZero();
    assertThat(cut.cut()).isEqualTo(5);
    assertThat(cut.ids()).isEqualTo(fits.ids()).hasSize(77);
    assertThat(cut.ids()[76]).isEqualTo(tokenizer.id(ClipTokenizer.END));
  }

  @Test
  void aTokenizerThatIsNotClipsIsRefused(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> ClipVocabulary.read(folder))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("neither tokenizer.json nor vocab.json with merges.txt");

    Files.writeString(
        folder.resolve("tokenizer.json"), "{\"model\":{\"type\":\"Unigram\",\"vocab\":[]}}");
    assertThatThrownBy(() -> ClipVocabulary.read(folder))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("this tokenizer is not CLIP's but missing");

    Files.writeString(folder.resolve("tokenizer.json"), "{\n\"model\":");
    assertThatThrownBy(() -> ClipVocabulary.read(folder))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("tokenizer.json is no JSON at line 2");

    Files.writeString(
        folder.resolve("tokenizer.json"),
        "{\"model\":{\"end_of_word_suffix\":\"</w>\",\"vocab\":{\"a\":0},\"merges\":[]}}");
    assertThatThrownBy(() -> ClipVocabulary.read(folder))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("no '<|startoftext|>'");
  }
}
