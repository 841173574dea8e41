package dev.fluxbridge.providers.fal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of something that runs on fal, for example {@code fal-ai/flux/dev}. Immutable.
 *
 * <p>Requests are submitted to the whole name; status, result and cancel know only {@link #app()}.
 *
 * <p>Source: the parsing of endpoint ids in fal's own JavaScript and Python clients.
 *
 * @param namespace {@code workflows} or {@code comfy}, or none
 * @param owner who published it
 * @param alias what they called it
 * @param path which part of it, for example {@code dev} or {@code dev/image-to-image}; may be empty
 */
public record EndpointId(Optional<String> namespace, String owner, String alias, String path) {
  private static final Pattern OLD_FORM = Pattern.compile("([0-9]+)-([a-zA-Z0-9-]+)");
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_~-][A-Za-z0-9._~-]*");

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a part is empty, begins with a dot, or holds anything but
   *     letters, digits, {@code . _ ~ -}
   */
  public EndpointId {
    namespace.ifPresent(EndpointId::check);
    check(owner);
    check(alias);
    if (!path.isEmpty()) {
      for (String part : path.split("/", -1)) {
        check(part);
      }
    }
  }

  private static void check(String part) {
    if (!PART.matcher(part).matches()) {
      throw new IllegalArgumentException(
          "not an endpoint id: '"
              + part
              + "' is no part of one; write owner/alias or"
              + " owner/alias/path, like fal-ai/flux/dev");
    }
  }

  /**
   * Reads {@code owner/alias[/path]}, {@code workflows/owner/alias[/path]}, {@code
   * comfy/owner/alias[/path]} or the old form {@code 123-alias}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static EndpointId parse(String id) {
    if (id.indexOf('/') < 0) {
      Matcher old = OLD_FORM.matcher(id);
      if (!old.matches()) {
        throw new IllegalArgumentException(
            "not an endpoint id: '" + id + "'; write owner/alias, like fal-ai/flux/dev");
      }
      return new EndpointId(Optional.empty(), old.group(1), old.group(2), "");
    }
    String[] first = id.split("/", 2);
    boolean spaced = first[0].equals("workflows") || first[0].equals("comfy");
    String[] rest = (spaced ? first[1] : id).split("/", 3);
    if (rest.length < 2 || id.endsWith("/")) {
      throw new IllegalArgumentException(
          "not an endpoint id: '" + id + "'; write owner/alias or owner/alias/path");
    }
    return new EndpointId(
        spaced ? Optional.of(first[0]) : Optional.empty(),
        rest[0],
        rest[1],
        rest.length > 2 ? rest[2] : "");
  }

  /** The name without its path: what status, result and cancel are addressed to. */
  public String app() {
    return namespace.map(name -> name + "/").orElse("") + owner + "/" + alias;
  }

  /** The whole name. */
  @Override
  public String toString() {
    return path.isEmpty() ? app() : app() + "/" + path;
  }
}
