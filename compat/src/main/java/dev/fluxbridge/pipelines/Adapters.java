package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Weights;
import dev.fluxbridge.providers.Weights.Lora;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which LoRA weights are loaded, which of them act, and how strongly. It keeps books only: each
 * request says which weights it is to be drawn with.
 *
 * <p>Source: diffusers 0.33.0, loaders/lora_base.py and loaders/peft.py, without telling
 * transformer and text encoder apart. Safe for use by several threads.
 */
final class Adapters {
  private final Map<String, Source> loaded = new LinkedHashMap<>();
  private final Map<String, Double> weights = new LinkedHashMap<>();
  private final Map<String, Double> fused = new LinkedHashMap<>();
  private final List<Lora> kept = new ArrayList<>();
  private List<String> active = List.of();
  private boolean enabled = true;

  private record Source(String source, String file) {}

  /** Loads one and makes it the only active one. */
  synchronized void load(
      String source, String file, Optional<String> adapterName, boolean hotswap) {
    String name = adapterName.orElseGet(this::freeName);
    if (loaded.containsKey(name) && !hotswap) {
      throw new IllegalArgumentException(
          "Adapter name "
              + name
              + " already in use in the model - please select a new adapter name.");
    }
    if (loaded.put(name, new Source(source, file)) == null) {
      weights.put(name, 1.0);
      active = List.of(name);
    }
  }

  private String freeName() {
    int number = loaded.size();
    while (loaded.containsKey("default_" + number)) {
      number++;
    }
    return "default_" + number;
  }

  synchronized void set(List<String> names, List<Double> values) {
    if (names.size() != values.size()) {
      throw new IllegalArgumentException(
          "Length of adapter names %d is not equal to the length of the weights %d"
              .formatted(names.size(), values.size()));
    }
    refuseUnknown(names);
    values.forEach(Adapters::refuseNoNumber);
    for (int i = 0; i < names.size(); i++) {
      weights.put(names.get(i), values.get(i));
    }
    active = List.copyOf(new LinkedHashSet<>(names));
  }

  private void refuseUnknown(List<String> names) {
    Set<String> missing = new LinkedHashSet<>(names);
    missing.removeAll(loaded.keySet());
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "Adapter name(s) %s not in the list of present adapters: %s."
              .formatted(Python.set(missing), Python.set(loaded.keySet())));
    }
  }

  private static void refuseNoNumber(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a LoRA weight must be a number but is " + value);
    }
  }

  /** The scale stays with the active adapters even after they are fused no longer. */
  synchronized void fuse(double scale, Optional<List<String>> names) {
    refuseUnknown(names.orElse(List.of()));
    refuseNoNumber(scale);
    if (!enabled) {
      throw new IllegalStateException("the adapters are disabled; enable them before fusing");
    }
    active.forEach(name -> weights.merge(name, scale, (weight, times) -> weight * times));
    for (String name : names.orElse(active)) {
      fused.putIfAbsent(name, weights.getOrDefault(name, 1.0));
    }
  }

  synchronized void unfuse() {
    fused.clear();
  }

  /** What is fused stays in the weights, and there is no way back then. */
  synchronized void unload() {
    fused.forEach((name, weight) -> kept.add(lora(name, weight)));
    loaded.clear();
    weights.clear();
    fused.clear();
    active = List.of();
    enabled = true;
  }

  synchronized void delete(List<String> names) {
    refuseUnknown(names);
    for (String name : names) {
      if (fused.containsKey(name)) {
        throw new IllegalStateException(
            "the adapter " + name + " is fused; unfuse it before it is deleted");
      }
    }
    for (String name : names) {
      loaded.remove(name);
      weights.remove(name);
      List<String> remaining = new ArrayList<>(active);
      // Where it was the last active one, the first by name takes its place.
      if (remaining.remove(name) && remaining.isEmpty()) {
        loaded.keySet().stream().sorted().findFirst().ifPresent(remaining::add);
      }
      active = List.copyOf(remaining);
    }
  }

  /** What is fused is fused no longer. */
  synchronized void disable() {
    enabled = false;
    fused.clear();
  }

  synchronized void enable() {
    enabled = true;
  }

  synchronized List<String> names() {
    return List.copyOf(loaded.keySet());
  }

  synchronized List<String> active() {
    return active;
  }

  /** What a call that is made now is to be drawn with. */
  synchronized Acting acting() {
    List<Lora> fixed = new ArrayList<>(kept);
    fused.forEach((name, weight) -> fixed.add(lora(name, weight)));
    // As in peft, adapters that are not fused do nothing beside those that are.
    List<Lora> scaled =
        fused.isEmpty() && enabled
            ? active.stream().map(name -> lora(name, weights.getOrDefault(name, 1.0))).toList()
            : List.of();
    return new Acting(fixed, scaled);
  }

  /**
   * @param fused in the weights: no scale of a call changes them
   * @param active beside the weights
   */
  record Acting(List<Lora> fused, List<Lora> active) {

    boolean isEmpty() {
      return fused.isEmpty() && active.isEmpty();
    }

    /** With the scale of one call. */
    Weights weights(String model, double scale, List<String> controlNets) {
      if (fused.isEmpty()) {
        return new Weights(model, active, scale, controlNets);
      }
      List<Lora> all = new ArrayList<>(fused);
      for (Lora lora : active) {
        all.add(new Lora(lora.source(), lora.file(), lora.adapter(), lora.weight() * scale));
      }
      return new Weights(model, all, 1, controlNets);
    }
  }

  private Lora lora(String name, double weight) {
    Source source = loaded.getOrDefault(name, new Source(name, ""));
    return new Lora(source.source, source.file, name, weight);
  }
}
