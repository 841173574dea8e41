package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Tensor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Old arguments, each read as the kind that it must be of.
 *
 * <p>Every method throws {@link IllegalArgumentException}, naming the old argument, for another
 * kind.
 */
record Given(PipelineArguments<?> arguments) {

  boolean has(String name) {
    return arguments.get(name) != null;
  }

  @Nullable Object value(String name) {
    return arguments.get(name);
  }

  Number number(String name) {
    if (arguments.get(name) instanceof Number number) {
      return number;
    }
    throw new IllegalArgumentException("`" + name + "` must be a number");
  }

  Optional<Integer> integer(String name) {
    return has(name) ? Optional.of(number(name).intValue()) : Optional.empty();
  }

  Optional<Tensor> tensor(String name) {
    Object value = arguments.get(name);
    if (value == null || value instanceof Tensor) {
      return Optional.ofNullable((Tensor) value);
    }
    throw new IllegalArgumentException("`" + name + "` must be a Tensor");
  }

  Optional<Images> images(String name) {
    return has(name)
        ? Optional.of(GivenPictures.read(name, arguments.get(name)))
        : Optional.empty();
  }

  /** A text or a list of texts; none for {@code None}. */
  List<String> texts(String name) {
    Object value = arguments.get(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof String text) {
      return List.of(text);
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      if (list.isEmpty()) {
        throw new IllegalArgumentException("`" + name + "` is an empty list");
      }
      return list.stream().map(String.class::cast).toList();
    }
    throw new IllegalArgumentException("`" + name + "` must be a text or a list of texts");
  }

  /** None for {@code None}. */
  List<Double> numbers(String name) {
    Object value = arguments.get(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
      return list.stream().map(number -> ((Number) number).doubleValue()).toList();
    }
    throw new IllegalArgumentException("`" + name + "` must be a list of numbers");
  }
}
