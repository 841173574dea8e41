package dev.fluxbridge.providers.fal.platform;

import java.util.Optional;

/**
 * A file that was to be deleted together with a request.
 *
 * @param link where it was
 * @param problem why it is still there; empty if it is gone
 */
public record DeletedFile(String link, Optional<String> problem) {

  /** Tells whether it is gone; whoever knows the link can see the file. */
  @Override
  public String toString() {
    return "DeletedFile[" + (problem.isEmpty() ? "gone" : "still there") + "]";
  }
}
