package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.fal.StoreServer.Trouble;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Inputs with files in them. */
@Timeout(60)
class FalInputTest {
  private static final byte[] FOX = "the fox".getBytes(UTF_8);
  private static final byte[] MASK = "the mask".getBytes(UTF_8);

  private final StoreServer store = new StoreServer();
  private final FakeTime time = new FakeTime();
  private final FalClient client = new FalClient(store.config(), time.effects());
  private final FalStorage storage = client.storage();

  @AfterEach
  void stop() {
    client.close();
    store.close();
  }

  private String file(int number, String name) {
    return store.base() + "/files/" + number + "/" + name;
  }

  /** A record as a caller would write it. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Edit(String prompt, byte[] imageUrl, List<Path> maskUrls, Optional<Integer> numImages) {}

  private enum Format {
    PNG {
      @Override
      public String toString() {
        return "png";
      }
    }
  }

  @Test
  void plainValuesAreWrittenAsTheyAre() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("prompt", "a \"fox\"\n");
    fields.put("steps", 28);
    fields.put("seed", 1L << 60);
    fields.put("guidance_scale", 3.5);
    fields.put("exact", new BigDecimal("0.10"));
    fields.put("sync_mode", true);
    fields.put("nothing", null);
    fields.put("left_out", Optional.empty());
    fields.put("format", Format.PNG);
    fields.put("link", URI.create("https://a.example/x"));
    fields.put("size", Map.of("width", 5));
    fields.put("numbers", new int[] {1, 2});
    fields.put("mixed", Arrays.asList("a", null, List.of()));

    assertThat(storage.json(FalInput.of(fields)))
        .isEqualTo(
            "{\"prompt\":\"a \\\"fox\\\"\\n\",\"steps\":28,\"seed\":1152921504606846976,"
                + "\"guidance_scale\":3.5,\"exact\":0.10,\"sync_mode\":true,\"nothing\":null,"
                + "\"format\":\"png\",\"link\":\"https://a.example/x\",\"size\":{\"width\":5},"
                + "\"numbers\":[1,2],\"mixed\":[\"a\",null,[]]}");
    assertThat(store.seen).isEmpty();
  }

  @Test
  void filesAreReplacedByTheirAddressesWhereverTheyStand(@TempDir Path folder) throws IOException {
    Path mask = Files.write(folder.resolve("mask.png"), MASK);
    FalInput input =
        FalInput.of("prompt", "x")
            .with("image_url", FalFile.of(FOX).named("fox.jpg"))
            .with("masks", List.of(Map.of("url", mask), "text"))
            .with("audio_url", new ByteArrayInputStream(FOX));

    String json = storage.json(input);

    assertThat(json)
        .matches(
            ("{\"prompt\":\"x\",\"image_url\":\"B/files/\\d/fox.jpg\","
                    + "\"masks\":[{\"url\":\"B/files/\\d/mask.png\"},\"text\"],"
                    + "\"audio_url\":\"B/files/\\d/upload.bin\"}")
                .replace("{", "\\{")
                .replace("[", "\\[")
                .replace("B", store.base().toString()));
    assertThat(store.files.values())
        .containsExactlyInAnyOrder(
            StoreServer.Sum.of(FOX), StoreServer.Sum.of(FOX), StoreServer.Sum.of(MASK));
  }

  @Test
  void aRecordsComponentsAreFieldsInFalsSpelling(@TempDir Path folder) throws IOException {
    Path mask = Files.write(folder.resolve("mask.png"), MASK);

    String json = storage.json(FalInput.of(new Edit("x", FOX, List.of(mask), Optional.of(2))));

    assertThat(json)
        .startsWith("{\"prompt\":\"x\",\"image_url\":\"" + store.base())
        .contains("\"mask_urls\":[\"" + store.base())
        .endsWith("\"num_images\":2}");
  }

  @Test
  void theSameFileGoesUpOnceForTheWholeClient(@TempDir Path folder) throws IOException {
    Path mask = Files.write(folder.resolve("mask.png"), MASK);
    FalInput input =
        FalInput.of("a", FOX.clone())
            .with("b", FOX.clone())
            .with("c", mask)
            .with("d", folder.resolve("./mask.png"));

    String first = storage.json(input);
    String second = storage.json(input);

    assertThat(second).isEqualTo(first);
    assertThat(store.count("PUT", ".*")).isEqualTo(2);
  }

  @Test
  void manyWhoAskAtTheSameTimeShareOneUpload() {
    List<String> texts =
        IntStream.range(0, 8)
            .parallel()
            .mapToObj(i -> storage.json(FalInput.of("a", FOX)))
            .toList();

    assertThat(texts).containsOnly("{\"a\":\"" + file(1, "upload.bin") + "\"}");
    assertThat(store.count("PUT", ".*")).isEqualTo(1);
  }

  @Test
  void aFileThatChangedGoesUpAgain(@TempDir Path folder) throws IOException {
    Path mask = Files.write(folder.resolve("mask.png"), MASK);
    FalInput input = FalInput.of("a", mask);

    String first = storage.json(input);
    Files.write(mask, FOX);
    String second = storage.json(input);

    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void whatAStreamGivesIsUsedInAllItsPlacesAndReadOnce() {
    InputStream stream = new ByteArrayInputStream(FOX);

    String json = storage.json(FalInput.of("a", stream).with("b", stream));

    assertThat(json).isEqualTo("{\"a\":\"%1$s\",\"b\":\"%1$s\"}".formatted(file(1, "upload.bin")));
    assertThat(store.count("PUT", ".*")).isEqualTo(1);
  }

  @Test
  void otherOptionsAndOldAgeMakeItAnotherUpload() throws Exception {
    FalInput input = FalInput.of("a", FOX);
    FalLifecycle hour = FalLifecycle.expiringAfter(Duration.ofHours(1));
    FalStorage brief = storage.with(FalUploadOptions.DEFAULT.with(hour));
    storage.json(input);
    brief.json(input);
    assertThat(store.count("PUT", ".*")).isEqualTo(2);

    time.effects().pause().pause(Duration.ofMinutes(31));
    brief.json(input);
    storage.json(input);
    assertThat(store.count("PUT", ".*")).as("half of an hour is over").isEqualTo(3);

    time.effects().pause().pause(Duration.ofHours(24));
    storage.json(input);
    assertThat(store.count("PUT", ".*")).as("so is a day").isEqualTo(4);
  }

  @Test
  void aFailureIsNotRemembered() {
    store.fault = head -> head.is("PUT", ".*") ? Trouble.status(400, "") : null;
    FalException failure =
        catchThrowableOfType(
            FalException.class, () -> storage.json(FalInput.of("a", FOX).with("b", MASK)));
    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    store.fault = head -> null;

    assertThat(storage.json(FalInput.of("a", FOX))).contains("/files/");
  }

  @Test
  void smallFilesBecomeDataUrisOnlyWhereThatIsAskedFor(@TempDir Path folder) throws IOException {
    Path mask = Files.write(folder.resolve("mask.png"), MASK);
    FalStorage inline = storage.with(FalUploadOptions.DEFAULT.withInlineUpTo(8));

    String json =
        inline.json(
            FalInput.of("mask", mask).with("fox", FalFile.of(new byte[9])).with("bytes", FOX));

    assertThat(json)
        .isEqualTo(
            "{\"mask\":\"data:image/png;base64,dGhlIG1hc2s=\",\"fox\":\"%s\",\"bytes\":\"%s\"}"
                .formatted(
                    file(1, "upload.bin"), "data:application/octet-stream;base64,dGhlIGZveA=="));
  }

  @Test
  void whatIsNeitherJsonNorAFileIsNamedBeforeAnythingIsSent(@TempDir Path folder) {
    Map<String, Object> itself = new LinkedHashMap<>();
    itself.put("again", List.of(itself));

    assertThat(refusal("a", List.of(FOX, new Object())))
        .contains("input.a[1] is a java.lang.Object");
    assertThat(refusal("a", Double.NaN)).contains("input.a is not a finite number");
    assertThat(refusal("a", Map.of(1, "x"))).contains("input.a has a key that is no text");
    assertThat(refusal("a", itself)).contains("deeper than 100 levels");
    assertThat(refusal("a", List.of(FOX, folder.resolve("none.png"))))
        .contains("none.png cannot be read")
        .contains("it stands at input.a[1]");
    assertThat(store.seen).isEmpty();
  }

  private String refusal(String name, Object value) {
    FalException failure =
        catchThrowableOfType(FalException.class, () -> storage.json(FalInput.of(name, value)));
    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    return String.valueOf(failure.getMessage());
  }

  @Test
  void worksAsideToo() throws Exception {
    String json = storage.jsonAsync(FalInput.of("a", FOX)).get(10, TimeUnit.SECONDS);

    assertThat(json).isEqualTo("{\"a\":\"" + file(1, "upload.bin") + "\"}");
  }

  @Test
  void tellsNothingOfWhatItHolds() {
    assertThat(FalInput.of("prompt", "a fox").with("image_url", FOX))
        .hasToString("FalInput[prompt, image_url]");
  }
}
