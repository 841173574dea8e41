package dev.fluxbridge.compat;

import dev.fluxbridge.compat.route.Flag;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a properties file says, each key with the line where it stands. Immutable. It checks that
 * the file can be read without doubt, and not whether the values make sense.
 */
final class SettingsFile {
  private final String name;
  private final Map<String, Flag> flags;

  /** Asked at every call, and faster than an order. */
  private final Map<String, Flag> byKey;

  private SettingsFile(String name, Map<String, Flag> flags) {
    this.name = name;
    this.flags = Collections.unmodifiableMap(flags);
    this.byKey = Map.copyOf(flags);
  }

  /** What is set elsewhere than in a file, as if one said it. */
  static SettingsFile of(String name, Map<String, String> values) {
    Map<String, Flag> flags = new TreeMap<>();
    values.forEach((key, value) -> flags.put(key, new Flag(value, "key " + key + " in " + name)));
    return new SettingsFile(name, flags);
  }

  /**
   * Reads a file.
   *
   * @param name how to call it in messages
   * @param content UTF-8
   * @throws IllegalArgumentException if it is no UTF-8, has an escape that is none, or sets a key
   *     twice, naming the line
   */
  static SettingsFile parse(String name, byte[] content) {
    Map<String, Flag> flags = new TreeMap<>();
    Map<String, Integer> lines = new TreeMap<>();
    List<String> natural = text(name, content).lines().toList();
    int next = 0;
    while (next < natural.size()) {
      int first = next++;
      String logical = natural.get(first);
      boolean comment = logical.isBlank() || logical.strip().matches("(?s)[#!].*");
      while (!comment && goesOn(logical) && next < natural.size()) {
        logical = logical + "\n" + natural.get(next++);
      }
      if (comment) {
        continue;
      }
      int line = first + 1;
      Properties one = one(name, line, logical);
      for (String key : one.stringPropertyNames()) {
        Integer before = lines.put(key, line);
        if (before != null) {
          throw new IllegalArgumentException(
              "%s sets %s in line %d and again in line %d".formatted(name, key, before, line));
        }
        flags.put(
            key,
            new Flag(one.getProperty(key), "key %s in %s, line %d".formatted(key, name, line)));
      }
    }
    return new SettingsFile(name, flags);
  }

  private static String text(String name, byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(name + " is not UTF-8", e);
    }
  }

  private static boolean goesOn(String line) {
    int slashes = 0;
    while (slashes < line.length() && line.charAt(line.length() - 1 - slashes) == '\\') {
      slashes++;
    }
    return slashes % 2 == 1;
  }

  private static Properties one(String name, int line, String logical) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(logical));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s, line %d, cannot be read: %s".formatted(name, line, e.getMessage()), e);
    }
    return properties;
  }

  /**
   * One key of a file that as a whole may make no sense.
   *
   * @param content may be broken elsewhere
   */
  static Optional<Flag> only(String key, String name, byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().startsWith(key)) {
        try {
          String value = one(name, i + 1, lines.get(i)).getProperty(key);
          if (value != null) {
            return Optional.of(
                new Flag(value, "key %s in %s, line %d".formatted(key, name, i + 1)));
          }
        } catch (IllegalArgumentException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** The same file with one key set otherwise. */
  SettingsFile with(String key, Flag flag) {
    Map<String, Flag> changed = new TreeMap<>(flags);
    changed.put(key, flag);
    return new SettingsFile(name, changed);
  }

  String name() {
    return name;
  }

  @Nullable Flag flag(String key) {
    return byKey.get(key);
  }

  Map<String, Flag> flags() {
    return flags;
  }
}
