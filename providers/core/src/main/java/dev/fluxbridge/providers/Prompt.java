package dev.fluxbridge.providers;

import java.util.Optional;

/**
 * The texts of one picture.
 *
 * @param text what CLIP reads, and T5 too unless {@code second} is there
 * @param second what T5 reads instead
 * @param negative what the picture should not show; used only where true classifier-free guidance
 *     is on
 * @param negativeSecond what T5 reads of that instead
 */
public record Prompt(
    String text,
    Optional<String> second,
    Optional<String> negative,
    Optional<String> negativeSecond) {

  /** A prompt of one text. */
  public static Prompt of(String text) {
    return new Prompt(text, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Tells nothing of the texts: prompts stay out of logs. */
  @Override
  public String toString() {
    return "Prompt[" + text.length() + " characters]";
  }
}
