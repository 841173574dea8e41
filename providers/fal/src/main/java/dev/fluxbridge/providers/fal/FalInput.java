package dev.fluxbridge.providers.fal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint gets, with files in it: {@link FalStorage#json} uploads them and writes the JSON
 * text with their addresses.
 *
 * <p>It may hold texts, numbers, booleans, null, maps with text keys, collections, arrays, {@link
 * java.util.Optional} (left out where empty), enums and addresses (as their text) and records
 * (their components as fields, {@code imageUrl} as {@code image_url}). A {@link
 * java.nio.file.Path}, a {@link java.io.File}, a {@code byte[]}, a {@link java.io.InputStream} and
 * a {@link FalFile} become the address of what they hold; give a {@code FalFile} where the media
 * type cannot be known from a name or from a picture's first bytes. Immutable, as far as what it
 * holds is; checked when it is used.
 */
public final class FalInput {
  private final Map<String, @Nullable Object> fields;

  private FalInput(Map<String, @Nullable Object> fields) {
    this.fields = Collections.unmodifiableMap(fields);
  }

  /** An input of these fields, in this order. */
  public static FalInput of(Map<String, ? extends @Nullable Object> fields) {
    return new FalInput(new LinkedHashMap<>(fields));
  }

  /** An input whose fields are the components of a record. */
  public static FalInput of(Record record) {
    return new FalInput(InputJson.components(record, "input"));
  }

  /** An input of one field. */
  public static FalInput of(String name, @Nullable Object value) {
    return new FalInput(new LinkedHashMap<>()).with(name, value);
  }

  /** The same with this field too, or changed. */
  public FalInput with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new FalInput(more);
  }

  Map<String, @Nullable Object> fields() {
    return fields;
  }

  /** Tells the names of the fields and nothing of what is in them. */
  @Override
  public String toString() {
    return "FalInput" + fields.keySet();
  }
}
