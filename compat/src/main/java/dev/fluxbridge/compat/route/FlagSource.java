package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.Task;
import org.jspecify.annotations.Nullable;

/**
 * Where flags come from. Asked at every call, so that a flag that changes takes effect with the
 * next one; so implementations answer from memory, and hand out the same {@link Flag} as long as
 * nothing changed. Safe for use by several threads.
 */
public interface FlagSource {

  /**
   * The flag of a task, or null if nobody set one.
   *
   * @param routingKey whose call it is, for sources that choose by it; null if nobody said
   */
  @Nullable Flag flag(Task task, @Nullable String routingKey);

  /** The global kill switch, or null if nobody set it. */
  @Nullable Flag killSwitch();
}
