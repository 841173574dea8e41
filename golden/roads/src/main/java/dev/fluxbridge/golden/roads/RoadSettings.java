package dev.fluxbridge.golden.roads;

import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.providers.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run's roads are set up with, but for which road it is: the process's settings of the roads
 * themselves, and none of those that choose between roads. Immutable.
 *
 * @param properties by their keys
 * @param environment where providers' clients look for keys and models
 */
record RoadSettings(Map<String, String> properties, Map<String, String> environment) {
  private static final List<String> OF_ROADS =
      List.of(
          "fluxbridge.local.",
          "fluxbridge.fal.",
          "fluxbridge.openai.",
          Settings.PROTECT,
          Settings.STRICT);

  RoadSettings {
    properties = Map.copyOf(properties);
    environment = Map.copyOf(environment);
  }

  /**
   * The process's, with a test's own before them.
   *
   * @param own each {@code key=value}
   * @throws GoldenException for one of these that is none
   */
  static RoadSettings of(String[] own, Map<String, String> environment) {
    Settings process = Settings.ofProcess();
    Map<String, String> properties = new HashMap<>();
    for (String key : Settings.keys().keySet()) {
      if (ofRoads(key)) {
        process.get(key).ifPresent(value -> properties.put(key, value));
      }
    }
    for (String setting : own) {
      int equals = setting.indexOf('=');
      String key = setting.substring(0, Math.max(equals, 0)).strip();
      if (!ofRoads(key) || !Settings.keys().containsKey(key)) {
        throw new GoldenException(
            "@GoldenRoads(settings = \"%s\") is no setting of a road: 'key=value', with a key that begins with one of %s"
                .formatted(setting, OF_ROADS));
      }
      properties.put(key, setting.substring(equals + 1).strip());
    }
    return new RoadSettings(properties, environment);
  }

  private static boolean ofRoads(String key) {
    return OF_ROADS.stream().anyMatch(key::startsWith);
  }

  /** What sends every call to this road, over this edge. */
  Settings on(String road, Edge edge) {
    Map<String, String> all = new HashMap<>(properties);
    for (Task task : Task.values()) {
      all.put("fluxbridge.route." + task.label(), road);
    }
    all.putAll(edge.properties());
    Map<String, String> variables =
        environment.entrySet().stream()
            // those of the process are in the properties already, as far as they count here
            .filter(variable -> !variable.getKey().startsWith("FLUXBRIDGE_"))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    variables.putAll(edge.environment());
    return Settings.of(all, variables, Map.of());
  }
}
