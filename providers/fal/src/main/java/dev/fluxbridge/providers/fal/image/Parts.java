package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Size;
import dev.fluxbridge.providers.fal.image.Endpoint.Need;
import dev.fluxbridge.providers.fal.image.FalImagePlan.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The requests of one call. For one thread. */
final class Parts {
  private final ImageRequest request;
  private final Choice choice;
  private final Loras loras;
  private final Size size;
  private final Findings findings;
  private final Sources sources;
  private final Controls controls;
  private final boolean strict;

  Parts(
      ImageRequest request,
      Choice choice,
      Loras loras,
      Size size,
      FalImagePlanner planner,
      Findings findings) {
    this.request = request;
    this.strict = planner.strict();
    this.choice = choice;
    this.loras = loras;
    this.size = size;
    this.findings = findings;
    this.sources = Sources.of(request, choice.start(), findings);
    this.controls = new Controls(request, findings, size, planner.models().controlKind());
  }

  List<Part> all() {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < request.prompts().size(); i++) {
      parts.addAll(parts(i, request.prompts().get(i)));
    }
    return parts;
  }

  private List<Part> parts(int index, Prompt prompt) {
    Endpoint endpoint = endpoint(prompt);
    Body body = new Body(request, endpoint, findings);
    int wanted = request.imagesPerPrompt();
    int most = request.seeds().size() > 1 ? 1 : endpoint.maxImages();
    if (wanted <= endpoint.maxImages()) {
      findings.met(Rule.IMAGES_SENT);
    } else {
      findings.note(
          Rule.IMAGES_SPLIT,
          "%d pictures of a prompt became requests of at most %d".formatted(wanted, most));
    }
    List<Part> parts = new ArrayList<>();
    for (int done = 0; done < wanted; ) {
      int first = index * wanted + done;
      int alike = alike(first, Math.min(most, wanted - done));
      if (alike < Math.min(most, wanted - done)) {
        findings.note(Rule.IMAGE_SPLIT, "several pictures to start from, one request each");
      }
      Map<String, Object> input = new LinkedHashMap<>(body.fields(prompt));
      input.putAll(size(endpoint));
      input.putAll(strength(endpoint));
      input.putAll(sources.fields(first));
      if (endpoint.loras().isPresent()) {
        input.put("loras", loras.sent(endpoint, findings));
      }
      input.putAll(controls.fields(index, endpoint, choice.kind(), loras.control()));
      input.put("num_images", alike);
      if (!request.seeds().isEmpty()) {
        input.put("seed", seed(first));
      }
      parts.add(new Part(endpoint.id(), input, alike, expected(endpoint)));
      done += alike;
    }
    return parts;
  }

  /** How many pictures from this one on start from the same. */
  private int alike(int first, int most) {
    int count = 1;
    while (count < most && sources.key(first + count).equals(sources.key(first))) {
      count++;
    }
    return count;
  }

  private long seed(int picture) {
    return request.seeds().size() == 1
        ? Seeds.map(request.seeds().get(0), picture)
        : Seeds.map(request.seeds().get(picture), 0);
  }

  private Endpoint endpoint(Prompt prompt) {
    boolean realCfg = Body.realCfg(request, prompt);
    Need need =
        new Need(
            realCfg || controls.general(),
            request.steps(),
            Body.distilledGuidance(request),
            loras.scales(),
            strict);
    return choice.endpoint(need, realCfg && !controls.general(), request.pipeline(), findings);
  }

  private Map<String, Object> size(Endpoint endpoint) {
    switch (endpoint.sizing()) {
      case FIELD -> {
        findings.met(Rule.SIZE_SENT);
        noteKontext();
        return Map.of("image_size", Map.of("width", size.width(), "height", size.height()));
      }
      case PICTURE -> {
        if (endpoint.start() == Start.KONTEXT_MASKED) {
          findings.met(Rule.SIZE_OF_IMAGE);
          noteKontext();
        } else {
          findings.note(
              Rule.SIZE_FROM_IMAGE,
              "%s draws as large as the picture is: it was made %d x %d pixels"
                  .formatted(endpoint.id(), size.width(), size.height()));
        }
        return Map.of();
      }
      case RATIO -> {
        noteKontext();
        if (request.edit().maxArea() != Edit.NONE.maxArea()) {
          throw findings.refusal(
              Rule.MAX_AREA_REFUSED,
              "max_area is %d, and fal chooses how many pixels %s draws; leave it out"
                  .formatted(request.edit().maxArea(), endpoint.id()));
        }
        return Proportions.field(endpoint, size, sources.given().orElseThrow(), findings);
      }
    }
    throw new IllegalStateException();
  }

  private void noteKontext() {
    if (request.pipeline().choosesSize()) {
      findings.met(Rule.MAX_AREA_SENT);
      findings.met(Rule.AUTO_RESIZE);
    }
  }

  private Optional<Size> expected(Endpoint endpoint) {
    return switch (endpoint.sizing()) {
      case FIELD -> Optional.of(size);
      case PICTURE -> Optional.of(sources.size());
      case RATIO -> Optional.empty();
    };
  }

  private Map<String, Object> strength(Endpoint endpoint) {
    if (request.pipeline() == Pipeline.FLEX) {
      // it has no such argument, and gives up all that the mask uncovers
      return endpoint.strength() ? Map.of("strength", 1.0) : Map.of();
    }
    double asked = request.edit().strength();
    if (!endpoint.strength()) {
      if (endpoint.start() == Start.FILL) {
        if (asked < 1) {
          throw findings.refusal(
              Rule.STRENGTH_NO_FIELD,
              "strength is %s, and %s repaints all of the mask; set it to 1"
                  .formatted(asked, endpoint.id()));
        }
        findings.met(Rule.STRENGTH_FULL);
      }
      return Map.of();
    }
    if (!Endpoint.STRENGTH.has(asked)) {
      throw findings.refusal(
          Rule.STRENGTH_TOO_SMALL,
          "strength is %s, and fal takes %s".formatted(asked, Endpoint.STRENGTH));
    }
    findings.met(Rule.STRENGTH_SENT);
    return Map.of("strength", asked);
  }
}
