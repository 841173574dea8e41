package dev.fluxbridge.cli.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What lies in the folders of mismatches: both roads' pictures and {@code call.json}. A record that
 * is gone or broken is told on the page, and the others are shown.
 */
final class MismatchRecords {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> ROADS = Set.of("served", "shadow");
  private static final Pattern PICTURE =
      Pattern.compile(
          "(?<name>(?<what>served|shadow|image|mask|reference|control)(-\\d+)?)\\.[a-z]+");
  private static final long MOST_OF_A_CALL = 256 * 1024;

  private MismatchRecords() {}

  /** Adds a {@code record} to each of the newest mismatches, and says how many have none. */
  static void into(ObjectNode data, int pictures) {
    int seen = 0;
    for (JsonNode mismatch : data.path("mismatches")) {
      if (seen++ >= pictures) {
        break;
      }
      ((ObjectNode) mismatch).set("record", record(mismatch.path("place").asText()));
    }
    data.put("withPictures", Math.min(seen, Math.max(0, pictures)));
  }

  private static ObjectNode record(String place) {
    ObjectNode record = JSON.createObjectNode();
    List<String> problems = new ArrayList<>();
    try {
      Path folder = Path.of(place);
      if (place.isBlank() || !Files.isDirectory(folder)) {
        problems.add("its record is gone: " + place);
      } else {
        pictures(folder, record, problems);
        record.set("call", call(folder.resolve("call.json"), problems));
      }
    } catch (InvalidPathException e) {
      problems.add("its record is nowhere: " + e.getMessage());
    }
    problems.forEach(problem -> record.withArray("/problems").add(problem));
    return record;
  }

  /** What each road drew, one picture or several, and what went in. */
  private static void pictures(Path folder, ObjectNode record, List<String> problems) {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      problems.add("its pictures cannot be shown: " + e.getMessage());
      return;
    }
    for (Path file : files) {
      Matcher name = PICTURE.matcher(String.valueOf(file.getFileName()));
      if (!name.matches()) {
        continue;
      }
      try {
        String source = PictureData.of(file);
        if (ROADS.contains(name.group("what"))) {
          record.withArray("/" + name.group("what")).add(source);
        } else {
          record.withObject("/inputs").put(name.group("name"), source);
        }
      } catch (IOException e) {
        problems.add("a picture cannot be shown: " + e.getMessage());
      }
    }
  }

  private static Optional<JsonNode> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > MOST_OF_A_CALL) {
      throw new IOException("it has more than " + MOST_OF_A_CALL + " bytes");
    }
    try {
      return Optional.ofNullable(JSON.readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException e) {
      throw new IOException("it is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static JsonNode call(Path file, List<String> problems) {
    try {
      Optional<JsonNode> call = read(file);
      if (call.isEmpty()) {
        problems.add("the call's arguments are gone: " + file);
      }
      return call.orElse(JSON.nullNode());
    } catch (IOException e) {
      problems.add("the call's arguments cannot be shown: " + e.getMessage());
      return JSON.nullNode();
    }
  }
}
