package dev.fluxbridge.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.documents.Documents;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Old callers' programs, compiled against the frozen signatures and nothing else of the facades,
 * run against the facades as they are now: on each road, without being compiled again.
 */
class DropInTest {
  private static final Path PROGRAMS = Documents.ROOT.resolve("compat/src/test/programs");
  private static final int WIDTH_OF_TINY = 96;

  private static final Fluxbridge LOCAL = Fluxbridge.of(Settings.of(local(), Map.of(), Map.of()));

  @TempDir static Path folder;
  private static Path programs;
  private static Path inputs;

  @BeforeAll
  static void compile() throws IOException {
    Path stubs = Files.createDirectories(folder.resolve("stubs"));
    programs = Files.createDirectories(folder.resolve("programs"));
    inputs = Files.createDirectories(folder.resolve("inputs"));
    FrozenApi.compile(folder.resolve("sources"), stubs);
    try (Stream<Path> sources = Files.list(PROGRAMS)) {
      // The stubs hide the facades; behind them stands what their signatures speak of.
      String classPath = stubs + File.pathSeparator + System.getProperty("java.class.path");
      FrozenApi.compile(sources.toList(), programs, classPath);
    }
    draw("picture.png", new Color(0xf0f0f0), Color.BLUE);
    draw("mask.png", Color.BLACK, Color.WHITE);
    draw("control.png", Color.BLACK, Color.WHITE);
    lora("red", 1);
    lora("blue", 2);
  }

  @AfterAll
  static void free() {
    LOCAL.close();
  }

  private static void draw(String name, Color ground, Color box) throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Graphics2D brush = image.createGraphics();
    brush.setColor(ground);
    brush.fillRect(0, 0, 64, 64);
    brush.setColor(box);
    brush.fillRect(16, 16, 24, 24);
    brush.dispose();
    ImageIO.write(image, "png", inputs.resolve(name).toFile());
  }

  /** LoRA weights of rank 2 on one layer of the tiny transformer. */
  private static void lora(String name, long seed) throws IOException {
    String layer = "transformer.transformer_blocks.0.attn.to_q.";
    int bytes = 2 * WIDTH_OF_TINY * Float.BYTES;
    byte[] header =
        ("{\"%1$slora_A.weight\":{\"dtype\":\"F32\",\"shape\":[2,%2$d],\"data_offsets\":[0,%3$d]},"
                + "\"%1$slora_B.weight\":{\"dtype\":\"F32\",\"shape\":[%2$d,2],\"data_offsets\":[%3$d,%4$d]}}")
            .formatted(layer, WIDTH_OF_TINY, bytes, 2 * bytes)
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + header.length + 2 * bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length).put(header);
    Random random = new Random(seed);
    while (file.hasRemaining()) {
      file.putFloat((float) random.nextGaussian());
    }
    Files.write(inputs.resolve(name + ".safetensors"), file.array());
  }

  /** The picture that a program wrote, or what it failed with. */
  private record Outcome(@Nullable BufferedImage picture, @Nullable Throwable failure) {}

  private static Outcome run(String program, Fluxbridge roads) throws Exception {
    Path picture = folder.resolve(program + ".png");
    Files.deleteIfExists(picture);
    Fluxbridge.useAsStandard(roads);
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {programs.toUri().toURL()}, DropInTest.class.getClassLoader())) {
      String[] args = {picture.toString(), "64", "64", inputs.toString()};
      loader.loadClass(program).getMethod("main", String[].class).invoke(null, (Object) args);
      return new Outcome(ImageIO.read(new File(args[0])), null);
    } catch (InvocationTargetException e) {
      return new Outcome(null, e.getCause());
    }
  }

  /** Without Kontext, which draws a megapixel: KontextPreview is the same call in small. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "TextToImage, DeDistilled draws with a transformer without guidance embedding",
        "TextToImageStock, -",
        "TextToImageKeywords, -",
        "FlexTextToImage, -",
        "FlexInpaintAndControl, -",
        "ImageToImage, -",
        "InpaintWithCrop, -",
        "FillInpaint, Fill draws with a transformer of",
        "ControlWithLora, there is no LoRA file black-forest-labs/FLUX.1-Canny-dev-lora",
        "ControlNetUnion, there is no ControlNet InstantX/FLUX.1-dev-Controlnet-Union",
        "LoraLoop, -",
        "KontextPreview, -",
        "KontextInpaint, -"
      })
  void drawsOnTheLocalRoadWhatTheTinyCheckpointsCanDraw(String program, @Nullable String refusal)
      throws Exception {
    Outcome outcome = run(program, LOCAL);
    if (!localIsInstalled()) {
      assertThat(outcome.failure).hasMessageContaining("'local', which is not installed");
    } else if (refusal == null) {
      assertThat(outcome.failure).isNull();
      assertThat(outcome.picture).isNotNull();
      assertThat(outcome.picture.getWidth()).isEqualTo(64);
      assertThat(outcome.picture.getHeight()).isEqualTo(64);
    } else {
      assertThat(outcome.failure)
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
          .hasMessageContaining(refusal);
    }
  }

  /** Not any more at the end of a migration, when only hosted roads are left. */
  private static boolean localIsInstalled() {
    return Fluxbridge.class.getResource("/META-INF/services/dev.fluxbridge.compat.BackendFactory")
        != null;
  }

  private static Map<String, String> local() {
    Map<String, String> settings = routes("local");
    settings.put(Settings.LOCAL_CHECKPOINT, "embedded");
    return settings;
  }

  private static Map<String, String> routes(String road) {
    Map<String, String> settings = new HashMap<>();
    for (Task task : Task.values()) {
      settings.put("fluxbridge.route." + task.label(), road);
    }
    return settings;
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "TextToImage, -",
        "TextToImageStock, -",
        "TextToImageKeywords, -",
        "FlexTextToImage, -",
        "FlexInpaintAndControl, fal.control_image.no_kind",
        "ImageToImage, -",
        "InpaintWithCrop, fal.padding_mask_crop.refused",
        "FillInpaint, -",
        "ControlWithLora, -",
        "ControlNetUnion, -",
        "LoraLoop, -",
        "Kontext, -",
        "KontextPreview, fal.max_area.refused",
        "KontextInpaint, -"
      })
  void drawsOnFalWhatFalCanDraw(String program, @Nullable String refusal) throws Exception {
    try (FalOnLoopback fal = new FalOnLoopback();
        Fluxbridge roads = Fluxbridge.of(fal.settings(routes("fal")))) {
      Outcome outcome = run(program, roads);
      if (refusal == null) {
        assertThat(outcome.failure).isNull();
        assertThat(outcome.picture).isNotNull();
        assertThat(outcome.picture.getRGB(5, 5) & 0xffffff).isEqualTo(FalOnLoopback.COLOUR);
        assertThat(fal.submitted()).isNotEmpty();
      } else {
        assertThat(outcome.failure)
            .isInstanceOfSatisfying(
                BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
            .hasMessageContaining(refusal);
        assertThat(fal.submitted()).isEmpty();
      }
    }
  }

  @Test
  void thereIsNoProgramThatIsNotRun() throws IOException {
    try (Stream<Path> sources = Files.list(PROGRAMS)) {
      assertThat(sources.map(path -> path.getFileName().toString()).toList())
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(
                      "TextToImage",
                      "TextToImageStock",
                      "TextToImageKeywords",
                      "FlexTextToImage",
                      "FlexInpaintAndControl",
                      "ImageToImage",
                      "InpaintWithCrop",
                      "FillInpaint",
                      "ControlWithLora",
                      "ControlNetUnion",
                      "LoraLoop",
                      "Kontext",
                      "KontextPreview",
                      "KontextInpaint")
                  .map(name -> name + ".java")
                  .toList());
    }
  }

  @Test
  void theKontextProgramSeesEachOfItsSteps() throws Exception {
    run("KontextPreview", LOCAL);
    assertThat(Integer.getInteger("kontext.preview.steps", 4)).isEqualTo(4);
  }
}
