package dev.fluxbridge.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Tensor;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenStoreTest {
  private static final Place PLACE = new Place("com.example.FoxTest", "fox");
  private static final Bitmap FOX =
      Scenes.draw(new Scenes.Prompt(0, Color.ORANGE, Color.WHITE), 7, 32);
  private static final Origin ORIGIN =
      Origin.of("local", "flux-dev").onDevice("cpu-amd64").with("djl", "0.35.1");
  private static final Approved GOLDEN =
      new Approved(
          Drawn.of(FOX),
          new Call(Map.of("prompts", List.of(Map.of("prompt", "a fox")), "guidance_scale", 3.5)),
          ORIGIN,
          new Limits(
              Map.of(
                  "SSIM",
                  new Limit(
                      "SSIM",
                      0.98123456789,
                      Limit.Basis.LEARNED,
                      Optional.of(new Floor(0.99, 0.001, 0.985, 8))),
                  "MAE",
                  Limit.byHand(Metric.MAE, 0.01))),
          false);

  private Path folder = Path.of("");
  private GoldenStore store = GoldenStore.standard();

  @BeforeEach
  void open(@TempDir Path folder) {
    this.folder = folder;
    store = GoldenStore.at(folder.resolve("goldens"));
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    store.write(PLACE, GOLDEN);

    Approved read = store.read(PLACE, ORIGIN.key()).orElseThrow();

    assertThat(read.drawn().sameAs(GOLDEN.drawn())).isTrue();
    assertThat(read.call()).isEqualTo(GOLDEN.call());
    assertThat(read.origin()).isEqualTo(ORIGIN);
    assertThat(read.limits().byMeasure().get("MAE"))
        .isEqualTo(GOLDEN.limits().byMeasure().get("MAE"));
    assertThat(read.limits().byMeasure().get("SSIM"))
        .isEqualTo(
            new Limit(
                "SSIM",
                0.981235,
                Limit.Basis.LEARNED,
                Optional.of(new Floor(0.99, 0.001, 0.985, 8))));
  }

  @Test
  void itReadsWellInAPullRequest() throws IOException {
    Path written = store.write(PLACE, GOLDEN);

    assertThat(written)
        .isEqualTo(
            folder.resolve("goldens/com.example.FoxTest/fox/local-flux-dev-cpu-amd64-941daf4f"));
    assertThat(Files.readString(written.resolve("golden.json")).replaceAll("[0-9a-f]{64}", "HASH"))
        .isEqualTo(
            """
            {
              "schema": 1,
              "call": {
                "guidance_scale": 3.5,
                "prompts": [
                  {
                    "prompt": "a fox"
                  }
                ]
              },
              "origin": {
                "cause": "",
                "checkpoint": "",
                "device": "cpu-amd64",
                "libraries": {
                  "djl": "0.35.1"
                },
                "model": "flux-dev",
                "notes": [],
                "request_ids": [],
                "route": "local",
                "seeds": []
              },
              "files": {
                "1.png": "sha256:HASH"
              },
              "limits_hold_for_any_road": false,
              "limits": {
                "MAE": {
                  "limit": 0.01,
                  "from": "by_hand"
                },
                "SSIM": {
                  "limit": 0.981235,
                  "from": "learned",
                  "runs": 8,
                  "mean": 0.99,
                  "spread": 0.001,
                  "quantile_99": 0.985
                }
              }
            }
            """);
  }

  @Test
  void thePictureIsKeptByteForByteAsItCameAsPng() throws IOException {
    // A part that no encoder of ours would write.
    byte[] png = withComment(Bitmaps.png(FOX));

    Path written = store.write(PLACE, new Approved(Drawn.of(png), Call.UNKNOWN, ORIGIN));

    assertThat(Files.readAllBytes(written.resolve("1.png"))).isEqualTo(png);
  }

  @Test
  void latentsAreKeptAsNumpyKeepsThem() {
    Tensor latents = Tensor.of(new float[] {1, -2.5f, 3e-20f, 4, 5, 6}, 1, 2, 3);

    store.write(PLACE, new Approved(Drawn.of(latents), Call.UNKNOWN, ORIGIN));

    Tensor read = store.read(PLACE, ORIGIN.key()).orElseThrow().drawn().latents().orElseThrow();
    assertThat(read.shape()).containsExactly(1, 2, 3);
    assertThat(read.values()).containsExactly(latents.values());
  }

  @Test
  void promptsCanBeLeftOut() throws IOException {
    System.setProperty("golden.prompts", "false");
    Path written;
    try {
      written = store.write(PLACE, GOLDEN);
    } finally {
      System.clearProperty("golden.prompts");
    }

    assertThat(Files.readString(written.resolve("golden.json")))
        .doesNotContain("a fox")
        .contains("sha256:" + Sha256.of("a fox"));
    assertThat(store.read(PLACE, ORIGIN.key()).orElseThrow().call().differences(GOLDEN.call()))
        .isEmpty();
  }

  @Test
  void twoDevicesRoadsCheckpointsOrLinesOfLibrariesNeverShareOne() {
    Stream<Origin> origins =
        Stream.of(
            ORIGIN,
            ORIGIN.onDevice("cuda-h100"),
            ORIGIN.with("djl", "0.36.0"),
            ORIGIN.with("onnxruntime", "1.22"),
            Origin.of("fal", "flux-dev").onDevice("cpu-amd64").with("djl", "0.35.1"),
            Origin.of("local", "flux_dev").onDevice("cpu-amd64").with("djl", "0.35.1"),
            ORIGIN.withCheckpoint(folder));

    assertThat(origins.map(Origin::key).distinct()).hasSize(7);
    assertThat(ORIGIN.with("djl", "0.35.2").key()).isEqualTo(ORIGIN.key());
  }

  @Test
  void aGoldenIsReplacedAsAWhole() throws IOException {
    store.write(PLACE, new Approved(Drawn.of(FOX, FOX), Call.UNKNOWN, ORIGIN));
    Path written = store.write(PLACE, GOLDEN);

    try (Stream<Path> files = Files.list(written)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("1.png", "golden.json");
    }
    try (Stream<Path> left = Files.list(written.getParent())) {
      assertThat(left).containsExactly(written);
    }
  }

  @Test
  void aFileThatIsTooLargeForSourcesIsRefusedWithTheWayOut() {
    GoldenStore small = store.bounded(200, 1000);

    assertThatThrownBy(() -> small.write(PLACE, GOLDEN))
        .hasMessageContaining("1.png has 0.0 MB")
        .hasMessageContaining("-Dgolden.file-megabytes");
    assertThatThrownBy(
            () ->
                store
                    .bounded(1 << 20, 1000)
                    .write(PLACE, new Approved(Drawn.of(FOX, FOX, FOX), Call.UNKNOWN, ORIGIN)))
        .hasMessageContaining("-Dgolden.megabytes");
    assertThat(store.keys(PLACE)).isEmpty();
  }

  @Test
  void aStoreThatCannotBeWrittenToLeavesEverythingAsItWas() throws IOException {
    Files.writeString(folder.resolve("goldens"), "a file where the store should be");

    assertThatThrownBy(() -> store.write(PLACE, GOLDEN))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("is its folder read-only")
        .hasMessageContaining("-Dgolden.store");
  }

  @Test
  void aReadOnlyStoreIsToldAsOne() throws IOException {
    store.write(PLACE, GOLDEN);
    Path parent = store.folder(PLACE, "").normalize();
    assumeThat(parent.toFile().setWritable(false)).isTrue();
    try {
      assumeThat(Files.isWritable(parent)).as("root writes everywhere").isFalse();
      assertThatThrownBy(() -> store.write(PLACE, GOLDEN)).hasMessageContaining("read-only");
      assertThat(store.read(PLACE, ORIGIN.key())).isPresent();
    } finally {
      parent.toFile().setWritable(true);
    }
  }

  @Test
  void whatIsMissingHalfOrChangedIsTold() throws IOException {
    Path written = store.write(PLACE, GOLDEN);
    Path json = written.resolve("golden.json");
    Path picture = written.resolve("1.png");
    String text = Files.readString(json);
    byte[] png = Files.readAllBytes(picture);

    assertThat(store.read(PLACE, "another-key")).isEmpty();
    assertDamaged(picture, Bitmaps.png(Scenes.noisy(FOX, 9, 1)), "not the file that was approved");
    assertDamaged(picture, java.util.Arrays.copyOf(png, png.length / 2), "is cut off");
    assertDamaged(picture, Scenes.jpeg(FOX, 0.9f), "is called image/png but is image/jpeg inside");
    Files.delete(picture);
    assertTold("1.png is missing");
    Files.write(picture, png);
    assertDamaged(json, new byte[0], "is empty");
    assertDamaged(json, text.substring(0, 99), "is no JSON at line");
    assertDamaged(json, text.replace("\"schema\": 1", "\"schema\": 2"), "of schema 2");
    assertDamaged(json, text.replace("\"schema\": 1", "\"schema\": 0"), "approve it anew");
    assertDamaged(json, text.replace("1.png", "../1.png"), "no file of a golden");
    assertDamaged(json, text.replace("1.png", "2.png"), "missing");
    assertDamaged(json, text.replace("SSIM", "SIMS"), "'SIMS', which is no measure");
    assertDamaged(json, text.replace("by_hand", "by_foot"), "'limits.MAE.from'");
    assertDamaged(json, text.replace("\"device\"", "\"devise\""), "no 'origin.device'");
    assertThat(store.read(PLACE, ORIGIN.key())).isPresent();
  }

  @Test
  void latentsThatAreNoNumbersAreRefusedBeforeTheyAreKept() {
    assertThatThrownBy(() -> Drawn.of(Tensor.of(new float[] {1, Float.NaN}, 2)))
        .hasMessageContaining("received latents of shape [2] holds NaN at number 1");
  }

  @Test
  void aNameThatIsNoFoldersNameIsRefused() {
    assertThatThrownBy(() -> new Place("com.example.FoxTest", "../fox"))
        .hasMessageContaining("'../fox' cannot be the name of a golden");
  }

  private void assertDamaged(Path file, String content, String message) throws IOException {
    assertDamaged(file, content.getBytes(StandardCharsets.UTF_8), message);
  }

  private void assertDamaged(Path file, byte[] content, String message) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, content);
    assertTold(message);
    Files.write(file, whole);
  }

  private void assertTold(String message) {
    assertThatThrownBy(() -> store.read(PLACE, ORIGIN.key()))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(PLACE.testClass());
  }

  private static byte[] withComment(byte[] png) {
    byte[] type = "tEXtGolden\0fox".getBytes(StandardCharsets.ISO_8859_1);
    java.util.zip.CRC32 sum = new java.util.zip.CRC32();
    sum.update(type);
    return java.nio.ByteBuffer.allocate(png.length + type.length + 8)
        .put(png, 0, png.length - 12)
        .putInt(type.length - 4)
        .put(type)
        .putInt((int) sum.getValue())
        .put(png, png.length - 12, 12)
        .array();
  }
}
