package dev.fluxbridge.golden;

import java.util.regex.Pattern;

/**
 * Where in a store a golden lies, but for where it was drawn.
 *
 * @param testClass its full name
 * @param name of the golden in that class
 */
public record Place(String testClass, String name) {
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_$][A-Za-z0-9_$. -]{0,118}");

  /**
   * Checks that both are names of folders on every system.
   *
   * @throws GoldenException if one is not
   */
  public Place {
    require(testClass);
    require(name);
  }

  private static void require(String name) {
    if (!FILE_NAME.matcher(name).matches() || name.endsWith(".") || name.endsWith(" ")) {
      throw new GoldenException(
          "'%s' cannot be the name of a golden: it is a folder's name, of up to 119 letters, digits and _ $ . - or spaces"
              .formatted(name));
    }
  }

  @Override
  public String toString() {
    return "'%s' of %s".formatted(name, testClass);
  }
}
