package dev.fluxbridge.providers.fal.platform;

import java.util.List;
import java.util.regex.Pattern;

/** Checks ids that go into a query, where a comma would make two of one. */
final class Ids {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~@/-]{1,200}");

  private Ids() {}

  /** Each once, in order. */
  static List<String> checked(String what, List<String> ids) {
    for (String id : ids) {
      if (!ID.matcher(id).matches()) {
        throw new IllegalArgumentException(
            "not %s: '%s' (letters, digits and . _ ~ @ / - only)".formatted(what, id));
      }
    }
    return ids.stream().distinct().toList();
  }

  /** The same, where the answers to several queries could not be put together. */
  static List<String> checked(String what, List<String> ids, int most) {
    List<String> checked = checked(what, ids);
    if (checked.size() > most) {
      throw new IllegalArgumentException(
          "%d times %s: one query takes at most %d, so ask several times"
              .formatted(checked.size(), what, most));
    }
    return checked;
  }
}
