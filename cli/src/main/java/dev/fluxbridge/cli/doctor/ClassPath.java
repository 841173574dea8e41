package dev.fluxbridge.cli.doctor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * The jars and folders of a class path, looked into without loading anything. What a jar's manifest
 * names lies on it too.
 *
 * @param parts jars and folders
 */
record ClassPath(Set<Path> parts) {

  /**
   * Reads it.
   *
   * @param text as {@code java -cp} takes it, {@code folder/*} included
   * @throws IOException if a part of it cannot be read
   */
  static ClassPath of(String text) throws IOException {
    Set<Path> parts = new LinkedHashSet<>();
    for (String part : text.split(File.pathSeparator, -1)) {
      if (part.endsWith("*")) {
        try (Stream<Path> jars = Files.list(Path.of(part.substring(0, part.length() - 1)))) {
          for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
            add(jar, parts);
          }
        }
      } else if (!part.isBlank()) {
        add(Path.of(part), parts);
      }
    }
    return new ClassPath(parts);
  }

  private static void add(Path part, Set<Path> parts) throws IOException {
    // the JVM too passes over what is not there
    if (!Files.exists(part) || !parts.add(part) || Files.isDirectory(part)) {
      return;
    }
    for (String named : manifest(part).split(" ", -1)) {
      if (!named.isBlank()) {
        add(Path.of(part.toAbsolutePath().toUri().resolve(named)), parts);
      }
    }
  }

  private static String manifest(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      String named =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      return named == null ? "" : named;
    }
  }

  /**
   * The parts that hold classes of a package or of one below.
   *
   * @param folder such as {@code ai/djl/}
   * @throws IOException if a part cannot be read
   */
  List<Path> holding(String folder) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path part : parts) {
      if (Files.isDirectory(part) ? Files.isDirectory(part.resolve(folder)) : inJar(part, folder)) {
        found.add(part);
      }
    }
    return found;
  }

  private static boolean inJar(Path file, String folder) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      return jar.stream()
          .anyMatch(
              entry -> entry.getName().startsWith(folder) && entry.getName().endsWith(".class"));
    }
  }
}
