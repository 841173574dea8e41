package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.Task;
import java.util.Optional;

/**
 * Where flags come from. Asked once a call, so that a flag that changes takes effect with the next
 * call.
 */
@FunctionalInterface
public interface FlagSource {

  /** The flag of a task, or empty if nobody set one. */
  Optional<Flag> flag(Task task);
}
