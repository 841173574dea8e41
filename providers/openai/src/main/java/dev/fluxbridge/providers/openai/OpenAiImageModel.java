package dev.fluxbridge.providers.openai;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a model of OpenAI's draws.
 *
 * <p>Source: openai-java 4.100.0, ImageModel and the documentation of {@code size} in
 * ImageGenerateParams; OpenAI's guide to image generation, for the limits of free sizes.
 *
 * @param name as the API calls it
 * @param freeSizes whether any size within the limits can be asked for, and not only the three
 *     standard ones
 */
record OpenAiImageModel(String name, boolean freeSizes) {
  /** What openai-java names as the successor of {@code gpt-image-1}. */
  static final String DEFAULT = "gpt-image-2.5-sunburst";

  private static final int MULTIPLE = 16;
  private static final int MAX_SIDE = 3840;
  private static final int MAX_RATIO = 3;
  private static final int MIN_PIXELS = 655_360;
  private static final int MAX_PIXELS = 8_294_400;

  /** How much worse it is to miss the proportions than to miss the area. */
  private static final double PROPORTIONS = 10;

  /** All that this backend can draw with. */
  static final List<OpenAiImageModel> ALL =
      List.of(
          new OpenAiImageModel("gpt-image-2.5-sunburst", true),
          new OpenAiImageModel("gpt-image-2.5-sunburst-2026-09-08", true),
          new OpenAiImageModel("gpt-image-2.5-flare", true),
          new OpenAiImageModel("gpt-image-2.5-flare-2026-09-08", true),
          new OpenAiImageModel("gpt-image-2", true),
          new OpenAiImageModel("gpt-image-2-2026-04-21", true),
          // free sizes are not documented for the following
          new OpenAiImageModel("gpt-image-2.6-sunburst", false),
          new OpenAiImageModel("gpt-image-2.6-flare", false),
          new OpenAiImageModel("gpt-image-1.5", false),
          new OpenAiImageModel("gpt-image-1-mini", false),
          new OpenAiImageModel("chatgpt-image-latest", false));

  /** Names that lead nowhere any more. */
  private static final Map<String, String> GONE =
      Map.of("gpt-image-1", DEFAULT, "dall-e-2", DEFAULT, "dall-e-3", DEFAULT);

  private static final List<Size> STANDARD =
      List.of(new Size(1024, 1024), new Size(1536, 1024), new Size(1024, 1536));

  private static final List<Size> FREE =
      IntStream.rangeClosed(1, MAX_SIDE / MULTIPLE)
          .boxed()
          .flatMap(
              width ->
                  IntStream.rangeClosed(1, MAX_SIDE / MULTIPLE)
                      .mapToObj(height -> new Size(width * MULTIPLE, height * MULTIPLE)))
          .filter(OpenAiImageModel::isFree)
          .toList();

  /**
   * A size in pixels.
   *
   * @param width columns
   * @param height rows
   */
  record Size(int width, int height) {
    @Override
    public String toString() {
      return width + "x" + height;
    }

    private double farFrom(Size other) {
      double proportions = Math.log((double) width / height * other.height / other.width);
      double area = Math.log((double) width * height / ((double) other.width * other.height));
      return PROPORTIONS * Math.abs(proportions) + Math.abs(area);
    }
  }

  private static boolean isFree(Size size) {
    int pixels = size.width() * size.height();
    return pixels >= MIN_PIXELS
        && pixels <= MAX_PIXELS
        && size.width() <= MAX_RATIO * size.height()
        && size.height() <= MAX_RATIO * size.width();
  }

  /** The model of that name. */
  static Optional<OpenAiImageModel> of(String name) {
    return ALL.stream().filter(model -> model.name.equals(name)).findFirst();
  }

  /** What took the place of a name that leads nowhere. */
  static Optional<String> successor(String name) {
    return Optional.ofNullable(GONE.get(name));
  }

  /** The names of those that draw free sizes, or of the others. */
  static List<String> names(boolean freeSizes) {
    return ALL.stream()
        .filter(model -> model.freeSizes == freeSizes)
        .map(OpenAiImageModel::name)
        .toList();
  }

  /** The names of all, for messages. */
  static String names() {
    return ALL.stream().map(OpenAiImageModel::name).collect(Collectors.joining(", "));
  }

  /** Of the sizes that the model draws the one with the nearest proportions, and then area. */
  Size nearest(Size asked) {
    Stream<Size> sizes = freeSizes ? FREE.stream() : STANDARD.stream();
    return sizes.min(Comparator.comparingDouble(size -> size.farFrom(asked))).orElseThrow();
  }
}
