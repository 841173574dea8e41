package dev.fluxbridge.pipelines.arguments;

import org.jspecify.annotations.Nullable;

/**
 * Arguments of an old pipeline, set one by one. Immutable, as its implementations are; checks
 * nothing, the call does.
 *
 * @param <A> the arguments of which pipeline
 */
public interface Takes<A> {

  /**
   * A copy with one argument changed.
   *
   * @param name the old name, in snake case
   * @param value what Python took there; {@code null} is {@code None}
   * @throws IllegalArgumentException for a name that the old call did not know, with Python's text
   */
  A with(String name, @Nullable Object value);
}
