package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder of goldens that is kept with the sources: {@code <test class>/<name>/<key>/golden.json},
 * with {@code 1.png}, {@code 2.png} and so on or {@code latents.npy} beside it. The key is that of
 * {@link Origin#key}. It compares nothing.
 *
 * <p>A golden appears and is replaced as a whole; one that was half written is never seen. Safe for
 * use by several threads; two that write the same golden at once leave one of both.
 */
public final class GoldenStore {
  private static final String JSON = "golden.json";
  private static final String LATENTS = "latents.npy";
  private static final long MEGABYTE = 1 << 20;

  private final Path folder;
  private final long fileLimit;
  private final long goldenLimit;

  private GoldenStore(Path folder, long fileLimit, long goldenLimit) {
    this.folder = folder;
    this.fileLimit = fileLimit;
    this.goldenLimit = goldenLimit;
  }

  /** The folder that {@code -Dgolden.store} names, {@code src/test/goldens} unless set. */
  public static GoldenStore standard() {
    return at(GoldenSettings.store());
  }

  /**
   * A folder, which is made when the first golden is written. A file of a golden may have 4 MB and
   * all of them 32 MB, unless {@code -Dgolden.file-megabytes} and {@code -Dgolden.megabytes} say
   * otherwise.
   */
  public static GoldenStore at(Path folder) {
    return new GoldenStore(
        folder,
        GoldenSettings.megabytes("golden.file-megabytes", 4) * MEGABYTE,
        GoldenSettings.megabytes("golden.megabytes", 32) * MEGABYTE);
  }

  /** The same with other limits, in bytes. */
  GoldenStore bounded(long bytesOfAFile, long bytesOfAGolden) {
    return new GoldenStore(folder, bytesOfAFile, bytesOfAGolden);
  }

  /** The folder of one golden. */
  public Path folder(Place place, String key) {
    return folder(place).resolve(key);
  }

  private Path folder(Place place) {
    return folder.resolve(place.testClass()).resolve(place.name());
  }

  /** Keys of the goldens of this name: the roads and devices that one was taken on; sorted. */
  public List<String> keys(Place place) {
    return folders(folder(place));
  }

  /** Full names of the test classes that have goldens, sorted. */
  public List<String> testClasses() {
    return folders(folder);
  }

  /** Names of the goldens of a test class, sorted. */
  public List<String> names(String testClass) {
    return folders(folder.resolve(testClass));
  }

  /**
   * A golden, checked in every part.
   *
   * @return empty if there is none
   * @throws GoldenException if it is damaged, incomplete, too large, or of another version
   */
  public Optional<Approved> read(Place place, String key) {
    Path golden = folder(place, key);
    if (!Files.isDirectory(golden)) {
      return Optional.empty();
    }
    Json.Fields json = Json.read(text(golden.resolve(JSON)), golden.resolve(JSON).toString());
    Map<String, String> hashes = ApprovedJson.files(json);
    Map<String, byte[]> files = new TreeMap<>();
    long total = 0;
    for (String name : hashes.keySet()) {
      if (!name.equals(LATENTS) && !name.matches("[1-9]\\d{0,4}\\.png")) {
        throw new GoldenException(
            "%s names '%s', which is no file of a golden: those are 1.png, 2.png and so on, or latents.npy"
                .formatted(json.file(), name));
      }
      byte[] bytes = bytes(golden.resolve(name));
      total += bytes.length;
      files.put(name, bytes);
    }
    if (total > goldenLimit) {
      throw tooLarge(golden.toString(), total, goldenLimit, "golden.megabytes");
    }
    Drawn drawn = drawn(golden, files);
    files.forEach(
        (name, bytes) -> {
          if (!Sha256.of(bytes).equals(hashes.get(name))) {
            throw new GoldenException(
                "%s is not the file that was approved (its SHA-256 is another): restore it, or approve it with -Dgolden.approve"
                    .formatted(golden.resolve(name)));
          }
        });
    return Optional.of(ApprovedJson.read(json, drawn));
  }

  private static Drawn drawn(Path golden, Map<String, byte[]> files) {
    byte[] latents = files.get(LATENTS);
    if (latents != null && files.size() == 1) {
      Tensor tensor = Npy.read(latents, golden.resolve(LATENTS).toString());
      Numbers.requireFinite(tensor, golden.resolve(LATENTS).toString());
      return Drawn.of(tensor);
    }
    List<PictureFile> pictures = new ArrayList<>();
    for (int i = 1; i <= files.size(); i++) {
      byte[] bytes = files.get(i + ".png");
      if (bytes == null) {
        throw new GoldenException(
            "%s has %s: a golden has 1.png, 2.png and so on without a gap, or latents.npy alone"
                .formatted(golden.resolve(JSON), files.keySet()));
      }
      pictures.add(PictureFile.ofPng(bytes, golden.resolve(i + ".png").toString()));
    }
    if (pictures.isEmpty()) {
      throw new GoldenException(golden.resolve(JSON) + " names no files: take the golden anew");
    }
    return Drawn.ofFiles(pictures);
  }

  /**
   * Writes a golden in the place of the one that was there. With {@code -Dgolden.prompts=false} its
   * prompts are written as their SHA-256.
   *
   * @return its folder
   * @throws GoldenException if a file is too large, or the folder cannot be written to
   */
  public Path write(Place place, Approved golden) {
    Approved kept =
        GoldenSettings.prompts()
            ? golden
            : new Approved(
                golden.drawn(),
                golden.call().withoutPrompts(),
                golden.origin(),
                golden.limits(),
                golden.anyRoad());
    Map<String, byte[]> files = files(kept.drawn());
    Path target = folder(place, kept.origin().key());
    long total = 0;
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      total += file.getValue().length;
      if (file.getValue().length > fileLimit) {
        throw tooLarge(
            target.resolve(file.getKey()).toString(),
            file.getValue().length,
            fileLimit,
            "golden.file-megabytes");
      }
    }
    if (total > goldenLimit) {
      throw tooLarge(target.toString(), total, goldenLimit, "golden.megabytes");
    }
    Map<String, byte[]> all = new LinkedHashMap<>(files);
    all.put(JSON, ApprovedJson.write(kept, files).getBytes(StandardCharsets.UTF_8));
    WholeFolder.write(target, all, "-Dgolden.store names another folder");
    return target;
  }

  private static Map<String, byte[]> files(Drawn drawn) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    drawn.latents().ifPresent(latents -> files.put(LATENTS, Npy.write(latents)));
    for (PictureFile picture : drawn.pictures()) {
      files.put(files.size() + 1 + ".png", picture.png());
    }
    return files;
  }

  private String text(Path file) {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }

  private byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > fileLimit) {
        throw tooLarge(file.toString(), size, fileLimit, "golden.file-megabytes");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new GoldenException(
          "%s is missing: restore it, or take the golden anew (-Dgolden.approve)".formatted(file),
          e);
    } catch (IOException e) {
      throw new GoldenException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static GoldenException tooLarge(String what, long bytes, long limit, String property) {
    return new GoldenException(
        "%s has %.1f MB, and at most %.1f MB are kept with sources: draw it smaller for this golden, or raise -D%s"
            .formatted(what, (double) bytes / MEGABYTE, (double) limit / MEGABYTE, property));
  }

  private static List<String> folders(Path in) {
    if (!Files.isDirectory(in)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(in)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new GoldenException("the store's folder %s cannot be listed".formatted(in), e);
    }
  }

  /** Tells the folder. */
  @Override
  public String toString() {
    return folder.toString();
  }
}
