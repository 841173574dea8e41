package dev.fluxbridge.golden.roads;

import dev.fluxbridge.golden.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Runs of one test as the extension makes them, with recordings in a folder of their own. */
final class Runs implements AutoCloseable {
  private static final Place PLACE = new Place("com.example.CirclesTest", "redCircle");
  private static final RoadSettings NOWHERE = new RoadSettings(Map.of(), Map.of());

  private final Switches switches = new Switches();
  private final Path recordings;

  Runs(Path recordings) {
    this.recordings = recordings;
  }

  void open() {
    switches.set("golden.recordings", recordings.toString());
  }

  Switches switches() {
    return switches;
  }

  Path recordings() {
    return recordings;
  }

  Path folder(String road) {
    return recordings.resolve("com.example.CirclesTest/redCircle").resolve(road);
  }

  /** As the extension runs a test. */
  <T> T run(String road, RoadSettings settings, Function<OpenRoad, T> body) {
    try (OpenRoad open = OpenRoad.open(road, PLACE, settings)) {
      T result;
      try {
        result = body.apply(open);
      } catch (RuntimeException | AssertionError e) {
        tell(open.ended(e));
        throw e;
      }
      tell(open.ended(null));
      return result;
    }
  }

  private static void tell(Optional<RuntimeException> told) {
    if (told.isPresent()) {
      throw told.get();
    }
  }

  <T> T record(String road, StandIn provider, Function<OpenRoad, T> body) {
    return record(road, provider.settings(), body);
  }

  <T> T record(String road, RoadSettings settings, Function<OpenRoad, T> body) {
    switches.set("golden.live", "true");
    try {
      return run(road, settings, body);
    } finally {
      switches.set("golden.live", "false");
    }
  }

  <T> T replay(String road, Function<OpenRoad, T> body) {
    return run(road, NOWHERE, body);
  }

  static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  static String texts(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    files(folder)
        .forEach(
            (name, bytes) ->
                all.append(name)
                    .append('\n')
                    .append(new String(bytes, StandardCharsets.ISO_8859_1)));
    return all.toString();
  }

  @Override
  public void close() {
    switches.close();
  }
}
