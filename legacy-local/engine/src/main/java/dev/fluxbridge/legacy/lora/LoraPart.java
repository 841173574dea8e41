package dev.fluxbridge.legacy.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which adapters act on one model, and how. Immutable.
 *
 * @param weights of all adapters that change this model, in the order in which they were loaded
 * @param active those whose factors are applied, in their order
 * @param fused those that are in the weights, and with which weight each
 */
record LoraPart(Map<String, Double> weights, List<String> active, Map<String, Double> fused) {
  static final LoraPart EMPTY = new LoraPart(Map.of(), List.of(), Map.of());

  LoraPart loaded(String name) {
    Map<String, Double> more = new LinkedHashMap<>(weights);
    more.put(name, 1.0);
    return new LoraPart(more, List.of(name), fused);
  }

  LoraPart set(List<String> names, List<Double> values) {
    Map<String, Double> changed = new LinkedHashMap<>(weights);
    for (int i = 0; i < names.size(); i++) {
      changed.replace(names.get(i), values.get(i));
    }
    return new LoraPart(changed, List.copyOf(names), fused);
  }

  /** The scale stays with the active adapters even after they are fused no longer. */
  LoraPart fuse(double scale, List<String> names) {
    Map<String, Double> changed = new LinkedHashMap<>(weights);
    active.forEach(name -> changed.computeIfPresent(name, (n, weight) -> weight * scale));
    Map<String, Double> more = new LinkedHashMap<>(fused);
    for (String name : names) {
      Double weight = changed.get(name);
      if (weight != null) {
        more.putIfAbsent(name, weight);
      }
    }
    return new LoraPart(changed, active, more);
  }

  LoraPart unfuse() {
    return new LoraPart(weights, active, Map.of());
  }

  /** Without an adapter; where it was the last active one, the first by name takes its place. */
  LoraPart without(String name) {
    Map<String, Double> fewer = new LinkedHashMap<>(weights);
    fewer.remove(name);
    List<String> remaining = new ArrayList<>(active);
    if (remaining.remove(name) && remaining.isEmpty()) {
      fewer.keySet().stream().sorted().findFirst().ifPresent(remaining::add);
    }
    return new LoraPart(fewer, List.copyOf(remaining), fused);
  }
}
