package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequestBuilder;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Calls as callers might make them, through any pipeline, with any argument in or out of its range.
 */
final class AnyRequests {
  private static final List<String> OLD_MODELS =
      List.of(
          "black-forest-labs/FLUX.1-dev",
          "black-forest-labs/FLUX.1-schnell",
          "black-forest-labs/FLUX.1-Krea-dev",
          "black-forest-labs/FLUX.1-Fill-dev",
          "black-forest-labs/FLUX.1-Kontext-dev",
          "black-forest-labs/FLUX.1-Canny-dev",
          "black-forest-labs/FLUX.1-Depth-dev",
          "InstantX/flux-dev-de-distill-diffusers",
          "ostris/Flex.2-preview",
          "/models/my-own",
          "fal-ai/flux-pro");

  private final Random random;
  private final Pipeline pipeline;
  private final int prompts;
  private final int each;
  private final Start start;

  private AnyRequests(Random random, Pipeline pipeline) {
    this.random = random;
    this.pipeline = pipeline;
    this.prompts = one(1, 1, 1, 2, 3);
    this.each = one(1, 1, 1, 2, 4, 5, 11);
    this.start =
        switch (pipeline) {
          case KONTEXT -> rarely() ? Start.KONTEXT_TEXT : Start.KONTEXT;
          case FLEX -> random.nextBoolean() ? Start.TEXT : Start.MASKED;
          default ->
              Start.of(
                  ImageRequest.builder(pipeline, Weights.of("x")).prompts(Prompt.of("x")).build());
        };
  }

  static ImageRequest of(Pipeline pipeline, Random random) {
    return new AnyRequests(random, pipeline).request();
  }

  /** A planner as somebody might configure it. */
  static FalImagePlanner planner(Random random) {
    List<String> kinds = new ArrayList<>(List.of("", "", "canny", "depth", "pose", "low-quality"));
    Map<String, String> set =
        Map.of(
            "FAL_IMAGE_MODEL", any(random, "", "", "fal-ai/flux/krea", "fal-ai/veo3"),
            "FAL_FILL_MODEL", any(random, "", "", "fal-ai/flux-pro/v1/fill"),
            "FAL_KONTEXT_MODEL", any(random, "", "", "fal-ai/flux-pro/kontext"),
            "FAL_CONTROL_MODEL", any(random, "", "", "fal-ai/flux-control-lora-depth"),
            "FAL_CONTROL_KIND", kinds.get(random.nextInt(kinds.size())));
    return new FalImagePlanner(
        FalModels.fromEnvironment(set::get),
        any(random, 100_000_000L, 100_000_000L, 30_000_000L),
        false);
  }

  private ImageRequest request() {
    boolean pictures = pipeline != Pipeline.FLUX && pipeline != Pipeline.DE_DISTILLED;
    ImageRequestBuilder builder =
        ImageRequest.builder(pipeline, weights())
            .prompts(IntStream.range(0, prompts).mapToObj(i -> prompt()).toList())
            .size(side(pictures), side(pictures))
            .steps(one(1, 4, 9, 10, 28, 50, 51, 100))
            .guidanceScale(one(-1.0, 0.0, 0.5, 1.0, 3.5, 7.0, 20.0, 29.5, 35.0, 50.0))
            .trueCfgScale(has("true_cfg_scale") ? one(1.0, 1.0, 1.0, 0.0, 2.5, 5.0, 9.0) : 1)
            .imagesPerPrompt(each)
            .maxSequenceLength(one(512, 512, 256))
            .seeds(seeds())
            .edit(edit())
            .controls(controls());
    if (rarely() && has("sigmas")) {
      builder.sigmas(List.of(1.0, 0.5));
    }
    Tensor tensor = Tensor.of(new float[] {0}, 1, 1, 1);
    if (seldom()) {
      builder.latents(Optional.of(tensor));
    }
    if (seldom() && prompts == 1) {
      builder.embeddings(
          Optional.of(
              new ImageRequest.Embeddings(tensor, tensor, Optional.empty(), Optional.empty())));
    }
    if (seldom()) {
      builder.output(ImageRequest.Output.LATENTS);
    }
    return builder.build();
  }

  private Weights weights() {
    List<String> ids =
        Stream.concat(OLD_MODELS.stream(), Endpoints.ALL.stream().map(Endpoint::id)).toList();
    String model = random.nextBoolean() ? likely() : ids.get(random.nextInt(ids.size()));
    if (random.nextInt(4) == 0) {
      List<Endpoint> fitting =
          Endpoints.ALL.stream().filter(endpoint -> endpoint.start() == start).toList();
      model = fitting.get(random.nextInt(fitting.size())).id();
    }
    List<Weights.Lora> loras = new ArrayList<>();
    for (int i = one(0, 0, 0, 1, 2); i > 0; i--) {
      loras.add(
          new Weights.Lora(
              one(
                  "someone/some-lora",
                  "someone/some-lora",
                  "https://weights.example/lora.safetensors",
                  "black-forest-labs/FLUX.1-Canny-dev-lora",
                  "black-forest-labs/FLUX.1-Depth-dev-lora",
                  seldom() ? "http://weights.example/lora.safetensors" : "someone/other-lora"),
              one("", "", "a b.safetensors"),
              "adapter" + i,
              one(0.0, 0.5, 0.8, 1.0, 1.0, 1.0, 1.0, 2.0, 4.0, 9.0, -1.0, -9.0)));
    }
    List<String> nets =
        net()
            ? one(
                List.of("someone/net"),
                List.of("someone/net"),
                List.of("someone/net"),
                List.of("someone/net"),
                List.of("https://weights.example/net.safetensors"),
                List.of("someone/net", "someone/other-net"),
                rarely() ? List.<String>of() : List.of("someone/net"),
                List.of(rarely() ? "/models/net" : "someone/net"))
            : List.of();
    return new Weights(model, loras, one(1.0, 1.0, 0.5), nets);
  }

  /** The model that callers of this pipeline mostly name. */
  private String likely() {
    return switch (pipeline) {
      case FILL -> "black-forest-labs/FLUX.1-Fill-dev";
      case KONTEXT, KONTEXT_INPAINT -> "black-forest-labs/FLUX.1-Kontext-dev";
      case CONTROL, CONTROL_IMG2IMG, CONTROL_INPAINT ->
          one("black-forest-labs/FLUX.1-Canny-dev", "black-forest-labs/FLUX.1-Depth-dev");
      case FLEX -> "ostris/Flex.2-preview";
      default -> "black-forest-labs/FLUX.1-dev";
    };
  }

  private Edit edit() {
    if (!start.takesImage()) {
      return seldom() ? Edit.of(images(false), 0.5) : Edit.NONE;
    }
    boolean kontext = pipeline.choosesSize();
    boolean hasStrength = pipeline != Pipeline.KONTEXT && pipeline != Pipeline.FLEX;
    return new Edit(
        seldom() ? Optional.empty() : Optional.of(images(false)),
        start.takesMask() && !seldom() ? Optional.of(images(true)) : Optional.empty(),
        pipeline == Pipeline.KONTEXT_INPAINT && rarely()
            ? Optional.of(images(false))
            : Optional.empty(),
        seldom() && has("masked_image_latents")
            ? Optional.of(Tensor.of(new float[] {0}, 1))
            : Optional.empty(),
        hasStrength && (pipeline != Pipeline.FILL || rarely())
            ? one(seldom() ? 0.0 : 0.5, seldom() ? 0.005 : 0.6, 0.01, 0.6, 0.6, 1.0)
            : 1,
        seldom() && has("padding_mask_crop") ? Optional.of(32) : Optional.empty(),
        kontext && rarely() ? 512 * 512 : Edit.NONE.maxArea(),
        kontext && random.nextInt(60) == 0);
  }

  private List<Control> controls() {
    boolean control =
        switch (pipeline) {
          case CONTROL, CONTROL_IMG2IMG, CONTROL_INPAINT -> true;
          case FLEX -> random.nextBoolean();
          default -> net();
        };
    if (!control) {
      return List.of();
    }
    List<Control> controls = new ArrayList<>();
    for (int i = seldom() ? 0 : net() ? one(1, 1, 1, 2) : 1; i > 0; i--) {
      controls.add(
          new Control(
              images(false),
              one(
                  Optional.empty(),
                  Optional.<Integer>empty(),
                  Optional.of(random.nextInt(7)),
                  Optional.of(random.nextInt(7)),
                  Optional.of(seldom() ? 7 : 4)),
              one(1.0, 0.6, 0.0, 2.0, 3.0, -0.5),
              one(0.0, 0.0, 0.3, -0.1),
              one(1.0, 1.0, 0.6, 1.2, 0.0)));
    }
    return controls;
  }

  private boolean has(String argument) {
    return Signatures.of(pipeline).contains(argument);
  }

  private boolean net() {
    return pipeline.name().startsWith("CONTROLNET");
  }

  private Images images(boolean mask) {
    int count = rarely() ? one(1, prompts, prompts * each, 7) : 1;
    int side = one(16, 32, 48);
    int other = rarely() ? one(16, 31, 40, 300) : side;
    if (rarely()) {
      int channels = mask ? 1 : one(3, 3, 3, 16);
      float[] values = new float[count * channels * side * other];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat();
      }
      return Images.of(Tensor.of(values, count, channels, side, other));
    }
    List<Bitmap> bitmaps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int channels = one(1, 3, 3, 4);
      byte[] pixels = new byte[side * other * channels];
      random.nextBytes(pixels);
      bitmaps.add(new Bitmap(side, other, channels, pixels));
    }
    return new Images.Bitmaps(bitmaps);
  }

  private Prompt prompt() {
    Supplier<Optional<String>> maybe =
        () -> random.nextBoolean() ? Optional.empty() : Optional.of(text());
    return new Prompt(
        text(),
        maybe.get(),
        has("negative_prompt") ? maybe.get() : Optional.empty(),
        has("negative_prompt_2") ? maybe.get() : Optional.empty());
  }

  private String text() {
    return random
        .ints(random.nextInt(20), 1, 0xd7ff)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private List<Seed> seeds() {
    int count = one(0, 1, 1, prompts * each);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Seed(
                    one(0L, 7L, -1L, random.nextLong(), (long) random.nextInt(1 << 30)),
                    one(0L, 0L, 8192L)))
        .toList();
  }

  private int side(boolean small) {
    return 16 * (small ? one(1, 2, 3, 4) : 1 + random.nextInt(seldom() ? 890 : 400));
  }

  private boolean rarely() {
    return random.nextInt(6) == 0;
  }

  private boolean seldom() {
    return random.nextInt(50) == 0;
  }

  @SafeVarargs
  private <T> T one(T... values) {
    return values[random.nextInt(values.length)];
  }

  @SafeVarargs
  private static <T> T any(Random random, T... values) {
    return values[random.nextInt(values.length)];
  }
}
