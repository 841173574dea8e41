package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.ImageRequest;

/** What a drawing starts from: each endpoint does one of these. */
enum Start {
  /** A prompt alone. */
  TEXT,
  /** A picture, of which some is given up. */
  IMAGE,
  /** A picture of which a part is repainted. */
  MASKED,
  /** The same by weights that were trained to fill. */
  FILL,
  /** Edges or depths, by weights that were trained to follow them. */
  CONTROL,
  /** The same, and a picture. */
  CONTROL_AND_IMAGE,
  /** A prompt alone, by Kontext. */
  KONTEXT_TEXT,
  /** A picture that Kontext looks at. */
  KONTEXT,
  /** A picture of which Kontext repaints a part. */
  KONTEXT_MASKED;

  static Start of(ImageRequest request) {
    return switch (request.pipeline()) {
      case FLUX, DE_DISTILLED, CONTROLNET -> TEXT;
      case IMG2IMG, CONTROLNET_IMG2IMG -> IMAGE;
      case INPAINT, CONTROLNET_INPAINT, CONTROL_INPAINT -> MASKED;
      case FILL -> FILL;
      case CONTROL -> CONTROL;
      case CONTROL_IMG2IMG -> CONTROL_AND_IMAGE;
      case KONTEXT -> request.edit().image().isPresent() ? KONTEXT : KONTEXT_TEXT;
      case KONTEXT_INPAINT -> KONTEXT_MASKED;
      case FLEX ->
          request.edit().image().isPresent() || request.edit().mask().isPresent() ? MASKED : TEXT;
    };
  }

  boolean takesImage() {
    return this != TEXT && this != CONTROL && this != KONTEXT_TEXT;
  }

  boolean takesMask() {
    return this == MASKED || this == FILL || this == KONTEXT_MASKED;
  }
}
