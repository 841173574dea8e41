package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.array.Floats;
import java.util.List;
import java.util.Optional;

/**
 * What every old pipeline takes: what to draw, how large, and how to sample it.
 *
 * <p>Immutable. What cannot be drawn is refused by {@link FluxEngine#draw}, which knows the
 * checkpoint, and not here.
 *
 * @param prompts what to draw, one for each item of the batch; empty if {@code embeddings} is there
 * @param negativePrompts what not to draw, as many as prompts, or empty
 * @param embeddings prompts that are encoded already
 * @param width pixels, floored to a multiple of 16 with a warning
 * @param height pixels, floored to a multiple of 16 with a warning
 * @param steps denoising steps, at least 1; no meaning beside {@code sigmas}
 * @param sigmas noise levels before the shift, descending, one for each step; empty for even ones
 * @param guidanceScale the guidance that the model takes as an input; no meaning for a model
 *     without
 * @param trueCfgScale weight of the negative prompt; up to 1 is off, above it takes twice the time
 * @param imagesPerPrompt pictures for each prompt, at least 1
 * @param noise none: random; one: the whole batch is one draw; many: one for each picture
 * @param latents noise to start from instead, of the shape that the pipeline asks for
 * @param maxSequenceLength text tokens that T5 reads, 1 to 512
 * @param loraScale multiplies what LoRA adapters add in this call; no meaning without adapters
 * @param decode whether to return pixels, and not latents
 */
public record Sampling(
    List<Prompt> prompts,
    List<Prompt> negativePrompts,
    Optional<Embeddings> embeddings,
    int width,
    int height,
    int steps,
    List<Double> sigmas,
    double guidanceScale,
    double trueCfgScale,
    int imagesPerPrompt,
    List<Noise> noise,
    Optional<Floats> latents,
    int maxSequenceLength,
    double loraScale,
    boolean decode) {

  public Sampling {
    prompts = List.copyOf(prompts);
    negativePrompts = List.copyOf(negativePrompts);
    sigmas = List.copyOf(sigmas);
    noise = List.copyOf(noise);
  }

  /** The old defaults of text to image, at a size. */
  public static Sampling of(String prompt, int width, int height) {
    return builder().prompts(Prompt.of(prompt)).size(width, height).build();
  }

  /** The old defaults of text to image: 1024x1024, 28 steps, guidance 3.5, no prompt yet. */
  public static SamplingBuilder builder() {
    return new SamplingBuilder();
  }

  /** A builder that starts from this one. */
  public SamplingBuilder with() {
    return new SamplingBuilder(this);
  }

  /** How many steps the schedule has before a strength takes any away. */
  int scheduled() {
    return sigmas.isEmpty() ? steps : sigmas.size();
  }

  /**
   * One prompt in the two forms in which it is read.
   *
   * @param clipText what CLIP reads
   * @param t5Text what T5 reads
   */
  public record Prompt(String clipText, String t5Text) {

    /** Both read the same. */
    public static Prompt of(String text) {
      return new Prompt(text, text);
    }

    /** Tells nothing of the texts: prompts stay out of logs. */
    @Override
    public String toString() {
      return "Prompt[" + clipText.length() + " characters]";
    }
  }

  /**
   * Prompts as the text encoders would return them.
   *
   * @param prompt what T5 says, shape (B, T, width of T5)
   * @param pooled what CLIP says, shape (B, width of CLIP)
   * @param negative the same for the negative prompt
   * @param negativePooled the same for the negative prompt
   */
  public record Embeddings(
      Floats prompt, Floats pooled, Optional<Floats> negative, Optional<Floats> negativePooled) {}

  /** Tells how large the call is, and no word of the prompts. */
  @Override
  public String toString() {
    return "Sampling[%d prompts, %d pictures each, %dx%d, %d steps]"
        .formatted(prompts.size(), imagesPerPrompt, width, height, scheduled());
  }
}
