package dev.fluxbridge.providers.fal;

/**
 * A line that an endpoint wrote while it worked.
 *
 * @param message the line; it may repeat the input
 * @param level for example {@code INFO} or {@code STDERR}; new ones may come; may be empty
 * @param source who wrote it, for example {@code USER}; may be empty
 * @param timestamp when, as fal says it: ISO 8601; may be empty
 */
public record FalLog(String message, String level, String source, String timestamp) {

  /** Tells when and how long, and nothing of the line, which may hold a prompt. */
  @Override
  public String toString() {
    return "FalLog[" + timestamp + " " + level + ", " + message.length() + " characters]";
  }
}
