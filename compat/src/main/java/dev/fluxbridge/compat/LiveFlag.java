package dev.fluxbridge.compat;

import dev.fluxbridge.compat.route.Flag;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One key, looked up at every call: the same {@link Flag} comes out, and nothing is allocated, as
 * long as nobody changes it.
 */
final class LiveFlag {
  private final String key;
  private final String variable;
  private final String propertyOrigin;
  private final String variableOrigin;
  private final UnaryOperator<@Nullable String> systemProperties;
  private final UnaryOperator<@Nullable String> environment;
  private final Supplier<SettingsFile> file;
  private volatile @Nullable Flag last;

  LiveFlag(
      String key,
      UnaryOperator<@Nullable String> systemProperties,
      UnaryOperator<@Nullable String> environment,
      Supplier<SettingsFile> file) {
    this.key = key;
    this.variable = Settings.variable(key);
    this.propertyOrigin = "system property " + key;
    this.variableOrigin = "environment variable " + variable;
    this.systemProperties = systemProperties;
    this.environment = environment;
    this.file = file;
  }

  @Nullable Flag get() {
    String property = systemProperties.apply(key);
    if (property != null && !property.isBlank()) {
      return same(property, propertyOrigin);
    }
    String set = environment.apply(variable);
    if (set != null && !set.isBlank()) {
      return same(set, variableOrigin);
    }
    Flag written = file.get().flag(key);
    return written == null || written.value().isBlank() ? null : written;
  }

  private Flag same(String value, String origin) {
    Flag known = last;
    if (known != null && known.origin().equals(origin) && known.value().equals(value)) {
      return known;
    }
    Flag flag = new Flag(value, origin);
    last = flag;
    return flag;
  }
}
