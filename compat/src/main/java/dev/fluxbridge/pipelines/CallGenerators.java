package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Seed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What a call takes from its generators, and how to give it back. */
final class CallGenerators {
  private final Deque<Taken> taken = new ArrayDeque<>();

  private record Taken(Generator generator, Seed state, long numbers) {}

  /** The generators that the caller gave; none for random noise. */
  static List<Generator> of(Given given, int pictures) {
    Object value = given.value("generator");
    if (value == null) {
      return List.of();
    }
    if (value instanceof Generator generator) {
      return List.of(generator);
    }
    if (value instanceof List<?> list && list.stream().allMatch(Generator.class::isInstance)) {
      if (list.size() != pictures) {
        throw new IllegalArgumentException(
            "You have passed a list of generators of length %d, but requested an effective batch size of %d. Make sure the batch size matches the length of the generators."
                .formatted(list.size(), pictures));
      }
      return list.stream().map(Generator.class::cast).toList();
    }
    throw new IllegalArgumentException("`generator` must be a Generator or a list of them");
  }

  List<Seed> draw(List<Generator> generators, Draws draws) {
    List<Seed> seeds = new ArrayList<>();
    for (int i = 0; i < generators.size(); i++) {
      long numbers = draws.from(i, generators.size());
      Seed state = generators.get(i).draw(numbers);
      taken.addFirst(new Taken(generators.get(i), state, numbers));
      seeds.add(state);
    }
    return seeds;
  }

  /**
   * Leaves the generators where they were: for a call that failed, so that trying again draws the
   * same picture.
   */
  void giveBack() {
    taken.forEach(draw -> draw.generator().giveBack(draw.state(), draw.numbers()));
  }
}
