package dev.fluxbridge.legacy.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.TorchScript;
import dev.fluxbridge.legacy.text.ClipTextEncoder;
import dev.fluxbridge.legacy.transformer.FluxTransformer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The LoRA adapters of one loaded pipeline: loads files, and tells transformer and CLIP what to
 * compute with.
 *
 * <p>Adapters that are not fused are applied as stacked factors beside the checkpoint's weights;
 * their weights are multiplied in once, when they are set. A method that fails changes nothing. The
 * files stay mapped into memory while they are loaded and must not be cut short. Not safe for use
 * by several threads, nor beside a call of either model: the engine's lock stands around both.
 *
 * <p>Differences from diffusers: the tensors that a control LoRA puts in place of norms go with
 * their adapter, also when it is deleted; {@link #disable()} holds for adapters that are loaded
 * later; a scale of 0 leaves the weights as they were set; an unknown name is refused everywhere.
 *
 * <p>Source: diffusers 0.35, loaders/lora_base.py and loaders/peft.py; peft 0.21, tuners/lora.
 */
public final class LoraAdapters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoraAdapters.class);

  private final Placement placement;
  private final FluxTransformer transformer;
  private final ClipTextEncoder textEncoder;
  private final TorchScript script;
  private final Kept keptTransformer = new Kept();
  private final Kept keptText = new Kept();
  private State state = State.EMPTY;
  private NDManager applied;

  /**
   * @param columns width of image tokens that was asked for so far, 0 for the checkpoint's own
   */
  private record State(
      Map<String, Lora> loaded,
      LoraPart transformer,
      LoraPart text,
      boolean enabled,
      double scale,
      long columns) {
    static final State EMPTY = new State(Map.of(), LoraPart.EMPTY, LoraPart.EMPTY, true, 1, 0);

    State parts(UnaryOperator<LoraPart> change) {
      return with(loaded, change.apply(transformer), change.apply(text));
    }

    State with(Map<String, Lora> files, LoraPart forTransformer, LoraPart forText) {
      return new State(files, forTransformer, forText, enabled, scale, columns);
    }
  }

  /** Fused weights that outlive their adapters. */
  private static final class Kept {
    private Map<String, NDArray> tensors = Map.of();
  }

  /**
   * For a pipeline.
   *
   * @param placement where its weights are
   */
  public LoraAdapters(
      Placement placement, FluxTransformer transformer, ClipTextEncoder textEncoder) {
    this.placement = placement;
    this.transformer = transformer;
    this.textEncoder = textEncoder;
    script = TorchScript.compile(placement.manager(), Overlay.FUNCTIONS);
    applied = placement.manager().newSubManager();
  }

  /**
   * Loads a file and makes it the only active adapter of the models that it changes.
   *
   * @param adapterName its name; none: {@code default_0}, {@code default_1} and so on
   * @return the name
   * @throws IllegalArgumentException if the name is in use
   * @throws CheckpointException if the file is no LoRA, or not one for this pipeline's models
   */
  public String load(Path file, Optional<String> adapterName) {
    String name = adapterName.orElseGet(this::freeName);
    if (state.loaded.containsKey(name)) {
      throw new IllegalArgumentException(
          "Adapter name "
              + name
              + " already in use in the model - please select a new adapter name.");
    }
    Lora lora = LoraFile.read(file, placement, transformer.weights(), textEncoder.weights());
    try {
      Map<String, Lora> loaded = new LinkedHashMap<>(state.loaded);
      loaded.put(name, lora);
      Factors input = lora.transformer().get("x_embedder");
      boolean widens = input != null && input.columns() > transformer.config().inChannels();
      change(
          new State(
              loaded,
              lora.transformer().isEmpty() ? state.transformer : state.transformer.loaded(name),
              lora.textEncoder().isEmpty() ? state.text : state.text.loaded(name),
              state.enabled,
              state.scale,
              widens && input != null ? input.columns() : state.columns));
      return name;
    } catch (RuntimeException | Error e) {
      lora.owner().close();
      throw e;
    }
  }

  private String freeName() {
    int number = state.loaded.size();
    while (state.loaded.containsKey("default_" + number)) {
      number++;
    }
    return "default_" + number;
  }

  /** The names of all loaded adapters, in the order in which they were loaded. */
  public List<String> names() {
    return List.copyOf(state.loaded.keySet());
  }

  /** The names of the adapters that act on the transformer, in the order in which they were set. */
  public List<String> active() {
    return state.transformer.active();
  }

  /**
   * Makes these adapters the active ones.
   *
   * @param weights one for each; empty: 1 for all
   * @throws IllegalArgumentException if a name is unknown or the weights are not as many
   */
  public void set(List<String> names, List<Double> weights) {
    List<Double> values = weights.isEmpty() ? names.stream().map(name -> 1.0).toList() : weights;
    if (names.size() != values.size()) {
      throw new IllegalArgumentException(
          "Length of adapter names "
              + names.size()
              + " is not equal to the length of the weights "
              + values.size());
    }
    refuseUnknown(names);
    for (Double value : values) {
      refuseNoNumber(value);
    }
    change(state.parts(part -> part.set(names, values)));
  }

  private void refuseUnknown(List<String> names) {
    Set<String> missing = new LinkedHashSet<>(names);
    missing.removeAll(state.loaded.keySet());
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "Adapter name(s) "
              + braced(missing)
              + " not in the list of present adapters: "
              + braced(state.loaded.keySet())
              + ".");
    }
  }

  /** As Python prints a set of texts. */
  private static String braced(Set<String> names) {
    List<String> quoted = new ArrayList<>();
    names.forEach(name -> quoted.add("'" + name + "'"));
    return quoted.isEmpty() ? "set()" : "{" + String.join(", ", quoted) + "}";
  }

  private static void refuseNoNumber(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a LoRA weight must be a number but is " + value);
    }
  }

  /** Computes without any adapter; what was fused is fused no longer. */
  public void disable() {
    State plain = state.parts(LoraPart::unfuse);
    change(
        new State(plain.loaded, plain.transformer, plain.text, false, plain.scale, plain.columns));
  }

  /** Undoes {@link #disable()}. */
  public void enable() {
    change(
        new State(state.loaded, state.transformer, state.text, true, state.scale, state.columns));
  }

  /**
   * Scales what the active adapters add, on top of their weights, until it is called again. The
   * engine calls it before each call with the call's own scale; it costs nothing where that is the
   * last one. Fused adapters keep theirs.
   *
   * @param scale 1 leaves the weights as they were set
   */
  public void scale(double scale) {
    refuseNoNumber(scale);
    if (scale != state.scale) {
      State next =
          new State(
              state.loaded, state.transformer, state.text, state.enabled, scale, state.columns);
      if (state.loaded.isEmpty()) {
        state = next;
      } else {
        change(next);
      }
    }
  }

  /**
   * Puts adapters into the weights, so that they cost nothing at each step. A layer in which one is
   * fused computes without those that are not, as in peft.
   *
   * @param scale multiplies the weights of the active adapters, for good
   * @param names which ones; none: the active ones
   * @param textEncoderToo whether in CLIP too; diffusers by itself fuses in the transformer only
   * @throws IllegalArgumentException if a name is unknown
   * @throws IllegalStateException if the adapters are disabled
   */
  public void fuse(double scale, Optional<List<String>> names, boolean textEncoderToo) {
    refuseUnknown(names.orElse(List.of()));
    refuseNoNumber(scale);
    if (!state.enabled) {
      throw new IllegalStateException("the adapters are disabled; enable them before fusing");
    }
    LoraPart forTransformer =
        state.transformer.fuse(scale, names.orElse(state.transformer.active()));
    LoraPart forText =
        textEncoderToo ? state.text.fuse(scale, names.orElse(state.text.active())) : state.text;
    change(state.with(state.loaded, forTransformer, forText));
  }

  /** Takes all fused adapters out again: the checkpoint's own weights are used as they were. */
  public void unfuse() {
    change(state.parts(LoraPart::unfuse));
  }

  /**
   * Forgets all adapters. What is fused stays in the weights, and there is no way back then.
   *
   * @param resetToOverwrittenParams whether a transformer that a control LoRA has made to read
   *     wider image tokens is made to read its own ones again
   */
  public void unload(boolean resetToOverwrittenParams) {
    Map<String, NDArray> oldTransformer = keptTransformer.tensors;
    Map<String, NDArray> oldText = keptText.tensors;
    Map<String, Lora> unloaded = state.loaded;
    keptTransformer.tensors = fused(state.transformer, keptTransformer, true);
    keptText.tensors = fused(state.text, keptText, false);
    change(
        new State(
            Map.of(),
            LoraPart.EMPTY,
            LoraPart.EMPTY,
            true,
            state.scale,
            resetToOverwrittenParams ? 0 : state.columns));
    unloaded.values().forEach(lora -> lora.owner().close());
    closeReplaced(oldTransformer, keptTransformer);
    closeReplaced(oldText, keptText);
  }

  private static void closeReplaced(Map<String, NDArray> old, Kept kept) {
    old.forEach(
        (name, tensor) -> {
          if (kept.tensors.get(name) != tensor) {
            tensor.close();
          }
        });
  }

  /** The weights with what is fused, which the pipeline's manager owns from now on. */
  private Map<String, NDArray> fused(LoraPart part, Kept kept, boolean ofTransformer) {
    if (part.fused().isEmpty()) {
      return kept.tensors;
    }
    try (NDManager scratch = placement.manager().newSubManager()) {
      Overlay overlay = overlay(scratch, kept, ofTransformer);
      overlay.widen(state.columns);
      overlay.apply(
          new LoraPart(part.weights(), List.of(), part.fused()),
          name -> factors(state, name, ofTransformer),
          1);
      return overlay.owned(placement.manager(), kept.tensors);
    }
  }

  private Overlay overlay(NDManager scratch, Kept kept, boolean ofTransformer) {
    return new Overlay(
        script,
        scratch,
        ofTransformer ? transformer.weights() : textEncoder.weights(),
        kept.tensors);
  }

  private static Map<String, Factors> factors(State of, String name, boolean ofTransformer) {
    Lora lora = of.loaded.get(name);
    if (lora == null) {
      return Map.of();
    }
    return ofTransformer ? lora.transformer() : lora.textEncoder();
  }

  /**
   * Forgets adapters.
   *
   * @throws IllegalArgumentException if a name is unknown
   * @throws IllegalStateException if one is fused
   */
  public void delete(List<String> names) {
    refuseUnknown(names);
    State next = state;
    Map<String, Lora> loaded = new LinkedHashMap<>(state.loaded);
    List<Lora> deleted = new ArrayList<>();
    for (String name : new LinkedHashSet<>(names)) {
      if (state.transformer.fused().containsKey(name) || state.text.fused().containsKey(name)) {
        throw new IllegalStateException(
            "the adapter " + name + " is fused; unfuse it before it is deleted");
      }
      Lora lora = loaded.remove(name);
      if (lora != null) {
        deleted.add(lora);
      }
      next = next.parts(part -> part.without(name));
    }
    change(next.with(loaded, next.transformer, next.text));
    deleted.forEach(lora -> lora.owner().close());
  }

  /** Makes all tensors of the next state, gives them to the models, and frees those before. */
  private void change(State next) {
    NDManager owner = placement.manager().newSubManager();
    Map<String, NDArray> forTransformer;
    Map<String, NDArray> forText;
    try (NDManager scratch = placement.manager().newSubManager()) {
      forTransformer = tensors(next, next.transformer, scratch, owner, keptTransformer, true);
      forText = tensors(next, next.text, scratch, owner, keptText, false);
      transformer.adapt(forTransformer);
    } catch (RuntimeException | Error e) {
      owner.close();
      throw e;
    }
    textEncoder.adapt(forText);
    applied.close();
    applied = owner;
    state = next;
    warnOfSilencedAdapters();
  }

  private Map<String, NDArray> tensors(
      State next,
      LoraPart part,
      NDManager scratch,
      NDManager owner,
      Kept kept,
      boolean ofTransformer) {
    Overlay overlay = overlay(scratch, kept, ofTransformer);
    overlay.widen(next.columns);
    if (ofTransformer) {
      next.loaded.values().forEach(lora -> overlay.replace(lora.norms()));
    }
    LoraPart applied = next.enabled ? part : new LoraPart(part.weights(), List.of(), part.fused());
    overlay.apply(applied, name -> factors(next, name, ofTransformer), next.scale);
    return overlay.owned(owner, kept.tensors);
  }

  private void warnOfSilencedAdapters() {
    List<String> silenced = new ArrayList<>(state.transformer.active());
    silenced.removeAll(state.transformer.fused().keySet());
    if (!silenced.isEmpty() && !state.transformer.fused().isEmpty()) {
      LOG.warn(
          "The adapters {} do nothing in layers in which {} are fused; unfuse them or fuse all",
          silenced,
          state.transformer.fused().keySet());
    }
  }

  /** Frees what the adapters hold. The models must not be called any more. */
  @Override
  public void close() {
    state.loaded.values().forEach(lora -> lora.owner().close());
    applied.close();
    script.close();
  }
}
