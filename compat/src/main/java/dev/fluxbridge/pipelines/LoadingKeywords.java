package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keywords of {@code from_pretrained} and {@code from_pipe}. Those that said how weights were
 * loaded have no effect; those that said which ones do, or are refused.
 *
 * <p>Source: diffusers 0.33.0 and 58eb52c0803e, pipeline_utils.py.
 *
 * @param transformer the repository or folder that the transformer comes from: it decides what is
 *     drawn
 * @param controlNets none if the keyword is not there
 * @param severalNets whether they were given as a list
 */
record LoadingKeywords(
    Optional<String> transformer,
    Optional<List<FluxControlNetModel>> controlNets,
    boolean severalNets) {
  private static final Logger log = LoggerFactory.getLogger(DiffusionPipeline.class);

  private static final Set<String> HOW =
      Set.of(
          "cache_dir",
          "force_download",
          "proxies",
          "local_files_only",
          "token",
          "revision",
          "torch_dtype",
          "dtype",
          "custom_revision",
          "provider",
          "sess_options",
          "provider_options",
          "device_map",
          "max_memory",
          "offload_folder",
          "offload_state_dict",
          "low_cpu_mem_usage",
          "variant",
          "dduf_file",
          "use_safetensors",
          "use_onnx",
          "load_connected_pipeline",
          "quantization_config",
          "use_flashpack",
          "disable_mmap",
          "trust_remote_code",
          "from_flax",
          "subfolder");

  private static final Set<String> PARTS =
      Set.of(
          "scheduler",
          "vae",
          "text_encoder",
          "tokenizer",
          "text_encoder_2",
          "tokenizer_2",
          "image_encoder",
          "feature_extractor");

  static LoadingKeywords read(String facade, Map<String, ?> keywords) {
    Set<String> unknown = new TreeSet<>(keywords.keySet());
    unknown.removeAll(HOW);
    unknown.removeAll(PARTS);
    unknown.removeAll(Set.of("transformer", "controlnet", "custom_pipeline"));
    if (!unknown.isEmpty()) {
      log.warn("Keyword arguments {} are not expected by {} and will be ignored.", unknown, facade);
    }
    for (String part : PARTS) {
      refuseOther(part, keywords.get(part));
    }
    refuseOther("transformer", keywords.get("transformer"));
    Set<String> how = new TreeSet<>(keywords.keySet());
    how.retainAll(HOW);
    if (!how.isEmpty()) {
      log.info("{} of {} have no effect: each road loads as it is set up", how, facade);
    }
    if (keywords.get("custom_pipeline") != null && !facade.equals("FlexPipeline")) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "`custom_pipeline`: no Python code runs here; use the class of that pipeline, for example FlexPipeline");
    }
    Object nets = keywords.get("controlnet");
    return new LoadingKeywords(
        Optional.ofNullable((String) keywords.get("transformer")),
        nets == null ? Optional.empty() : Optional.of(controlNets(nets)),
        nets instanceof List<?>);
  }

  /** Parts are named, not handed over: whoever draws has its own. */
  private static void refuseOther(String part, @Nullable Object value) {
    if (value != null && !(value instanceof String)) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "`%s`: a loaded part cannot be handed over; name the model id or the folder that it comes from, or leave it out"
              .formatted(part));
    }
  }

  private static List<FluxControlNetModel> controlNets(Object value) {
    if (value instanceof FluxControlNetModel net) {
      return List.of(net);
    }
    if (value instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(FluxControlNetModel.class::isInstance)) {
      return list.stream().map(FluxControlNetModel.class::cast).toList();
    }
    throw new IllegalArgumentException(
        "`controlnet` must be a FluxControlNetModel or a list of them");
  }
}
