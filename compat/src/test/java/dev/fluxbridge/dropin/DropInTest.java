package dev.fluxbridge.dropin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.OpenAiOnLoopback;
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
import java.util.Objects;
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

  /** It draws a megapixel, which takes the tiny checkpoint half a minute. */
  private static final String NOT_DRAWN = "too large for a test";

  /** Program, and what refuses it on local, fal and openai; - where it draws. */
  private static final String OUTCOMES =
      """
      TextToImage, without guidance embedding, -, openai.negative_prompt.no_field
      TextToImageStock, -, -, -
      TextToImageKeywords, -, -, -
      FlexTextToImage, -, -, -
      FlexInpaintAndControl, -, fal.control_image.no_kind, openai.control_image.flex
      ImageToImage, -, -, -
      InpaintWithCrop, -, fal.padding_mask_crop.refused, openai.padding_mask_crop.refused
      FillInpaint, Fill draws with a transformer of, -, -
      ControlWithLora, there is no LoRA file, -, openai.control_image.refused
      ControlNetUnion, there is no ControlNet, -, openai.control_image.controlnet
      LoraLoop, -, -, openai.load_lora_weights.refused
      Kontext, too large for a test, -, -
      KontextPreview, -, fal.max_area.refused, -
      KontextInpaint, -, -, -
      """;

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

  /** Not any more at the end of a migration, when only hosted roads are left. */
  private static boolean localIsInstalled() {
    return Fluxbridge.class.getResource("local/LocalBackendFactory.class") != null;
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
  @CsvSource(nullValues = "-", textBlock = OUTCOMES)
  void drawsOnTheLocalRoadWhatTheTinyCheckpointsCanDraw(String program, @Nullable String refusal)
      throws Exception {
    if (NOT_DRAWN.equals(refusal)) {
      return;
    }
    Outcome outcome = run(program, LOCAL);
    if (!localIsInstalled()) {
      assertThat(outcome.failure).hasMessageContaining("'local', which is not installed");
    } else if (refusal == null) {
      BufferedImage picture = drawn(outcome);
      assertThat(picture.getWidth()).isEqualTo(64);
      assertThat(picture.getHeight()).isEqualTo(64);
    } else {
      assertRefused(outcome, Reason.INVALID, refusal);
    }
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", textBlock = OUTCOMES)
  void drawsOnFalWhatFalCanDraw(String program, @Nullable String local, @Nullable String refusal)
      throws Exception {
    try (FalOnLoopback fal = new FalOnLoopback();
        Fluxbridge roads = Fluxbridge.of(fal.settings(routes("fal")))) {
      Outcome outcome = run(program, roads);
      if (refusal == null) {
        assertThat(drawn(outcome).getRGB(5, 5) & 0xffffff).isEqualTo(FalOnLoopback.COLOUR);
        assertThat(fal.submitted()).isNotEmpty();
      } else {
        assertRefused(outcome, Reason.UNSUPPORTED, refusal);
        assertThat(fal.submitted()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", textBlock = OUTCOMES)
  void drawsOnOpenAiWhatOpenAiCanDraw(
      String program, @Nullable String local, @Nullable String fal, @Nullable String refusal)
      throws Exception {
    try (OpenAiOnLoopback openAi = new OpenAiOnLoopback();
        Fluxbridge roads = Fluxbridge.of(openAi.settings(routes("openai")))) {
      Outcome outcome = run(program, roads);
      if (refusal == null) {
        assertThat(drawn(outcome).getRGB(5, 5) & 0xffffff).isZero();
        assertThat(openAi.asked()).isEqualTo(1);
      } else {
        assertRefused(outcome, Reason.UNSUPPORTED, refusal);
        assertThat(openAi.asked()).isZero();
      }
    }
  }

  private static BufferedImage drawn(Outcome outcome) {
    assertThat(outcome.failure).isNull();
    return Objects.requireNonNull(outcome.picture);
  }

  private static void assertRefused(Outcome outcome, Reason reason, String text) {
    assertThat(outcome.failure)
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(text);
  }

  @Test
  void thereIsNoProgramThatIsNotRun() throws IOException {
    try (Stream<Path> sources = Files.list(PROGRAMS)) {
      assertThat(sources.map(path -> path.getFileName().toString()).toList())
          .containsExactlyInAnyOrderElementsOf(
              OUTCOMES.lines().map(line -> line.replaceAll(",.*", ".java")).toList());
    }
  }

  @Test
  void theKontextProgramSeesEachOfItsSteps() throws Exception {
    assumeThat(localIsInstalled()).isTrue();
    run("KontextPreview", LOCAL);
    assertThat(Integer.getInteger("kontext.preview.steps", -1)).isEqualTo(4);
  }
}
