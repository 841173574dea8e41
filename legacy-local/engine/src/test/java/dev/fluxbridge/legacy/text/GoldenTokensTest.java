package dev.fluxbridge.legacy.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** tools/reference/token_ids.py made the ids with CLIPTokenizer (no ftfy) and T5TokenizerFast. */
class GoldenTokensTest {
  private static final JsonNode GOLDEN = Golden.json("token_ids.json");

  @TestFactory
  Stream<DynamicTest> readsForClipWhatTransformersReads() {
    ClipTokenizer clip =
        ClipTokenizer.load(EmbeddedCheckpoint.folder().resolve("tokenizer"), false);
    long pad = GOLDEN.path("clip_pad").asLong();
    return texts()
        .map(
            row ->
                test(row, () -> clip.encode(row.path("text").asText()), row.path("clip"), 77, pad))
        .onClose(clip::close);
  }

  @TestFactory
  Stream<DynamicTest> readsForT5WhatTransformersReads() {
    T5Tokenizer t5 = T5Tokenizer.load(EmbeddedCheckpoint.folder().resolve("tokenizer_2"));
    long pad = GOLDEN.path("t5_pad").asLong();
    return texts()
        .flatMap(
            row ->
                Stream.of(64, 512)
                    .map(
                        length ->
                            test(
                                row,
                                () -> t5.encode(row.path("text").asText(), length),
                                row.path("t5_" + length),
                                length,
                                pad)))
        .onClose(t5::close);
  }

  /** Native code would take half a surrogate pair badly; Python cannot even encode it. */
  @Test
  void readsHalvesOfSurrogatePairsAsUnknownCharacters() {
    Path folder = EmbeddedCheckpoint.folder();
    try (ClipTokenizer clip = ClipTokenizer.load(folder.resolve("tokenizer"), false);
        T5Tokenizer t5 = T5Tokenizer.load(folder.resolve("tokenizer_2"))) {
      assertThat(clip.encode("red \ud83d circle")).containsExactly(clip.encode("red circle"));
      assertThat(t5.encode("red \ud83d", 8)).containsExactly(t5.encode("red \ufffd", 8));
    }
  }

  private interface Encoding {
    long[] ids();
  }

  private static Stream<JsonNode> texts() {
    return StreamSupport.stream(GOLDEN.path("texts").spliterator(), false);
  }

  private static DynamicTest test(
      JsonNode row, Encoding found, JsonNode wanted, int length, long pad) {
    String text = row.path("text").asText();
    return DynamicTest.dynamicTest(
        length + ": " + text.substring(0, Math.min(40, text.length())),
        () -> {
          long[] ids = new long[length];
          Arrays.fill(ids, pad);
          for (int i = 0; i < wanted.size(); i++) {
            ids[i] = wanted.get(i).asLong();
          }
          assertThat(found.ids()).containsExactly(ids);
        });
  }
}
