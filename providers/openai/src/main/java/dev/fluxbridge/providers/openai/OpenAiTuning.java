package dev.fluxbridge.providers.openai;

import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Pipeline;
import java.util.Set;

/**
 * What tunes how a picture is computed, and has no counterpart at OpenAI. Pure.
 *
 * <p>An argument at its old default asks for nothing, so nothing is noted of it.
 */
final class OpenAiTuning {
  private OpenAiTuning() {}

  /** Notes what is not taken. */
  static void note(ImageRequest request, Set<Note> notes) {
    if (request.steps() != defaultSteps(request.pipeline())) {
      notes.add(
          OpenAiRule.STEPS_IGNORED.note(
              "%d steps were asked for, and OpenAI shows none".formatted(request.steps())));
    }
    if (request.guidanceScale() != defaultGuidance(request.pipeline())) {
      notes.add(
          OpenAiRule.GUIDANCE_IGNORED.note(
              "%s was asked for, and OpenAI takes none".formatted(request.guidanceScale())));
    }
    if (!request.sigmas().isEmpty()) {
      notes.add(OpenAiRule.SIGMAS_IGNORED.note("OpenAI takes no schedule"));
    }
    if (!request.seeds().isEmpty()) {
      notes.add(
          OpenAiRule.GENERATOR_IGNORED.note(
              "OpenAI takes no seed: the same call draws another picture next time"));
    }
    if (request.maxSequenceLength() != 512) {
      notes.add(
          OpenAiRule.SEQUENCE_IGNORED.note(
              "OpenAI reads the whole prompt, not %d tokens of it"
                  .formatted(request.maxSequenceLength())));
    }
  }

  /** Source: the signatures of diffusers 0.35. */
  private static int defaultSteps(Pipeline pipeline) {
    return pipeline == Pipeline.FILL ? 50 : 28;
  }

  /** Source: the signatures of diffusers 0.35. */
  private static double defaultGuidance(Pipeline pipeline) {
    return switch (pipeline) {
      case FLUX, DE_DISTILLED, CONTROL, KONTEXT, KONTEXT_INPAINT, FLEX -> 3.5;
      case FILL -> 30;
      case IMG2IMG,
          INPAINT,
          CONTROL_IMG2IMG,
          CONTROL_INPAINT,
          CONTROLNET,
          CONTROLNET_IMG2IMG,
          CONTROLNET_INPAINT ->
          7;
    };
  }
}
