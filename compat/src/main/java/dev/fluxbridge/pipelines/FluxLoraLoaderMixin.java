package dev.fluxbridge.pipelines;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * LoRA weights of an old pipeline: which are loaded, which of them act, and how strongly. It reads
 * no files: each call says which weights it is to be drawn with, and the road fetches them.
 *
 * <p>Safe for use by several threads; calls that are running do not change.
 *
 * <p>Source: diffusers 0.33.0, loaders/lora_pipeline.py and loaders/lora_base.py.
 */
public abstract sealed class FluxLoraLoaderMixin permits DiffusionPipeline {

  FluxLoraLoaderMixin() {}

  abstract Adapters adapters();

  /**
   * Names LoRA weights for the calls that come, as the only ones that act until {@link
   * #setAdapters(List)} says otherwise.
   *
   * @param source a file, a folder, an address or a model id
   */
  public final void loadLoraWeights(String source) {
    loadLoraWeights(source, Map.of());
  }

  /** The same, under a name. */
  public final void loadLoraWeights(String source, String adapterName) {
    loadLoraWeights(source, Map.of("adapter_name", adapterName));
  }

  /**
   * The same with the old keywords.
   *
   * @param keywords {@code weight_name}, {@code subfolder}, {@code adapter_name}, {@code hotswap};
   *     others said how to load and have no effect
   * @throws IllegalArgumentException if the adapter's name is in use, with the old text
   */
  public final void loadLoraWeights(String source, Map<String, ?> keywords) {
    String file = text(keywords, "weight_name").orElse("");
    adapters()
        .load(
            source,
            text(keywords, "subfolder").map(folder -> folder + "/" + file).orElse(file),
            text(keywords, "adapter_name"),
            Boolean.TRUE.equals(keywords.get("hotswap")));
  }

  private static Optional<String> text(Map<String, ?> keywords, String name) {
    Object value = keywords.get(name);
    if (value == null || value instanceof String) {
      return Optional.ofNullable((String) value);
    }
    throw new IllegalArgumentException("`" + name + "` must be a text");
  }

  /** Makes one adapter the only one that acts, at full weight. */
  public final void setAdapters(String adapterName) {
    setAdapters(List.of(adapterName));
  }

  /** Makes one adapter the only one that acts. */
  public final void setAdapters(String adapterName, double adapterWeight) {
    setAdapters(List.of(adapterName), List.of(adapterWeight));
  }

  /** Makes these adapters the ones that act, at full weight. */
  public final void setAdapters(List<String> adapterNames) {
    setAdapters(adapterNames, 1);
  }

  /** Makes these adapters the ones that act, all with one weight. */
  public final void setAdapters(List<String> adapterNames, double adapterWeight) {
    setAdapters(adapterNames, adapterNames.stream().map(name -> adapterWeight).toList());
  }

  /**
   * Makes these adapters the ones that act.
   *
   * @param adapterWeights one for each; 1 is as trained
   * @throws IllegalArgumentException for an unknown name or another number of weights, with the old
   *     texts
   */
  public final void setAdapters(List<String> adapterNames, List<Double> adapterWeights) {
    adapters().set(adapterNames, adapterWeights);
  }

  /** The adapters that are loaded, by the model that they change. */
  public final Map<String, List<String>> getListAdapters() {
    List<String> names = adapters().names();
    return names.isEmpty() ? Map.of() : Map.of("transformer", names);
  }

  /** The adapters that act. */
  public final List<String> getActiveAdapters() {
    return adapters().active();
  }

  /** Forgets adapters. */
  public final void deleteAdapters(String adapterName) {
    deleteAdapters(List.of(adapterName));
  }

  /**
   * Forgets adapters.
   *
   * @throws IllegalArgumentException for an unknown name, with the old text
   * @throws IllegalStateException if one is fused
   */
  public final void deleteAdapters(List<String> adapterNames) {
    adapters().delete(adapterNames);
  }

  /** Draws without adapters until {@link #enableLora()}; what was fused is fused no longer. */
  public final void disableLora() {
    adapters().disable();
  }

  /** Undoes {@link #disableLora()}. */
  public final void enableLora() {
    adapters().enable();
  }

  /** Puts the adapters that act into the weights. */
  public final void fuseLora() {
    fuseLora(1);
  }

  /** The same, with their weights multiplied for good. */
  public final void fuseLora(double loraScale) {
    adapters().fuse(loraScale, Optional.empty());
  }

  /** The same for adapters by name. */
  public final void fuseLora(double loraScale, List<String> adapterNames) {
    adapters().fuse(loraScale, Optional.of(adapterNames));
  }

  /** Takes all fused adapters out of the weights again. */
  public final void unfuseLora() {
    adapters().unfuse();
  }

  /** Forgets all adapters. What is fused stays, and there is no way back then. */
  public final void unloadLoraWeights() {
    adapters().unload();
  }
}
