package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.KontextSizes;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Size;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * From an old call to what fal is asked: endpoints, fields, and a note for all that is not exact.
 * Sends nothing; of the disk it asks whether LoRA files are there. Immutable and safe for use by
 * several threads.
 *
 * @param models the endpoints for models that fal does not have
 * @param maxPixels the largest picture that can be fetched
 * @param strict whether anything but exact is refused
 */
public record FalImagePlanner(FalModels models, long maxPixels, boolean strict) {
  private static final int MAX_SIDE = 14142;

  /** fal's part of the fidelity ledger, in the order of the old call; each row has its own code. */
  public static List<LedgerRow> ledger() {
    return Arrays.stream(Rule.values()).map(Rule::row).toList();
  }

  /** What to tell of a picture that came in another size than it was asked for. */
  public static Note sizeReturned(Size asked, Size came) {
    return Rule.SIZE_OTHER
        .row()
        .note(
            "%d x %d asked, %d x %d came"
                .formatted(asked.width(), asked.height(), came.width(), came.height()));
  }

  /**
   * Plans a call.
   *
   * @throws dev.fluxbridge.providers.BackendException with {@code INVALID} or {@code UNSUPPORTED},
   *     naming the argument
   */
  public FalImagePlan plan(ImageRequest request) {
    Findings findings = new Findings(request.pipeline());
    refuse(request, findings);
    requireFinite(request);
    Start start = Start.of(request);
    Size size = size(request, start);
    checkSize(size, findings);
    Loras loras = Loras.of(request.weights(), findings);
    Choice choice = Choice.of(request, start, loras, models, findings);
    noteTuning(request, findings);
    FalImagePlan plan =
        new FalImagePlan(
            new Parts(request, choice, loras, size, this, findings).all(),
            findings.notes(),
            findings.met().stream().map(rule -> rule.row().code()).collect(Collectors.toSet()));
    if (strict) {
      findings.requireExact();
    }
    return plan;
  }

  private static void refuse(ImageRequest request, Findings findings) {
    Edit edit = request.edit();
    if (request.latents().isPresent()) {
      throw findings.refusal(Rule.LATENTS_REFUSED, "no endpoint of fal takes noise; leave it out");
    }
    if (request.embeddings().isPresent()) {
      throw findings.refusal(
          Rule.EMBEDS_REFUSED, "no endpoint of fal takes encoded prompts; give texts");
    }
    if (request.output() == ImageRequest.Output.LATENTS) {
      throw findings.refusal(Rule.OUTPUT_LATENT, "fal gives pixels only");
    }
    findings.met(Rule.OUTPUT_PIXELS);
    if (edit.maskedImageLatents().isPresent()) {
      throw findings.refusal(
          Rule.MASKED_LATENTS, "no endpoint of fal takes latents; give image and mask_image");
    }
    if (edit.paddingMaskCrop().isPresent()) {
      throw findings.refusal(
          Rule.PADDING,
          "fal draws no crop that is laid over the picture; crop it before and leave this out");
    }
  }

  private static void requireFinite(ImageRequest request) {
    DoubleStream numbers =
        DoubleStream.concat(
            DoubleStream.of(request.trueCfgScale(), request.weights().loraScale()),
            DoubleStream.concat(
                request.weights().loras().stream().mapToDouble(lora -> lora.weight()),
                request.controls().stream()
                    .flatMapToDouble(c -> DoubleStream.of(c.scale(), c.start(), c.end()))));
    if (!numbers.allMatch(Double::isFinite)) {
      throw Findings.invalid(
          "`true_cfg_scale`, the weights of LoRAs and what is said of control images must be"
              + " numbers");
    }
  }

  /** The size that is asked for, which Kontext makes of proportions. */
  private static Size size(ImageRequest request, Start start) {
    if (start != Start.KONTEXT_TEXT) {
      return new Size(request.width(), request.height());
    }
    try {
      return KontextSizes.drawn(request.width(), request.height(), request.edit().maxArea());
    } catch (IllegalArgumentException tooSmall) {
      throw Findings.invalid("`max_area`: " + tooSmall.getMessage());
    }
  }

  private void checkSize(Size size, Findings findings) {
    int width = size.width();
    int height = size.height();
    if (width > MAX_SIDE || height > MAX_SIDE) {
      throw Findings.invalid(
          "height and width can be up to %d pixels on fal but are %d and %d"
              .formatted(MAX_SIDE, height, width));
    }
    if ((long) width * height > maxPixels) {
      throw findings.refusal(
          Rule.SIZE_REFUSED,
          "%d x %d pixels would be drawn and paid for, but more than %d are not fetched; raise"
                  .formatted(width, height, maxPixels)
              + " MediaPolicy.maxPixels or ask for less");
    }
  }

  private static void noteTuning(ImageRequest request, Findings findings) {
    if (!request.sigmas().isEmpty() && request.pipeline() != Pipeline.DE_DISTILLED) {
      findings.note(Rule.SIGMAS_IGNORED, "the schedule is fal's own, not the sigmas given");
    }
    if (request.maxSequenceLength() == 512) {
      findings.met(Rule.SEQUENCE_DEFAULT);
    } else {
      findings.note(
          Rule.SEQUENCE_IGNORED,
          "fal decides how much of the prompt T5 reads, not "
              + request.maxSequenceLength()
              + " tokens");
    }
    if (request.prompts().size() == 1) {
      findings.met(Rule.PROMPT_SENT);
    } else {
      findings.note(Rule.PROMPT_SPLIT, request.prompts().size() + " prompts, one request each");
    }
    if (request.seeds().isEmpty()) {
      findings.met(Rule.GENERATOR_NONE);
    }
    for (Seed seed : request.seeds()) {
      findings.note(
          Rule.GENERATOR_NOISE,
          "the same seed gives the same picture on fal again, but not the local one");
      if (seed.drawn() > 0) {
        findings.note(
            Rule.GENERATOR_CONTINUED,
            "the generator was used before: a seed derived from that was sent");
      } else if (!Seeds.fits(seed.value())) {
        findings.note(
            Rule.GENERATOR_REMAPPED,
            "a seed outside of 0 to 2147483647 was mapped into it, always alike");
      }
    }
    if (request.seeds().size() > 1) {
      findings.note(Rule.GENERATOR_SPLIT, "several generators, one request each");
    }
  }
}
