package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses a backend from a flag and from what is installed. Pure; it does not know what a backend
 * is.
 */
public final class Router {

  /**
   * Every backend that a flag may name, installed or not, in the order in which an unset flag
   * prefers them.
   */
  public static final List<String> KNOWN = List.of("local", "fal", "openai");

  /** What to add to the class path for a backend that is not there. */
  private static final Map<String, String> ARTIFACTS =
      Map.of(
          "local", "dev.fluxbridge:fluxbridge-legacy-local",
          "fal", "dev.fluxbridge:fluxbridge-providers-fal",
          "openai", "dev.fluxbridge:fluxbridge-providers-openai");

  private Router() {}

  /**
   * The road of one call. Without a flag it is the first of {@link #KNOWN} that is installed: the
   * old road as long as it is there.
   *
   * @param task what the call is about
   * @param flag what somebody set
   * @param installed the backends that are there
   * @throws BackendException {@link Reason#INVALID} if the flag names no backend, {@link
   *     Reason#UNSUPPORTED} if it names one that is not installed
   */
  public static Route choose(Task task, Optional<Flag> flag, List<String> installed) {
    if (flag.isEmpty()) {
      return KNOWN.stream()
          .filter(installed::contains)
          .findFirst()
          .map(name -> new Route(name, "no flag is set for " + task.label()))
          .orElseThrow(
              () ->
                  new BackendException(
                      Reason.UNSUPPORTED, "No backend is installed for " + task.label()));
    }
    String value = flag.get().value().strip();
    String origin = flag.get().origin();
    if (!KNOWN.contains(value)) {
      throw new BackendException(
          Reason.INVALID,
          "The %s says '%s', which is not a backend for %s. Known are: %s"
              .formatted(origin, value, task.label(), String.join(", ", KNOWN)));
    }
    if (!installed.contains(value)) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "The %s says '%s', which is not installed. Installed for %s: %s. To install it, add %s"
              .formatted(
                  origin,
                  value,
                  task.label(),
                  installed.isEmpty() ? "nothing" : String.join(", ", installed),
                  ARTIFACTS.get(value)));
    }
    return new Route(value, origin + " says so");
  }
}
