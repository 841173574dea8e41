package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.Pipeline;
import java.util.List;
import java.util.Map;

/**
 * What a pipeline was loaded with, in the caller's names. Pipelines that were made from one another
 * share its adapters and its autoencoder, as in Python, where they share the models themselves.
 */
record Loaded(
    String model,
    Fluxbridge fluxbridge,
    List<FluxControlNetModel> controlNets,
    boolean severalNets,
    Adapters adapters,
    AutoencoderKL vae) {

  static Loaded of(
      Pipeline pipeline, String model, Map<String, ?> keywords, Fluxbridge fluxbridge) {
    LoadingKeywords read = LoadingKeywords.read(pipeline.facade(), keywords);
    Loaded loaded =
        new Loaded(
            read.transformer().orElse(model),
            fluxbridge,
            read.controlNets().orElse(List.of()),
            read.severalNets(),
            new Adapters(),
            new AutoencoderKL());
    loaded.refuseMissing(pipeline);
    return loaded;
  }

  /** The same for another pipeline, with parts of its own where the keywords name some. */
  Loaded shared(Pipeline pipeline, Map<String, ?> keywords) {
    LoadingKeywords read = LoadingKeywords.read(pipeline.facade(), keywords);
    Loaded loaded =
        new Loaded(
            read.transformer().orElse(model),
            fluxbridge,
            read.controlNets().orElse(controlNets),
            read.controlNets().isPresent() ? read.severalNets() : severalNets,
            // The adapters are in the transformer: another one comes without.
            read.transformer().isPresent() ? new Adapters() : adapters,
            vae);
    loaded.refuseMissing(pipeline);
    return loaded;
  }

  static boolean takesControlNets(Pipeline pipeline) {
    return pipeline == Pipeline.CONTROLNET
        || pipeline == Pipeline.CONTROLNET_IMG2IMG
        || pipeline == Pipeline.CONTROLNET_INPAINT;
  }

  private void refuseMissing(Pipeline pipeline) {
    if (takesControlNets(pipeline) && controlNets.isEmpty()) {
      String others =
          "'scheduler', 'vae', 'text_encoder', 'tokenizer', 'text_encoder_2', 'tokenizer_2', 'transformer'";
      throw new IllegalArgumentException(
          "Pipeline <class '%s'> expected {%s, 'controlnet'}, but only {%s} were passed."
              .formatted(pipeline.facade(), others, others));
    }
  }
}
