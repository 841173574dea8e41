package dev.fluxbridge.legacy.checkpoint;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint cannot be loaded. The message says what is wrong, in which file, and what to do.
 *
 * <p>Immutable, safe for use by several threads.
 */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String where;

  CheckpointException(String what, Path where, String remedy, @Nullable Throwable cause) {
    super(where + ": " + what + ". " + remedy, cause);
    this.where = where.toString();
  }

  /**
   * Says what is wrong with a checkpoint.
   *
   * @param what what is wrong, a clause without a full stop
   * @param where the file or folder
   * @param remedy what to do, a sentence
   */
  public CheckpointException(String what, Path where, String remedy) {
    this(what, where, remedy, null);
  }

  /** The file or folder that is wrong. */
  public String where() {
    return where;
  }
}
