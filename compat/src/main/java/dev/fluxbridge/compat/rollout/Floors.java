package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The noise floors of old roads, as they were read last. Read by one thread, asked by all. */
final class Floors {
  private static final double HALF = 0.5;
  private static final double NINETEEN_OF_TWENTY = 0.95;

  private volatile Map<Key, Floor> floors = Map.of();

  private record Key(Task task, String backend) {}

  Floor of(Task task, String backend) {
    return floors.getOrDefault(new Key(task, backend), Floor.NONE);
  }

  void read(List<CountTable.Counted> rows) {
    Map<Key, Sketch> sums = new HashMap<>();
    for (CountTable.Counted row : rows) {
      sums.computeIfAbsent(
              new Key(row.bucket().task(), row.bucket().backend()), key -> new Sketch())
          .add(row.tally().repeated);
    }
    Map<Key, Floor> read = new HashMap<>();
    sums.forEach(
        (key, sum) ->
            read.put(
                key, new Floor(sum.total(), sum.quantile(HALF), sum.quantile(NINETEEN_OF_TWENTY))));
    floors = Map.copyOf(read);
  }
}
