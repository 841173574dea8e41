package dev.fluxbridge.golden.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Relative addresses of files as a page in a folder names them. Stateless. */
final class Links {
  private Links() {}

  /** Never one that a browser takes for another scheme; an absolute one across drives. */
  static String from(Path folder, Path file) {
    Path from = folder.toAbsolutePath().normalize();
    Path to = file.toAbsolutePath().normalize();
    if (!from.getRoot().equals(to.getRoot())) {
      return to.toUri().toString();
    }
    StringBuilder link = new StringBuilder(".");
    for (Path step : from.relativize(to)) {
      link.append('/').append(escaped(step.toString()));
    }
    return link.toString();
  }

  private static String escaped(String step) {
    try {
      // A path alone leaves colons as they are, and behind a / they are harmless.
      return new URI(null, null, "/" + step, null).getRawPath().substring(1);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(step + " cannot stand in an address", e);
    }
  }
}
