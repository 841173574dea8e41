package dev.fluxbridge.benchmarks.golden;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Picture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Picture files of the script that runs the benchmarks. */
final class Pictures {
  private Pictures() {}

  static Bitmap decode(Path file) {
    try {
      return Bitmaps.of(new Picture.Encoded(Files.readAllBytes(file), "image/png"));
    } catch (IOException e) {
      throw new UncheckedIOException("run it by golden_metrics.py, which makes " + file, e);
    }
  }
}
