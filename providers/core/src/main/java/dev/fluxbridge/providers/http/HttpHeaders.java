package dev.fluxbridge.providers.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Header fields in their order; names compare without case. Immutable.
 *
 * <p>Values may be secrets, so {@link #toString()} tells the names only.
 *
 * @param fields the fields, in order
 */
public record HttpHeaders(List<Field> fields) {

  /** No fields. */
  public static final HttpHeaders NONE = new HttpHeaders(List.of());

  public HttpHeaders {
    fields = List.copyOf(fields);
  }

  /**
   * One field.
   *
   * @param name for example {@code Retry-After}
   * @param value as it was sent
   */
  public record Field(String name, String value) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** These fields and one more at the end. */
  public HttpHeaders with(String name, String value) {
    List<Field> more = new ArrayList<>(fields);
    more.add(new Field(name, value));
    return new HttpHeaders(more);
  }

  /** The value of the first field of this name. */
  public Optional<String> first(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return fields.stream()
        .filter(field -> field.name().toLowerCase(Locale.ROOT).equals(wanted))
        .map(Field::value)
        .findFirst();
  }

  /** Tells the names only: a value may be a key. */
  @Override
  public String toString() {
    return fields.toString();
  }
}
