package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Task;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From an old call to what fal is asked: endpoints, JSON, and a note for all that is not exact.
 * Pure.
 *
 * @param fallback the endpoint for models that fal does not have
 * @param maxPixels the largest picture that can be fetched
 * @param strict whether anything but exact is refused
 */
record FalImageMapping(String fallback, long maxPixels, boolean strict) {
  private static final int MAX_SIDE = 14142;
  private static final double MAX_REAL_CFG = 5;

  /**
   * What to send.
   *
   * @param parts requests, in the order of the pictures
   * @param notes what is not taken as asked
   */
  record Plan(List<Part> parts, List<Note> notes) {}

  /**
   * One request.
   *
   * @param input endpoint and JSON
   * @param pictures how many it draws
   */
  record Part(FalClient.Input input, int pictures) {}

  /**
   * Plans a call.
   *
   * @throws BackendException with {@code INVALID} or {@code UNSUPPORTED}, naming the argument
   */
  Plan plan(ImageRequest request) {
    refuse(request);
    checkSize(request);
    Set<Note> notes = new LinkedHashSet<>();
    FalImageEndpoint model = model(request.model(), notes);
    noteTuning(request, notes);
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < request.prompts().size(); i++) {
      Prompt prompt = request.prompts().get(i);
      FalImageEndpoint endpoint = endpoint(model, request, prompt);
      parts.addAll(parts(request, i, prompt, endpoint, notes));
    }
    Plan plan = new Plan(List.copyOf(parts), List.copyOf(notes));
    if (strict) {
      refuseInexact(plan);
    }
    return plan;
  }

  private static void refuse(ImageRequest request) {
    if (request.task() != Task.TEXT_TO_IMAGE) {
      throw new BackendException(
          Reason.UNSUPPORTED, "fal is not asked for " + request.task().label() + " yet");
    }
    if (request.latents().isPresent()) {
      throw FalRule.LATENTS_REFUSED.refusal("no endpoint of fal takes noise; leave it out");
    }
    if (request.embeddings().isPresent()) {
      throw FalRule.EMBEDS_REFUSED.refusal("no endpoint of fal takes encoded prompts; give texts");
    }
    if (request.output() == ImageRequest.Output.LATENTS) {
      throw FalRule.OUTPUT_LATENT.refusal("fal gives pixels only");
    }
  }

  private void checkSize(ImageRequest request) {
    int width = request.width();
    int height = request.height();
    if (width > MAX_SIDE || height > MAX_SIDE) {
      throw new BackendException(
          Reason.INVALID,
          "height and width can be up to %d pixels on fal but are %d and %d; nothing was sent"
              .formatted(MAX_SIDE, height, width));
    }
    if ((long) width * height > maxPixels) {
      throw FalRule.SIZE_REFUSED.refusal(
          "%d x %d pixels would be drawn and paid for, but more than %d are not fetched; raise"
                  .formatted(width, height, maxPixels)
              + " MediaPolicy.maxPixels or ask for less");
    }
  }

  private FalImageEndpoint model(String asked, Set<Note> notes) {
    FalImageEndpoint own = known(asked).orElse(null);
    if (own != null) {
      return own;
    }
    FalImageEndpoint stand =
        known(fallback)
            .orElseThrow(
                () ->
                    FalRule.MODEL_UNKNOWN.refusal(
                        "FAL_IMAGE_MODEL is '"
                            + fallback
                            + "', and this backend draws with: "
                            + FalImageEndpoint.names()));
    notes.add(
        FalRule.MODEL_OTHER.note(
            stand.id() + " draws it, with other weights than those that the caller named"));
    return stand;
  }

  private static Optional<FalImageEndpoint> known(String model) {
    FalImageEndpoint.successor(model)
        .ifPresent(
            other -> {
              throw FalRule.MODEL_RETIRED.refusal(
                  "'%s' does not exist at fal; what does: %s. This backend draws with: %s"
                      .formatted(model, other, FalImageEndpoint.names()));
            });
    return FalImageEndpoint.of(model);
  }

  private static boolean realCfg(ImageRequest request, Prompt prompt) {
    return request.trueCfgScale() > 1 && prompt.negative().isPresent();
  }

  private static FalImageEndpoint endpoint(
      FalImageEndpoint model, ImageRequest request, Prompt prompt) {
    if (!realCfg(request, prompt)) {
      return model;
    }
    if (!model.dev()) {
      throw FalRule.NEGATIVE_REFUSED.refusal(
          "no endpoint draws with the weights of "
              + model.id()
              + " and a negative prompt; set true_cfg_scale to 1 or use FLUX.1 dev");
    }
    return FalImageEndpoint.GENERAL;
  }

  private static void noteTuning(ImageRequest request, Set<Note> notes) {
    if (!request.sigmas().isEmpty()) {
      notes.add(FalRule.SIGMAS_IGNORED.note("the schedule is fal's own, not the sigmas given"));
    }
    if (request.maxSequenceLength() != 512) {
      notes.add(
          FalRule.SEQUENCE_IGNORED.note(
              "fal decides how much of the prompt T5 reads, not "
                  + request.maxSequenceLength()
                  + " tokens"));
    }
    if (request.prompts().size() > 1) {
      notes.add(FalRule.PROMPT_SPLIT.note(request.prompts().size() + " prompts, one request each"));
    }
    for (Seed seed : request.seeds()) {
      notes.add(
          FalRule.GENERATOR_NOISE.note(
              "the same seed gives the same picture on fal again, but not the local one"));
      if (seed.drawn() > 0) {
        notes.add(
            FalRule.GENERATOR_CONTINUED.note(
                "the generator was used before: a seed derived from that was sent"));
      } else if (!FalSeeds.fits(seed.value())) {
        notes.add(
            FalRule.GENERATOR_REMAPPED.note(
                "a seed outside of 0 to 2147483647 was mapped into it, always alike"));
      }
    }
    if (request.seeds().size() > 1) {
      notes.add(FalRule.GENERATOR_SPLIT.note("several generators, one request each"));
    }
  }

  private static List<Part> parts(
      ImageRequest request, int index, Prompt prompt, FalImageEndpoint endpoint, Set<Note> notes) {
    int wanted = request.imagesPerPrompt();
    int most = request.seeds().size() > 1 ? 1 : endpoint.maxImages();
    if (wanted > endpoint.maxImages()) {
      notes.add(
          FalRule.IMAGES_SPLIT.note(
              "%d pictures of a prompt became requests of at most %d".formatted(wanted, most)));
    }
    List<Part> parts = new ArrayList<>();
    for (int done = 0; done < wanted; done += most) {
      int pictures = Math.min(most, wanted - done);
      ObjectNode body = body(request, prompt, endpoint, notes);
      body.put("num_images", pictures);
      int first = index * wanted + done;
      if (request.seeds().size() == 1) {
        body.put("seed", FalSeeds.map(request.seeds().get(0), first));
      } else if (request.seeds().size() > 1) {
        body.put("seed", FalSeeds.map(request.seeds().get(first), 0));
      }
      FalClient.Input input =
          new FalClient.Input(EndpointId.parse(endpoint.id()), Json.write(body));
      parts.add(new Part(input, pictures));
    }
    return parts;
  }

  /** All that does not depend on which of the pictures it is. Nothing is left to fal's defaults. */
  private static ObjectNode body(
      ImageRequest request, Prompt prompt, FalImageEndpoint endpoint, Set<Note> notes) {
    ObjectNode body = Json.object();
    body.put("prompt", content(prompt.text(), prompt.second(), FalRule.PROMPT_2_ALONE, notes));
    body.put("num_inference_steps", steps(request.steps(), endpoint, notes));
    body.put("guidance_scale", guidance(request.guidanceScale(), endpoint, notes));
    body.putObject("image_size").put("width", request.width()).put("height", request.height());
    body.put("output_format", "png");
    body.put("enable_safety_checker", true);
    body.put("sync_mode", false);
    if (!endpoint.general()) {
      body.put("acceleration", "none");
      return body;
    }
    boolean realCfg = realCfg(request, prompt);
    body.put("use_real_cfg", realCfg);
    body.put("use_cfg_zero", false);
    body.put("scheduler", "euler");
    body.put("use_beta_schedule", false);
    if (realCfg) {
      String negative = prompt.negative().orElse("");
      body.put(
          "negative_prompt",
          content(negative, prompt.negativeSecond(), FalRule.NEGATIVE_2_ALONE, notes));
      body.put("real_cfg_scale", realCfgScale(request.trueCfgScale(), notes));
    }
    return body;
  }

  /** The text that T5 reads: it says what the picture shows; CLIP's only colours it. */
  private static String content(
      String text, Optional<String> second, FalRule alone, Set<Note> notes) {
    if (second.isEmpty() || second.get().isEmpty() || second.get().equals(text)) {
      return text;
    }
    notes.add(alone.note("fal takes one text for both encoders: the one for T5 was sent alone"));
    return second.get();
  }

  private static int steps(int asked, FalImageEndpoint endpoint, Set<Note> notes) {
    if (asked <= endpoint.maxSteps()) {
      return asked;
    }
    notes.add(
        FalRule.STEPS_CLAMPED.note(
            "%d steps asked, %d sent: the most that %s takes"
                .formatted(asked, endpoint.maxSteps(), endpoint.id())));
    return endpoint.maxSteps();
  }

  private static double guidance(double asked, FalImageEndpoint endpoint, Set<Note> notes) {
    double sent = Math.max(endpoint.minGuidance(), Math.min(endpoint.maxGuidance(), asked));
    if (sent != asked) {
      notes.add(
          FalRule.GUIDANCE_CLAMPED.note(
              "%s asked, %s sent: the nearest that %s takes"
                  .formatted(asked, sent, endpoint.id())));
    }
    return sent;
  }

  private static double realCfgScale(double asked, Set<Note> notes) {
    if (asked <= MAX_REAL_CFG) {
      return asked;
    }
    notes.add(
        FalRule.TRUE_CFG_CLAMPED.note(
            "%s asked, %s sent: the most that fal takes".formatted(asked, MAX_REAL_CFG)));
    return MAX_REAL_CFG;
  }

  private static void refuseInexact(Plan plan) {
    String inexact =
        plan.notes().stream()
            .filter(note -> note.fidelity() != Fidelity.EXACT)
            .map(note -> note.argument() + " (" + note.code() + "): " + note.text())
            .collect(Collectors.joining("; "));
    if (!inexact.isEmpty()) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "strict: fal cannot do this exactly: " + inexact + "; nothing was sent to fal");
    }
  }
}
