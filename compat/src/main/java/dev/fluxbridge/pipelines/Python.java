package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How Python prints things in the old texts. */
final class Python {
  private Python() {}

  /** {@code type(value)}. */
  static String type(@Nullable Object value) {
    String name;
    if (value == null) {
      name = "NoneType";
    } else if (value instanceof Integer || value instanceof Long) {
      name = "int";
    } else if (value instanceof Number) {
      name = "float";
    } else if (value instanceof Boolean) {
      name = "bool";
    } else if (value instanceof String) {
      name = "str";
    } else if (value instanceof List<?>) {
      name = "list";
    } else if (value instanceof Map<?, ?>) {
      name = "dict";
    } else if (value instanceof Tensor) {
      name = "torch.Tensor";
    } else if (value instanceof BufferedImage) {
      name = "PIL.Image.Image";
    } else {
      name = value.getClass().getName();
    }
    return "<class '" + name + "'>";
  }

  /** A list of texts. */
  static String list(Collection<?> values) {
    return quoted(values, "[", "]");
  }

  /** A set of texts. */
  static String set(Collection<?> values) {
    return values.isEmpty() ? "set()" : quoted(values, "{", "}");
  }

  private static String quoted(Collection<?> values, String open, String close) {
    return values.stream()
        .map(value -> "'" + value + "'")
        .collect(Collectors.joining(", ", open, close));
  }

  static String size(Tensor tensor) {
    return "torch.Size(" + tensor.shape() + ")";
  }

  /** Kind and size of what the old text printed in full: errors end up in logs. */
  static String described(Object value) {
    if (value instanceof String text) {
      return "<str of " + text.length() + " characters>";
    }
    if (value instanceof List<?> list) {
      return "<list of " + list.size() + ">";
    }
    return value instanceof Tensor tensor ? "<tensor of " + size(tensor) + ">" : type(value);
  }
}
