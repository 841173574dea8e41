package dev.fluxbridge.golden.onnx;

import dev.fluxbridge.golden.GoldenException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text to the ids that CLIP reads: lower case, bytes as letters, and merges of the vocabulary's
 * ranks. Safe for use by several threads.
 *
 * <p>Our own, as the libraries that read such files carry native code of an engine that the kit
 * outlives. Source: transformers 4.57.1, CLIPTokenizerFast. The one without the tokenizers library
 * cleans texts in other ways, and gives other ids for some. Letters that are newer than the JDK's
 * Unicode are taken for signs.
 */
final class ClipTokenizer {
  static final String START = "<|startoftext|>";
  static final String END = "<|endoftext|>";
  private static final Pattern MARK = Pattern.compile("<\\|(?:startoftext|endoftext)\\|>");
  private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final String LAST = "</w>";
  private static final String[] LETTERS = letters();

  private final Map<String, Integer> ids;
  private final Map<String, Integer> ranks;
  private final int length;

  /**
   * Over a vocabulary.
   *
   * @param ids by token
   * @param ranks of merges, the earliest first, by both halves with a space between them
   * @param length most tokens of a text, with the marks at its ends
   */
  ClipTokenizer(Map<String, Integer> ids, Map<String, Integer> ranks, int length) {
    this.ids = Map.copyOf(ids);
    this.ranks = Map.copyOf(ranks);
    this.length = length;
    for (String mark : List.of(START, END)) {
      if (!ids.containsKey(mark)) {
        throw new GoldenException(
            "the vocabulary has no '%s', so it is not CLIP's".formatted(mark));
      }
    }
  }

  /**
   * A text as CLIP reads it.
   *
   * @param ids with the marks at both ends
   * @param cut how many tokens of its end were left out
   */
  @SuppressWarnings("ArrayRecordComponent") // Read once, and never compared.
  record Tokens(long[] ids, int cut) {}

  Tokens encode(String text) {
    List<Integer> found = new ArrayList<>();
    found.add(id(START));
    String clean = lowerCase(SPACE.matcher(Normalizer.normalize(text, Normalizer.Form.NFC)));
    Matcher marks = MARK.matcher(clean);
    int at = 0;
    while (marks.find()) {
      words(clean.substring(at, marks.start()), found);
      found.add(id(marks.group()));
      at = marks.end();
    }
    words(clean.substring(at), found);
    int kept = Math.min(found.size(), length - 1);
    long[] all = Arrays.copyOf(found.stream().mapToLong(id -> id).toArray(), kept + 1);
    all[kept] = id(END);
    return new Tokens(all, found.size() - kept);
  }

  /** Each letter by itself: that a sigma ends its word makes no difference here. */
  private static String lowerCase(Matcher spaces) {
    StringBuilder lower = new StringBuilder();
    spaces
        .replaceAll(" ")
        .codePoints()
        .forEach(letter -> lower.append(Character.toString(letter).toLowerCase(Locale.ROOT)));
    return lower.toString();
  }

  private void words(String text, List<Integer> found) {
    Matcher words = WORD.matcher(text);
    while (words.find()) {
      for (String part : merged(words.group())) {
        found.add(ids.getOrDefault(part, id(END)));
      }
    }
  }

  int id(String token) {
    return ids.getOrDefault(token, -1);
  }

  /** The parts of a word, after the best merge was made again and again. */
  private List<String> merged(String word) {
    List<String> parts = new ArrayList<>();
    for (byte unit : word.getBytes(StandardCharsets.UTF_8)) {
      parts.add(LETTERS[unit & 0xff]);
    }
    parts.set(parts.size() - 1, parts.get(parts.size() - 1) + LAST);
    while (true) {
      int best = -1;
      int bestRank = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < parts.size(); i++) {
        int rank = ranks.getOrDefault(parts.get(i) + " " + parts.get(i + 1), Integer.MAX_VALUE);
        if (rank < bestRank) {
          best = i;
          bestRank = rank;
        }
      }
      if (best < 0) {
        return parts;
      }
      parts.set(best, parts.get(best) + parts.remove(best + 1));
    }
  }

  /**
   * A letter that can be seen for each byte: those that can be seen are their own.
   *
   * <p>Source: bytes_to_unicode of GPT-2.
   */
  private static String[] letters() {
    String[] letters = new String[256];
    int next = 256;
    for (int unit = 0; unit < letters.length; unit++) {
      boolean seen = (unit >= '!' && unit <= '~') || (unit >= 0xa1 && unit <= 0xac) || unit >= 0xae;
      letters[unit] = Character.toString(seen ? unit : next++);
    }
    return letters;
  }
}
