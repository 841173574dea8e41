package dev.fluxbridge.golden;

import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Provenance;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where pictures came from, as it stands in a golden. What decides over single pixels (road, model,
 * checkpoint, device, line of libraries) also makes the golden's {@link #key}, so two of them never
 * share a golden. Immutable and safe for use by several threads.
 *
 * @param route the backend's name, for example {@code local} or {@code fal}
 * @param model a provider's endpoint, or the name of a checkpoint; no folder of this machine
 * @param checkpoint fingerprint of the checkpoint's files; empty where there are none
 * @param device what computed, for example {@code cpu-amd64} or {@code cuda-h100}; {@code hosted}
 *     where a provider did
 * @param libraries versions by name of what computed in this process; only the first two numbers of
 *     each are part of the key
 * @param requestIds the provider's ids, one for each request
 * @param seeds for each picture the seed that drew it, where it is known
 * @param cause why this road was taken, for example {@code flag}; empty where nobody said
 * @param notes codes of what was not taken as it was asked, each with its fidelity
 */
public record Origin(
    String route,
    String model,
    String checkpoint,
    String device,
    Map<String, String> libraries,
    List<String> requestIds,
    List<Long> seeds,
    String cause,
    List<String> notes) {
  private static final int WORDS = 60;
  private static final int HASH = 8;

  public Origin {
    libraries = Collections.unmodifiableSortedMap(new TreeMap<>(libraries));
    requestIds = List.copyOf(requestIds);
    seeds = List.copyOf(seeds);
    notes = List.copyOf(notes);
    if (route.isBlank() || device.isBlank()) {
      throw new IllegalArgumentException("an origin names at least its route and its device");
    }
  }

  /** Pictures that were drawn in this process by this road, of which no more is known. */
  public static Origin of(String route, String model) {
    return new Origin(
        route,
        model,
        "",
        Surroundings.device(false),
        Map.of(),
        List.of(),
        List.of(),
        "",
        List.of());
  }

  /**
   * What a result says of itself. A result with a provider's request ids was drawn by that
   * provider; any other in this process, on the device that {@code -Dgolden.device} names, else on
   * the one that the local road is set to.
   *
   * @throws GoldenException if its checkpoint is a folder that cannot be read
   */
  public static Origin of(ImageResult result) {
    Provenance from = result.provenance();
    boolean hosted = !from.requestIds().isEmpty();
    boolean onGpu = result.notes().stream().anyMatch(note -> note.code().endsWith(".gpu"));
    return new Origin(
        from.backend(),
        Call.fileName(from.model()),
        hosted || !isFolder(from.model()) ? "" : Fingerprint.of(Path.of(from.model())),
        hosted ? "hosted" : Surroundings.device(onGpu),
        hosted ? Map.of() : Surroundings.libraries(),
        from.requestIds(),
        result.seeds(),
        from.decision().map(decision -> decision.cause().label()).orElse(""),
        result.notes().stream().map(Origin::code).sorted().distinct().toList());
  }

  private static String code(Note note) {
    return note.code() + " " + note.fidelity();
  }

  private static boolean isFolder(String model) {
    try {
      return Path.of(model).isAbsolute() && Files.isDirectory(Path.of(model));
    } catch (InvalidPathException noPath) {
      return false;
    }
  }

  /** The same with a device of this name. */
  public Origin onDevice(String name) {
    return new Origin(route, model, checkpoint, name, libraries, requestIds, seeds, cause, notes);
  }

  /** The same with the version of a library that computed it. */
  public Origin with(String library, String version) {
    Map<String, String> more = new TreeMap<>(libraries);
    more.put(library, version);
    return new Origin(route, model, checkpoint, device, more, requestIds, seeds, cause, notes);
  }

  /** The same with the fingerprint of a checkpoint's files. */
  public Origin withCheckpoint(Path folder) {
    return new Origin(
        route, model, Fingerprint.of(folder), device, libraries, requestIds, seeds, cause, notes);
  }

  /** Whether a provider drew it. */
  public boolean hosted() {
    return device.equals("hosted");
  }

  /**
   * Words for people, and a hash of 8 digits of what they leave out: {@code
   * local-embedded-cpu-amd64-1f0c9a2b}. It is a file name everywhere.
   */
  public String key() {
    String words =
        Stream.of(route, model, device)
            .map(Origin::slug)
            .filter(word -> !word.isEmpty())
            .collect(Collectors.joining("-"));
    String line =
        libraries.entrySet().stream()
            .map(library -> library.getKey() + "=" + line(library.getValue()))
            .collect(Collectors.joining(","));
    String all = String.join("\n", route, model, checkpoint, device, line);
    return words.substring(0, Math.min(WORDS, words.length()))
        + "-"
        + Sha256.of(all).substring(0, HASH);
  }

  /** Line 0.35 of version 0.35.1. */
  private static String line(String version) {
    return version.replaceAll("^(\\d+\\.\\d+).*$", "$1");
  }

  private static String slug(String text) {
    String slug = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return slug.replaceAll("^-+|-+$", "");
  }
}
