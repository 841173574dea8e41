package dev.fluxbridge.legacy.text;

import java.text.Normalizer;
import java.util.Locale;

/**
 * The cleaning that CLIPTokenizer does before it splits a text: no control characters, CJK
 * characters as words of their own, composed, one blank between words, lower case.
 *
 * <p>Source: transformers 4.57, BasicTokenizer in models/clip/tokenization_clip.py.
 */
final class ClipText {
  private ClipText() {}

  static String cleaned(String text) {
    StringBuilder cleaned = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isBlank(c)) {
                cleaned.append(' ');
              } else if (isCjk(c)) {
                cleaned.append(' ').appendCodePoint(c).append(' ');
              } else if (c != 0xfffd && !isControl(c)) {
                cleaned.appendCodePoint(c);
              }
            });
    return Normalizer.normalize(cleaned, Normalizer.Form.NFC)
        .strip()
        .replaceAll(" +", " ")
        .toLowerCase(Locale.ROOT);
  }

  private static boolean isBlank(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  /**
   * Unassigned characters stay, unlike in Python: its tables are newer than this Java's, and what
   * looks unassigned here is most likely a young emoji.
   */
  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> false;
    };
  }

  private static boolean isCjk(int c) {
    return (c >= 0x4e00 && c <= 0x9fff)
        || (c >= 0x3400 && c <= 0x4dbf)
        || (c >= 0x20000 && c <= 0x2a6df)
        || (c >= 0x2a700 && c <= 0x2ceaf)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0x2f800 && c <= 0x2fa1f);
  }
}
