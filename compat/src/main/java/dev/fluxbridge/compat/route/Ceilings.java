package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.Task;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How large a share each road may have now, whatever the flag gives it: a ramp's step, or nothing
 * after a breach. Immutable.
 */
public final class Ceilings {
  /** None: every road has what its flag says, and a ramp has not begun. */
  public static final Ceilings NONE = new Ceilings(Map.of());

  private final Map<Task, Map<String, Ceiling>> byTask = new EnumMap<>(Task.class);

  /**
   * @param ceilings by task and backend
   */
  public Ceilings(Map<Task, Map<String, Ceiling>> ceilings) {
    ceilings.forEach((task, byBackend) -> byTask.put(task, new HashMap<>(byBackend)));
  }

  /** That of a road, or null if there is none. */
  public @Nullable Ceiling of(Task task, String backend) {
    Map<String, Ceiling> byBackend = byTask.get(task);
    return byBackend == null ? null : byBackend.get(backend);
  }

  /**
   * The largest share of a road.
   *
   * @param share 0 to {@link Shares#WHOLE}
   * @param held whether a breach holds it there; else it is the step of a ramp
   * @param because why, in words for people
   */
  public record Ceiling(long share, boolean held, String because) {
    public Ceiling {
      if (share < 0 || share > Shares.WHOLE) {
        throw new IllegalArgumentException("a share is 0 to " + Shares.WHOLE + ", not " + share);
      }
    }
  }
}
