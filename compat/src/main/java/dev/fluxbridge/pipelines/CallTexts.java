package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.ImageRequest.Embeddings;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The prompts of a call, as texts or encoded.
 *
 * @param trueCfgScale 1 unless there is something to guide away from
 */
record CallTexts(List<Prompt> prompts, Optional<Embeddings> embeddings, double trueCfgScale) {

  static CallTexts of(Given given) {
    Pipeline pipeline = given.arguments().signature().pipeline();
    Optional<Embeddings> embeddings = embeddings(given);
    if (pipeline == Pipeline.DE_DISTILLED && embeddings.isPresent()) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "`prompt_embeds`: the old pipeline crashed with them, for want of negative ones; give texts");
    }
    boolean negative =
        pipeline == Pipeline.DE_DISTILLED
            ? given.number("guidance_scale").doubleValue() > 1
            : isTrueCfg(given, pipeline);
    if (negative && pipeline == Pipeline.KONTEXT) {
      PipelineChecks.shapes(given.arguments());
    }
    if (negative) {
      refuseMixed(given);
    }
    List<Prompt> prompts = prompts(given, pipeline, negative);
    double scale =
        negative && pipeline != Pipeline.DE_DISTILLED
            ? given.number("true_cfg_scale").doubleValue()
            : 1;
    return new CallTexts(prompts, embeddings, scale);
  }

  int batch() {
    return embeddings.map(e -> e.prompt().side(0)).orElse(prompts.size());
  }

  /** Only some of the old classes looked at encoded negative prompts. */
  private static boolean isTrueCfg(Given given, Pipeline pipeline) {
    if (!given.has("true_cfg_scale") || given.number("true_cfg_scale").doubleValue() <= 1) {
      return false;
    }
    boolean encoded =
        (pipeline == Pipeline.FLUX
                || pipeline == Pipeline.KONTEXT
                || pipeline == Pipeline.KONTEXT_INPAINT)
            && given.has("negative_prompt_embeds")
            && given.has("negative_pooled_prompt_embeds");
    return given.has("negative_prompt") || encoded;
  }

  private static void refuseMixed(Given given) {
    if (given.has("prompt_embeds") && given.has("negative_prompt")) {
      throw mixed("negative_prompt", "prompt_embeds");
    }
    if (given.has("prompt") && given.has("negative_prompt_embeds")) {
      throw mixed("negative_prompt_embeds", "prompt");
    }
  }

  private static BackendException mixed(String negative, String positive) {
    return new BackendException(
        Reason.UNSUPPORTED,
        "`%s` together with `%s`: no road guides away from texts and encoded prompts at once; give both as texts or both encoded"
            .formatted(negative, positive));
  }

  private static List<Prompt> prompts(Given given, Pipeline pipeline, boolean negative) {
    List<String> first = given.texts("prompt");
    if (first.isEmpty()) {
      return List.of();
    }
    List<String> second = matching(given, "prompt_2", first.size());
    List<String> negatives =
        negative ? matching(given, "negative_prompt", first.size()) : List.of();
    List<String> negatives2 =
        negative && given.has("negative_prompt_2")
            ? matching(given, "negative_prompt_2", first.size())
            : List.of();
    if (pipeline == Pipeline.DE_DISTILLED && negative && negatives.isEmpty()) {
      // Without a negative prompt the old call crashed.
      negatives = Collections.nCopies(first.size(), "");
    }
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
  private static List<String> matching(Given given, String name, int size) {
    List<String> texts = given.texts(name);
    if (texts.size() == 1) {
      return Collections.nCopies(size, texts.get(0));
    }
    if (!texts.isEmpty() && texts.size() != size) {
      throw new IllegalArgumentException(
          "`%s` has %d texts but `prompt` has %d".formatted(name, texts.size(), size));
    }
    return texts;
  }

  private static Optional<String> at(List<String> texts, int index) {
    return index < texts.size() ? Optional.of(texts.get(index)) : Optional.empty();
  }

  private static Optional<Embeddings> embeddings(Given given) {
    Optional<Tensor> prompt = given.tensor("prompt_embeds");
    Optional<Tensor> pooled = given.tensor("pooled_prompt_embeds");
    if (prompt.isEmpty() || pooled.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Embeddings(
            prompt.get(),
            pooled.get(),
            given.tensor("negative_prompt_embeds"),
            given.tensor("negative_pooled_prompt_embeds")));
  }
}
