package dev.fluxbridge.providers;

import java.util.Locale;

/**
 * What a call is about. Each task has a flag of its own.
 *
 * <p>What a call for pictures brings along decides, whichever pipeline it came through: a mask
 * makes it inpainting, else a control image makes it control, else a picture makes it image to
 * image. The last four have a flag, and nothing here yet that draws, speaks or answers.
 */
public enum Task {
  TEXT_TO_IMAGE,
  IMAGE_TO_IMAGE,
  INPAINT,
  CONTROL,
  CHAT,
  SPEECH,
  TRANSCRIPTION,
  VIDEO;

  /** Whether it is done by an {@link ImageBackend}. */
  public boolean drawsPictures() {
    return switch (this) {
      case TEXT_TO_IMAGE, IMAGE_TO_IMAGE, INPAINT, CONTROL -> true;
      case CHAT, SPEECH, TRANSCRIPTION, VIDEO -> false;
    };
  }

  /** The name in flags and reports, for example {@code text-to-image}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
