package dev.fluxbridge.golden.roads;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.golden.GoldenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A recording that was read and checked in every part.
 *
 * @param folder where it lies
 * @param prompts whether it holds prompts as they are
 * @param exchanges in their order
 * @param bodies its pictures, by their names
 */
record Recording(
    Path folder, boolean prompts, List<Recorded> exchanges, Map<String, byte[]> bodies) {
  static final int SCHEMA = 1;
  static final String HEAD = "recording.json";
  static final String MAPPINGS = "mappings/";
  static final String BODIES = "__files/";

  private static final Set<String> PROMPTS = Set.of("plain", "sha256");
  private static final String MEND = "restore it, or record anew (-Dgolden.live)";

  /**
   * One exchange of it.
   *
   * @param file that holds it, below the recording's folder
   * @param path or a pattern of paths
   * @param body as {@link Asked} tells it
   * @param bodies names of the files that its answer speaks of
   */
  record Recorded(
      String name,
      String file,
      String method,
      String path,
      Optional<JsonNode> body,
      List<String> bodies) {
    boolean at(String asked) {
      return asked.equals(path) || asked.matches(path);
    }
  }

  /**
   * Reads it.
   *
   * @throws GoldenException if it is damaged, incomplete, of another road or version, naming the
   *     file
   */
  static Recording read(Path folder, String road) {
    ObjectNode head = object(folder.resolve(HEAD), bytes(folder.resolve(HEAD)));
    if (head.path("schema").asInt(-1) != SCHEMA) {
      throw new GoldenException(
          "%s is of schema %s, and %d is read here: record anew (-Dgolden.live)"
              .formatted(folder.resolve(HEAD), head.path("schema"), SCHEMA));
    }
    if (!head.path("road").asText().equals(road)) {
      throw wrong(folder.resolve(HEAD), "'road' that is not '%s'".formatted(road));
    }
    if (!PROMPTS.contains(head.path("prompts").asText())) {
      throw wrong(folder.resolve(HEAD), "'prompts' that is neither plain nor sha256");
    }
    if (!(head.path("files") instanceof ObjectNode hashes) || hashes.isEmpty()) {
      throw wrong(folder.resolve(HEAD), "no 'files'");
    }
    Map<String, byte[]> bodies = new TreeMap<>();
    List<Recorded> exchanges = new ArrayList<>();
    for (Map.Entry<String, JsonNode> file : hashes.properties()) {
      String name = file.getKey();
      Path path = folder.resolve(name);
      if (!name.matches("(mappings|__files)/[A-Za-z0-9._-]{1,119}")) {
        throw wrong(
            folder.resolve(HEAD), "the file '%s', which is none of a recording".formatted(name));
      }
      byte[] bytes = bytes(path);
      if (name.startsWith(MAPPINGS)) {
        exchanges.add(exchange(path, name, bytes));
      } else {
        requireSame(path, bytes, file.getValue().asText());
        bodies.put(name.substring(BODIES.length()), bytes);
      }
    }
    requireNoOthers(folder, hashes);
    for (Recorded exchange : exchanges) {
      for (String body : exchange.bodies()) {
        if (!bodies.containsKey(body)) {
          throw wrong(
              folder.resolve(exchange.file()),
              "the body '%s', which is no file of the recording".formatted(body));
        }
      }
    }
    return new Recording(
        folder, head.path("prompts").asText().equals("plain"), List.copyOf(exchanges), bodies);
  }

  private static Recorded exchange(Path path, String name, byte[] bytes) {
    ObjectNode mapping = object(path, bytes);
    JsonNode request = mapping.path("request");
    String at = request.path("urlPath").asText(request.path("urlPathPattern").asText());
    if (mapping.path("name").asText().isEmpty()
        || request.path("method").asText().isEmpty()
        || at.isEmpty()
        || !mapping.path("response").isObject()) {
      throw wrong(path, "no name, request.method, request.urlPath or response");
    }
    return new Recorded(
        mapping.path("name").asText(),
        name,
        request.path("method").asText(),
        at,
        Optional.ofNullable(request.path("bodyPatterns").path(0).get("equalToJson")),
        bodies(mapping.path("response")));
  }

  private static List<String> bodies(JsonNode response) {
    List<String> names = new ArrayList<>(Bodies.names(response.path("jsonBody")));
    if (response.has("bodyFileName")) {
      names.add(response.path("bodyFileName").asText());
    }
    return List.copyOf(names);
  }

  private static void requireSame(Path path, byte[] bytes, String hash) {
    if (!Fields.sha256(bytes).equals(hash)) {
      throw new GoldenException(
          "%s is not the file that was recorded (its SHA-256 is another; is it cut short?): %s"
              .formatted(path, MEND));
    }
  }

  /** What the head does not know would be served all the same. */
  private static void requireNoOthers(Path folder, ObjectNode known) {
    for (String part : List.of(MAPPINGS, BODIES)) {
      if (!Files.isDirectory(folder.resolve(part))) {
        continue;
      }
      try (Stream<Path> files = Files.list(folder.resolve(part))) {
        files
            .filter(file -> !known.has(part + file.getFileName()))
            .findFirst()
            .ifPresent(
                file -> {
                  throw new GoldenException(
                      "%s does not belong to the recording: %s does not name it; delete it"
                          .formatted(file, folder.resolve(HEAD)));
                });
      } catch (IOException e) {
        throw new GoldenException("%s cannot be listed".formatted(folder.resolve(part)), e);
      }
    }
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > RoadSwitches.fileLimit()) {
        throw Mappings.tooLarge(file.toString(), "golden.file-megabytes");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new GoldenException("%s is missing: %s".formatted(file, MEND), e);
    } catch (IOException e) {
      throw new GoldenException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static ObjectNode object(Path file, byte[] bytes) {
    try {
      if (Text.JSON.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new GoldenException(
          "%s is no JSON at line %d, column %d: %s"
              .formatted(file, e.getLocation().getLineNr(), e.getLocation().getColumnNr(), MEND),
          e);
    } catch (IOException e) {
      throw new GoldenException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
    throw new GoldenException("%s is empty or no object: %s".formatted(file, MEND));
  }

  private static GoldenException wrong(Path file, String what) {
    return new GoldenException("%s has %s: %s".formatted(file, what, MEND));
  }
}
