package dev.fluxbridge.golden.roads;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.golden.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One road as one run finds it: nothing but this road, and hosted ones behind an edge. */
final class OpenRoad implements AutoCloseable {
  private static final String LOCAL = "local";

  private final Edge edge;
  private final Fluxbridge fluxbridge;

  private OpenRoad(Edge edge, Fluxbridge fluxbridge) {
    this.edge = edge;
    this.fluxbridge = fluxbridge;
  }

  /**
   * Opens it: replayed, or live where that is asked for.
   *
   * @param place the test
   * @throws GoldenException if it has no recording that can be replayed
   */
  static OpenRoad open(String road, Place place, RoadSettings settings) {
    Edge edge = edge(road, place, settings);
    try {
      return new OpenRoad(edge, Fluxbridge.of(settings.on(road, edge)));
    } catch (RuntimeException e) {
      edge.close();
      throw e;
    }
  }

  private static Edge edge(String road, Place place, RoadSettings settings) {
    if (road.equals(LOCAL)) {
      return Edge.NONE;
    }
    Path folder =
        RoadSwitches.recordings().resolve(place.testClass()).resolve(place.name()).resolve(road);
    if (RoadSwitches.live(place)) {
      return new Live(folder, road, settings, Clock.systemUTC());
    }
    if (!Files.isDirectory(folder)) {
      throw new GoldenException(
          "there is no recording of the road '%s' for %s at %s, and tests are sent to nobody. Record it once, with the provider's key in the environment: %s"
              .formatted(road, place, folder, Replay.how(place)));
    }
    return new Replay(Recording.read(folder, road), place);
  }

  /** Whether what draws on it is installed. */
  static boolean installed(String road, Fluxbridge fluxbridge) {
    return fluxbridge.ledger().stream().anyMatch(row -> row.backend().equals(road));
  }

  Fluxbridge fluxbridge() {
    return fluxbridge;
  }

  /** As {@link Edge#ended}. */
  Optional<RuntimeException> ended(@Nullable Throwable failure) {
    return edge.ended(failure);
  }

  @Override
  public void close() {
    try {
      fluxbridge.close();
    } finally {
      edge.close();
    }
  }
}
