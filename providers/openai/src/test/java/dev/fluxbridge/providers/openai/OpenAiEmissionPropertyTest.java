package dev.fluxbridge.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Draws calls at random over all pipelines: each is refused under a code of the ledger, or what
 * leaves the machine is what OpenAI publishes that it takes.
 */
class OpenAiEmissionPropertyTest {
  private static final Set<String> CODES =
      OpenAiImageBackend.ledger().stream().map(row -> row.code()).collect(Collectors.toSet());
  private static final List<Pipeline> PIPELINES = List.of(Pipeline.values());
  private static final byte[] PNG = OpenAiServer.png(1024, 1024);

  private static @Nullable OpenAiServer openAi;
  private static @Nullable OpenAiImageBackend backend;
  private static int sent;
  private static int refused;

  @BeforeContainer
  static void start() {
    OpenAiServer server = new OpenAiServer();
    server.answers(OpenAiEmissionPropertyTest::draws);
    openAi = server;
    backend = new OpenAiImageBackend(server.config());
  }

  @AfterContainer
  static void stop() {
    if (backend != null) {
      backend.close();
    }
    if (openAi != null) {
      openAi.close();
    }
    assertThat(sent).as("requests that were sent").isGreaterThan(250);
    assertThat(refused).as("calls that were refused").isGreaterThan(80);
  }

  private static MockResponse draws(RecordedRequest request) {
    int count = Integer.parseInt(OpenAiServer.fields(request).getOrDefault("n", ""));
    return OpenAiServer.says(200, OpenAiServer.reply(PNG, count)).build();
  }

  @Provide
  Arbitrary<ImageRequest> requests() {
    return Arbitraries.randomValue(OpenAiEmissionPropertyTest::request);
  }

  private static ImageRequest request(Random random) {
    Pipeline pipeline = PIPELINES.get(random.nextInt(PIPELINES.size()));
    int prompts = 1 + random.nextInt(3);
    int each = random.nextInt(6) == 0 ? 1 + random.nextInt(12) : 1 + random.nextInt(2);
    int pictures = prompts * each;
    return ImageRequest.builder(pipeline, weights(random))
        .prompts(IntStream.range(0, prompts).mapToObj(i -> prompt(random)).toList())
        .imagesPerPrompt(each)
        .size(side(random), side(random))
        .steps(random.nextBoolean() ? 28 : 1 + random.nextInt(60))
        .guidanceScale(random.nextBoolean() ? 3.5 : 30 * random.nextDouble())
        .trueCfgScale(one(random, 6) ? 4 : 1)
        .sigmas(one(random, 6) ? List.of(1.0, 0.4) : List.of())
        .maxSequenceLength(random.nextBoolean() ? 512 : 1 + random.nextInt(512))
        .seeds(seeds(random, pictures))
        .latents(
            one(random, 30) ? Optional.of(Tensor.of(new float[64], 1, 1, 64)) : Optional.empty())
        .output(one(random, 30) ? ImageRequest.Output.LATENTS : ImageRequest.Output.PIXELS)
        .controls(controls(random, pipeline))
        .edit(edit(random, pipeline, prompts))
        .build();
  }

  /** Mostly small: making PNG files is most of the work. */
  private static int side(Random random) {
    return 16 * (1 + random.nextInt(one(random, 30) ? 250 : 50));
  }

  private static boolean one(Random random, int in) {
    return random.nextInt(in) == 0;
  }

  private static Weights weights(Random random) {
    String model =
        List.of("black-forest-labs/FLUX.1-dev", "/some/folder", "gpt-image-2", "gpt-image-1.5")
            .get(random.nextInt(4));
    return one(random, 20)
        ? new Weights(model, List.of(new Weights.Lora("a", "", "a", 1)), 1, List.of())
        : Weights.of(model);
  }

  private static Prompt prompt(Random random) {
    StringBuilder text = new StringBuilder(one(random, 20) ? " " : "a ");
    for (int i = random.nextInt(30); i > 0; i--) {
      text.appendCodePoint(
          random.nextBoolean() ? 32 + random.nextInt(96) : 160 + random.nextInt(50_000));
    }
    return new Prompt(
        text.toString(),
        one(random, 4) ? Optional.of("another text") : Optional.empty(),
        one(random, 5) ? Optional.of("rain") : Optional.empty(),
        Optional.empty());
  }

  private static List<Seed> seeds(Random random, int pictures) {
    return switch (random.nextInt(3)) {
      case 0 -> List.of();
      case 1 -> List.of(Seed.of(random.nextLong()));
      default -> random.longs(pictures).mapToObj(Seed::of).toList();
    };
  }

  private static List<Control> controls(Random random, Pipeline pipeline) {
    boolean controlled = pipeline.name().startsWith("CONTROL") || pipeline == Pipeline.FLEX;
    return controlled && one(random, 2)
        ? List.of(Control.of(Images.of(Requests.picture(16, 16))))
        : List.of();
  }

  private static Edit edit(Random random, Pipeline pipeline, int prompts) {
    if (pipeline == Pipeline.FLUX || pipeline == Pipeline.DE_DISTILLED || one(random, 2)) {
      return Edit.NONE;
    }
    boolean masked = !pipeline.name().endsWith("IMG2IMG") && pipeline != Pipeline.KONTEXT;
    return new Edit(
        Optional.of(pictures(random, prompts)),
        masked ? Optional.of(mask(random)) : Optional.empty(),
        pipeline == Pipeline.KONTEXT_INPAINT && random.nextBoolean()
            ? Optional.of(Images.of(Requests.picture(24, 24)))
            : Optional.empty(),
        Optional.empty(),
        random.nextBoolean() ? 1 : random.nextDouble(),
        masked && one(random, 10) ? Optional.of(8) : Optional.empty(),
        random.nextBoolean() ? 1024 * 1024 : 300_000 + random.nextInt(1_000_000),
        random.nextBoolean());
  }

  private static Images pictures(Random random, int prompts) {
    if (one(random, 4)) {
      float[] values = new float[3 * 20 * 30];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat();
      }
      return Images.of(Tensor.of(values, 1, 3, 20, 30));
    }
    List<Bitmap> bitmaps = new ArrayList<>();
    for (int i = one(random, 8) ? prompts : 1; i > 0; i--) {
      bitmaps.add(Requests.picture(8 + random.nextInt(60), 8 + random.nextInt(60)));
    }
    return new Images.Bitmaps(bitmaps);
  }

  private static Images mask(Random random) {
    return Images.of(Requests.leftHalf(2 + random.nextInt(40), 2 + random.nextInt(40)));
  }

  @Property(tries = 310, shrinking = ShrinkingMode.OFF)
  void everyCallIsRefusedByTheLedgerOrEmitsWhatOpenAiTakes(
      @ForAll("requests") ImageRequest request) {
    OpenAiServer server = Objects.requireNonNull(openAi);
    server.requests.clear();
    ImageResult result;
    try {
      result = Objects.requireNonNull(backend).generate(request);
    } catch (BackendException refusal) {
      refused++;
      Statistics.label("refused").collect(request.pipeline());
      assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED);
      assertThat(CODES)
          .contains(
              String.valueOf(refusal.getMessage())
                  .replaceAll("(?s).*?\\((openai\\..*?)\\).*", "$1"));
      assertThat(server.requests).isEmpty();
      return;
    }
    assertThat(result.images()).hasSize(request.imageCount());
    assertThat(result.notes()).allSatisfy(note -> assertThat(CODES).contains(note.code()));
    for (RecordedRequest one : server.requests) {
      sent++;
      Statistics.label("requests sent").collect(one.getTarget());
      assertThat(Schemas.complaints(one)).isEmpty();
      assertThat(one.getTarget())
          .isEqualTo(
              request.edit().image().isPresent() ? "/v1/images/edits" : "/v1/images/generations");
    }
  }
}
