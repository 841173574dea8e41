package dev.fluxbridge.providers.fal;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names and values that fal's usage reports can be split by. Immutable.
 *
 * <p>The platform drops a bad pair without a word, so they are checked here.
 *
 * <p>Source: the limits in the tag support of fal's own clients.
 *
 * @param pairs sorted by name
 */
record FalTags(Map<String, String> pairs) {
  static final FalTags NONE = new FalTags(Map.of());

  private static final int MOST = 10;
  private static final int NAME_LENGTH = 64;
  private static final int VALUE_LENGTH = 256;
  private static final int ALL_LENGTH = 1024;
  private static final Pattern NAME = Pattern.compile("[a-z0-9._-]+");

  /** These and one more; one of the same name is replaced. */
  FalTags with(String name, String value) {
    String key = name.strip().toLowerCase(Locale.ROOT);
    String text = value.strip();
    if (!NAME.matcher(key).matches() || key.length() > NAME_LENGTH || key.startsWith("fal.")) {
      throw new IllegalArgumentException(
          "the name of a tag is 1 to 64 letters, digits, dots, _ or - and does not begin with"
              + " 'fal.': '"
              + FalErrors.cut(key)
              + "' is none");
    }
    if (text.isEmpty()
        || text.length() > VALUE_LENGTH
        || text.indexOf(',') >= 0
        || !FalOptions.printable(text)) {
      throw new IllegalArgumentException(
          "the value of tag '" + key + "' must be 1 to 256 printable ASCII letters, no comma");
    }
    Map<String, String> more = new TreeMap<>(pairs);
    more.put(key, text);
    int length = more.entrySet().stream().mapToInt(FalTags::length).sum();
    if (more.size() > MOST || length > ALL_LENGTH) {
      throw new IllegalArgumentException(
          "a request has at most 10 tags of at most 1024 letters in all; with '"
              + key
              + "' there are "
              + more.size()
              + " of "
              + length);
    }
    return new FalTags(more);
  }

  private static int length(Map.Entry<String, String> pair) {
    return pair.getKey().length() + pair.getValue().length();
  }

  /** The value of the header. */
  String header() {
    return pairs.entrySet().stream()
        .map(pair -> pair.getKey() + "=" + pair.getValue())
        .collect(Collectors.joining(","));
  }
}
