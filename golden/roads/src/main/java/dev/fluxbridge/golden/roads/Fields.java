package dev.fluxbridge.golden.roads;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/** What is known of fields by their names. Stateless. */
final class Fields {
  private static final Pattern PROMPT = Pattern.compile(".*prompts?(_2)?");

  /**
   * Fields of replies whose texts the clients read, or people want to see, and that hold no secret;
   * a prompt in a reply is read by nobody. Numbers are kept in every field.
   */
  private static final Set<String> KEPT =
      Set.of(
          "status",
          "request_id",
          "content_type",
          "media_type",
          "type",
          "model",
          "object",
          "background",
          "output_format",
          "quality",
          "size");

  private Fields() {}

  static boolean isPrompt(String field) {
    return PROMPT.matcher(field).matches();
  }

  static boolean isKept(String field) {
    return KEPT.contains(field);
  }

  /** A prompt that is not to be read. */
  static String hidden(String prompt) {
    return prompt.startsWith("sha256:")
        ? prompt
        : "sha256:" + sha256(prompt.getBytes(StandardCharsets.UTF_8));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
