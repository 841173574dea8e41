package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequest.Embeddings;
import dev.fluxbridge.providers.ImageRequest.Output;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Old arguments, already checked, read as one request: defaults filled in, texts in lists,
 * generators asked for their state.
 */
final class FluxCall {
  /** {@code default_sample_size * vae_scale_factor} of every release. */
  private static final int DEFAULT_SIDE = 1024;

  private static final int SIDE_STEP = 16;
  private static final int LATENT_CHANNELS = 16;

  private final FluxArguments arguments;
  private final OutputType outputType;
  private final List<Note> notes = new ArrayList<>();
  private final Deque<Draw> draws = new ArrayDeque<>();

  private record Draw(Generator generator, Seed state, long numbers) {}

  FluxCall(FluxArguments arguments) {
    this.arguments = arguments;
    this.outputType = OutputType.of(String.valueOf(arguments.get("output_type")));
  }

  OutputType outputType() {
    return outputType;
  }

  /** What the facade itself did not take as it was asked; complete after {@link #request}. */
  List<Note> notes() {
    return List.copyOf(notes);
  }

  ImageRequest request(String model) {
    refuseWhatNoRoadDraws();
    int height = side("height");
    int width = side("width");
    Optional<Embeddings> embeddings = embeddings();
    double trueCfgScale = number("true_cfg_scale").doubleValue();
    boolean negative =
        trueCfgScale > 1
            && (arguments.get("negative_prompt") != null
                || embeddings.flatMap(Embeddings::negativePooled).isPresent());
    List<Prompt> prompts = prompts(negative);
    int batch = embeddings.map(e -> e.prompt().side(0)).orElse(prompts.size());
    int imagesPerPrompt = number("num_images_per_prompt").intValue();
    Optional<Tensor> latents = Optional.ofNullable(tensor("latents"));
    return ImageRequest.builder(Pipeline.FLUX, Weights.of(model))
        .prompts(prompts)
        .embeddings(embeddings)
        .size(width, height)
        .steps(number("num_inference_steps").intValue())
        .sigmas(sigmas())
        .guidanceScale(number("guidance_scale").doubleValue())
        .trueCfgScale(negative ? trueCfgScale : 1)
        .imagesPerPrompt(imagesPerPrompt)
        .seeds(seeds(batch * imagesPerPrompt, latents.isPresent() ? 0 : noise(width, height)))
        .latents(latents)
        .maxSequenceLength(number("max_sequence_length").intValue())
        .output(outputType == OutputType.LATENT ? Output.LATENTS : Output.PIXELS)
        .build();
  }

  private void refuseWhatNoRoadDraws() {
    for (String name : FluxArguments.names()) {
      if (name.contains("ip_adapter") && arguments.get(name) != null) {
        throw new BackendException(
            Reason.UNSUPPORTED, "`" + name + "`: no road draws IP adapters yet; leave it out");
      }
    }
    if (arguments.get("joint_attention_kwargs") instanceof Map<?, ?> kwargs && !kwargs.isEmpty()) {
      if (!kwargs.keySet().equals(java.util.Set.of("scale"))) {
        throw new BackendException(
            Reason.UNSUPPORTED,
            "`joint_attention_kwargs`: only 'scale' is known, not " + kwargs.keySet());
      }
      notes.add(
          FluxNotes.ATTENTION_SCALE.saying("`scale` weighs LoRA weights, and none are loaded"));
    }
  }

  /**
   * As the old code: None and 0 are the default, anything else is floored to what the model can
   * draw.
   */
  private int side(String name) {
    Object value = arguments.get(name);
    int asked = value == null ? 0 : number(name).intValue();
    if (asked == 0) {
      return DEFAULT_SIDE;
    }
    int floored = Math.floorDiv(asked, SIDE_STEP) * SIDE_STEP;
    if (floored < SIDE_STEP) {
      throw new IllegalArgumentException(
          "`%s` must be at least %d pixels but is %d".formatted(name, SIDE_STEP, asked));
    }
    if (floored != asked) {
      notes.add(
          FluxNotes.SIZE_FLOORED.saying(
              "`%s` has to be divisible by %d but is %d; drawn at %d"
                  .formatted(name, SIDE_STEP, asked, floored)));
    }
    return floored;
  }

  private List<Prompt> prompts(boolean negative) {
    List<String> first = texts("prompt");
    if (first.isEmpty()) {
      return List.of();
    }
    List<String> second = matching("prompt_2", first.size());
    List<String> negatives = negative ? matching("negative_prompt", first.size()) : List.of();
    List<String> negatives2 = negative ? matching("negative_prompt_2", first.size()) : List.of();
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      prompts.add(
          new Prompt(
              first.get(i),
              // An empty second prompt is falsy in Python: the first one is used.
              at(second, i).filter(text -> !text.isEmpty()),
              at(negatives, i),
              at(negatives2, i).filter(text -> !text.isEmpty())));
    }
    return prompts;
  }

  /** Texts that go with the prompts one by one; a single one goes with all of them. */
  private List<String> matching(String name, int size) {
    List<String> texts = texts(name);
    if (texts.size() == 1) {
      return java.util.Collections.nCopies(size, texts.get(0));
    }
    if (!texts.isEmpty() && texts.size() != size) {
      throw new IllegalArgumentException(
          "`%s` has %d texts but `prompt` has %d".formatted(name, texts.size(), size));
    }
    return texts;
  }

  private List<String> texts(String name) {
    Object value = arguments.get(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof String text) {
      return List.of(text);
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      if (list.isEmpty()) {
        throw new IllegalArgumentException("`" + name + "` is an empty list");
      }
      return list.stream().map(String.class::cast).toList();
    }
    throw new IllegalArgumentException("`" + name + "` must be a text or a list of texts");
  }

  private Optional<Embeddings> embeddings() {
    Tensor prompt = tensor("prompt_embeds");
    Tensor pooled = tensor("pooled_prompt_embeds");
    if (prompt == null || pooled == null) {
      return Optional.empty();
    }
    Optional<Tensor> negative = Optional.ofNullable(tensor("negative_prompt_embeds"));
    Optional<Tensor> negativePooled = Optional.ofNullable(tensor("negative_pooled_prompt_embeds"));
    return Optional.of(new Embeddings(prompt, pooled, negative, negativePooled));
  }

  private List<Double> sigmas() {
    Object value = arguments.get("sigmas");
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
      return list.stream().map(number -> ((Number) number).doubleValue()).toList();
    }
    throw new IllegalArgumentException("`sigmas` must be a list of numbers");
  }

  /** Normal numbers that torch draws for one picture. */
  private static long noise(int width, int height) {
    return (long) LATENT_CHANNELS * (height / 8) * (width / 8);
  }

  private List<Seed> seeds(int images, long noise) {
    Object value = arguments.get("generator");
    if (value == null) {
      return List.of();
    }
    if (value instanceof Generator generator) {
      return List.of(draw(generator, images * noise));
    }
    if (value instanceof List<?> list && list.stream().allMatch(Generator.class::isInstance)) {
      if (list.size() != images) {
        throw new IllegalArgumentException(
            "You have passed a list of generators of length %d, but requested an effective batch size of %d. Make sure the batch size matches the length of the generators."
                .formatted(list.size(), images));
      }
      return list.stream().map(generator -> draw((Generator) generator, noise)).toList();
    }
    throw new IllegalArgumentException("`generator` must be a Generator or a list of them");
  }

  private Seed draw(Generator generator, long numbers) {
    Seed state = generator.draw(numbers);
    draws.addFirst(new Draw(generator, state, numbers));
    return state;
  }

  /**
   * Leaves the generators where they were: for a call that failed, so that trying again draws the
   * same picture.
   */
  void giveBack() {
    draws.forEach(draw -> draw.generator().giveBack(draw.state(), draw.numbers()));
  }

  private Number number(String name) {
    if (arguments.get(name) instanceof Number number) {
      return number;
    }
    throw new IllegalArgumentException("`" + name + "` must be a number");
  }

  private @Nullable Tensor tensor(String name) {
    Object value = arguments.get(name);
    if (value == null || value instanceof Tensor) {
      return (Tensor) value;
    }
    throw new IllegalArgumentException("`" + name + "` must be a Tensor");
  }

  private static Optional<String> at(List<String> texts, int index) {
    return index < texts.size() ? Optional.of(texts.get(index)) : Optional.empty();
  }
}
