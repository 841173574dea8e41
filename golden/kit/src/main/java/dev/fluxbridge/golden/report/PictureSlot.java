package dev.fluxbridge.golden.report;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One picture of a case as it lies on disk.
 *
 * @param whole the file
 * @param bytes its size
 * @param preview a smaller picture of the same; empty where there is none
 * @param width of the whole one, pixels
 * @param height of the whole one, pixels
 */
record PictureSlot(Path whole, long bytes, Optional<Path> preview, int width, int height) {
  private static final long PNG = 0x89504e470d0a1a0aL;
  private static final int CHUNK_HEAD = 8;

  /**
   * @param name as it stands in the line: below the folder, with /
   * @throws IOException if there is no such picture, with a message for people
   */
  static PictureSlot of(Path folder, String name, String previewName) throws IOException {
    Path whole = below(folder, name);
    if (!Files.isRegularFile(whole)) {
      throw new IOException("there is no " + name);
    }
    try (DataInputStream in = new DataInputStream(Files.newInputStream(whole))) {
      if (in.readLong() != PNG) {
        throw new IOException(name + " is no PNG");
      }
      in.skipNBytes(CHUNK_HEAD);
      return new PictureSlot(
          whole, Files.size(whole), preview(folder, previewName), in.readInt(), in.readInt());
    } catch (java.io.EOFException e) {
      throw new IOException(name + " is cut off", e);
    }
  }

  private static Optional<Path> preview(Path folder, String name) throws IOException {
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(below(folder, name)).filter(Files::isRegularFile);
  }

  /** Lines come from files, and files from anywhere: none shows what lies elsewhere. */
  private static Path below(Path folder, String name) throws IOException {
    try {
      Path file = folder.resolve(name).normalize();
      if (file.startsWith(folder.normalize())) {
        return file;
      }
    } catch (InvalidPathException noPath) {
      // told below
    }
    throw new IOException("'%s' is no file below the report's folder".formatted(name));
  }
}
