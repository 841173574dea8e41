package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.route.Flag;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Settings of a test. */
final class Flags {
  private final Map<String, String> values = new HashMap<>();

  static Flags of(String... keysAndValues) {
    Flags flags = new Flags();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      flags.values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return flags;
  }

  Flags with(String key, String value) {
    values.put(key, value);
    return this;
  }

  Optional<Flag> find(String key) {
    return Optional.ofNullable(values.get(key))
        .map(value -> new Flag(value, "line 3 of fluxbridge.properties"));
  }

  RolloutRules rules() {
    return RolloutRules.of(this::find);
  }
}
