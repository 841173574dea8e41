package dev.fluxbridge.providers.openai;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.KontextSizes;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Size;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From an old call to what OpenAI is asked: requests, and a note for all that is not exact. Pure.
 *
 * @param fallback the model for those that OpenAI does not have
 * @param maxPixels the largest picture that is let in
 * @param strict whether anything but exact is refused
 */
record OpenAiImageMapping(String fallback, long maxPixels, boolean strict) {
  private static final int MOST_IMAGES = 10;
  private static final int LONGEST_PROMPT = 32_000;

  /**
   * What to send.
   *
   * @param model the model that draws
   * @param size the size that is asked for
   * @param parts requests, in the order of the pictures
   * @param notes what is not taken as asked
   */
  record Plan(String model, OpenAiImageModel.Size size, List<Part> parts, List<Note> notes) {}

  /**
   * One request.
   *
   * @param prompt the text
   * @param pictures how many it draws, 1 to 10
   * @param images PNG files to edit, the one that the mask belongs to first; empty to draw from the
   *     text alone
   * @param mask a PNG file, transparent where the picture is repainted
   */
  record Part(String prompt, int pictures, List<byte[]> images, Optional<byte[]> mask) {}

  /**
   * Plans a call.
   *
   * @throws BackendException with {@code UNSUPPORTED}, naming the argument
   */
  Plan plan(ImageRequest request) {
    refuse(request);
    Set<Note> notes = new LinkedHashSet<>();
    OpenAiImageModel model = model(request.model(), notes);
    OpenAiImageModel.Size size = size(request, model, notes);
    OpenAiTuning.note(request, notes);
    notePrompts(request, notes);
    OpenAiPictures pictures = pictures(request, size, notes);
    // Flex repeats its pictures for each prompt, the others one after the other over the batch
    boolean byPrompt = request.pipeline() == Pipeline.FLEX;
    int draws = byPrompt ? request.prompts().size() : request.imageCount();
    if (!pictures.divide(draws)) {
      throw OpenAiRule.IMAGE_COUNT.refusal(
          "%d pictures or masks are no share of %d".formatted(pictures.count(), draws));
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < request.prompts().size(); i++) {
      parts.addAll(parts(request, i, byPrompt, pictures, notes));
    }
    if (strict) {
      refuseInexact(notes);
    }
    return new Plan(model.name(), size, List.copyOf(parts), List.copyOf(notes));
  }

  private static void refuse(ImageRequest request) {
    if (!request.controls().isEmpty() || !request.weights().controlNets().isEmpty()) {
      throw controlRule(request)
          .refusal("no endpoint of OpenAI's follows a control image; the roads local and fal do");
    }
    if (!request.weights().loras().isEmpty()) {
      throw OpenAiRule.LORA_REFUSED.refusal(
          "%d LoRA weights are switched on, and OpenAI takes none; the roads local and fal do"
              .formatted(request.weights().loras().size()));
    }
    if (request.latents().isPresent()) {
      throw OpenAiRule.LATENTS_REFUSED.refusal("OpenAI takes no noise; leave it out");
    }
    if (request.embeddings().isPresent()) {
      throw request.embeddings().get().negative().isPresent()
          ? OpenAiRule.NEGATIVE_EMBEDS_REFUSED.refusal("OpenAI takes texts only; give texts")
          : OpenAiRule.EMBEDS_REFUSED.refusal("OpenAI takes texts only; give texts");
    }
    if (request.output() == ImageRequest.Output.LATENTS) {
      throw OpenAiRule.OUTPUT_LATENT.refusal("OpenAI gives pixels only");
    }
    refuse(request.edit());
    request.prompts().forEach(prompt -> refuse(request, prompt));
  }

  private static OpenAiRule controlRule(ImageRequest request) {
    return switch (request.pipeline()) {
      case FLEX -> OpenAiRule.FLEX_CONTROL_REFUSED;
      case CONTROLNET, CONTROLNET_IMG2IMG, CONTROLNET_INPAINT -> OpenAiRule.CONTROLNET_REFUSED;
      default -> OpenAiRule.CONTROL_REFUSED;
    };
  }

  private static void refuse(Edit edit) {
    if (edit.maskedImageLatents().isPresent()) {
      throw OpenAiRule.MASKED_LATENTS.refusal("give the picture and its mask instead");
    }
    if (edit.paddingMaskCrop().isPresent()) {
      throw OpenAiRule.MASK_CROP.refusal(
          "OpenAI draws the whole picture and no crop of it; leave it out, or take the road local");
    }
  }

  private static void refuse(ImageRequest request, Prompt prompt) {
    String text = content(prompt);
    if (text.isBlank()) {
      throw OpenAiRule.PROMPT_EMPTY.refusal(
          "OpenAI draws nothing from a blank prompt; give a text");
    }
    int characters = text.codePointCount(0, text.length());
    if (characters > LONGEST_PROMPT) {
      throw OpenAiRule.PROMPT_LONG.refusal(
          "a prompt has %d characters, and OpenAI takes up to %d"
              .formatted(characters, LONGEST_PROMPT));
    }
    boolean distilled = request.pipeline() == Pipeline.DE_DISTILLED;
    double weight = distilled ? request.guidanceScale() : request.trueCfgScale();
    boolean negative =
        prompt.negative().filter(said -> !said.isBlank()).isPresent()
            || prompt.negativeSecond().filter(said -> !said.isBlank()).isPresent();
    if (weight > 1 && negative) {
      throw (distilled ? OpenAiRule.DISTILLED_REFUSED : OpenAiRule.NEGATIVE_REFUSED)
          .refusal("OpenAI has no field for it; say in the prompt what the picture should show");
    }
  }

  private OpenAiImageModel model(String asked, Set<Note> notes) {
    OpenAiImageModel own = known(asked).orElse(null);
    if (own != null) {
      return own;
    }
    OpenAiImageModel stand =
        known(fallback)
            .orElseThrow(
                () ->
                    OpenAiRule.MODEL_UNKNOWN.refusal(
                        "OPENAI_IMAGE_MODEL is '%s', and this backend draws with: %s"
                            .formatted(fallback, OpenAiImageModel.names())));
    notes.add(
        OpenAiRule.MODEL_OTHER.note(
            stand.name() + " draws it, and not the weights that the caller named"));
    return stand;
  }

  private static Optional<OpenAiImageModel> known(String name) {
    OpenAiImageModel.successor(name)
        .ifPresent(
            other -> {
              throw OpenAiRule.MODEL_RETIRED.refusal(
                  "OpenAI has shut '%s' down; what draws now: %s. This backend draws with: %s"
                      .formatted(name, other, OpenAiImageModel.names()));
            });
    return OpenAiImageModel.of(name);
  }

  private OpenAiImageModel.Size size(
      ImageRequest request, OpenAiImageModel model, Set<Note> notes) {
    OpenAiImageModel.Size asked = asked(request);
    OpenAiImageModel.Size sent = model.nearest(asked);
    if (!sent.equals(asked)) {
      notes.add(
          OpenAiRule.SIZE_NEAREST.note(
              "%s is not drawn by %s: %s was asked for instead"
                  .formatted(asked, model.name(), sent)));
    }
    if ((long) sent.width() * sent.height() > maxPixels) {
      throw OpenAiRule.SIZE_REFUSED.refusal(
          "%s would be drawn and paid for, but more than %d pixels are not let in; raise"
                  .formatted(sent, maxPixels)
              + " MediaPolicy.maxPixels or ask for less");
    }
    return sent;
  }

  /** The size that the old pipeline would have drawn. */
  private static OpenAiImageModel.Size asked(ImageRequest request) {
    if (request.pipeline() != Pipeline.KONTEXT) {
      return new OpenAiImageModel.Size(request.width(), request.height());
    }
    try {
      Size drawn = KontextSizes.drawn(request.width(), request.height(), request.edit().maxArea());
      return new OpenAiImageModel.Size(drawn.width(), drawn.height());
    } catch (IllegalArgumentException tooSmall) {
      throw new BackendException(
          Reason.INVALID, "`max_area`: " + tooSmall.getMessage() + "; nothing was sent to OpenAI");
    }
  }

  private static void notePrompts(ImageRequest request, Set<Note> notes) {
    if (request.prompts().size() > 1) {
      notes.add(
          OpenAiRule.PROMPT_SPLIT.note(request.prompts().size() + " prompts, one request each"));
    }
    for (Prompt prompt : request.prompts()) {
      if (!content(prompt).equals(prompt.text())) {
        notes.add(
            OpenAiRule.PROMPT_2_ALONE.note("OpenAI takes one text: the one for T5 was sent alone"));
      }
    }
  }

  private static OpenAiPictures pictures(
      ImageRequest request, OpenAiImageModel.Size size, Set<Note> notes) {
    Edit edit = request.edit();
    if (edit.image().isEmpty()) {
      if (edit.mask().isPresent() || edit.reference().isPresent()) {
        throw new BackendException(
            Reason.INVALID,
            "a mask or a second picture came without the picture that it belongs to; nothing was"
                + " sent to OpenAI");
      }
      return OpenAiPictures.NONE;
    }
    boolean kontext = request.pipeline().choosesSize();
    if (kontext && !edit.autoResize()) {
      notes.add(
          OpenAiRule.AUTO_RESIZE_IGNORED.note(
              "the model chooses in which size it looks at a picture"));
    }
    if (!kontext) {
      notes.add(
          (request.pipeline() == Pipeline.FLEX
                  ? OpenAiRule.INPAINT_IMAGE_LOOKED_AT
                  : OpenAiRule.IMAGE_LOOKED_AT)
              .note("OpenAI looked at the picture in %s and drew anew".formatted(size)));
    }
    if (edit.mask().isPresent()) {
      notes.add(
          (request.pipeline() == Pipeline.FLEX
                  ? OpenAiRule.INPAINT_MASK_GUIDES
                  : OpenAiRule.MASK_GUIDES)
              .note("OpenAI takes the mask as a guide and may change what it protects"));
    }
    if (edit.reference().isPresent()) {
      notes.add(OpenAiRule.REFERENCE_SENT.note("sent as a second picture"));
    }
    if (edit.strength() != 1) {
      notes.add(
          OpenAiRule.STRENGTH_IGNORED.note(
              "%s was asked for, and the model decides how much it keeps"
                  .formatted(edit.strength())));
    }
    return OpenAiPictures.of(
        edit.image().get(),
        edit.mask(),
        edit.reference(),
        kontext ? Optional.empty() : Optional.of(size));
  }

  private static List<Part> parts(
      ImageRequest request, int index, boolean byPrompt, OpenAiPictures pictures, Set<Note> notes) {
    int wanted = request.imagesPerPrompt();
    int most = pictures.count() > 1 && !byPrompt ? 1 : MOST_IMAGES;
    if (wanted > most) {
      notes.add(
          OpenAiRule.IMAGES_SPLIT.note(
              "%d pictures of a prompt became requests of at most %d".formatted(wanted, most)));
    }
    String prompt = content(request.prompts().get(index));
    List<Part> parts = new ArrayList<>();
    for (int done = 0; done < wanted; done += most) {
      int first = byPrompt ? index : index * wanted + done;
      parts.add(
          new Part(
              prompt, Math.min(most, wanted - done), pictures.images(first), pictures.mask(first)));
    }
    return parts;
  }

  /** The text that T5 reads: it says what the picture shows; CLIP's only colours it. */
  private static String content(Prompt prompt) {
    return prompt.second().filter(second -> !second.isEmpty()).orElse(prompt.text());
  }

  private static void refuseInexact(Set<Note> notes) {
    String inexact =
        notes.stream()
            .filter(note -> note.fidelity() != Fidelity.EXACT)
            .map(note -> note.argument() + " (" + note.code() + "): " + note.text())
            .collect(Collectors.joining("; "));
    if (!inexact.isEmpty()) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "strict: OpenAI cannot do this exactly: " + inexact + "; nothing was sent to OpenAI");
    }
  }
}
