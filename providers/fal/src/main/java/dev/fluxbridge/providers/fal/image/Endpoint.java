package dev.fluxbridge.providers.fal.image;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an endpoint that draws takes. Immutable.
 *
 * <p>Source: the OpenAPI descriptions that fal publishes of its endpoints, June 2026.
 *
 * @param id its name
 * @param start what it starts from
 * @param weights what it draws with
 * @param sizing how it learns the size of the picture
 * @param steps denoising steps; empty where it takes none
 * @param guidance guidance scale; empty where it takes none
 * @param loras scales of LoRA weights; empty where it takes none
 * @param maxImages most pictures in one request
 * @param strength whether it takes one, 0.01 to 1
 * @param general whether it is of the flux-general kind: real CFG and ControlNets
 * @param ratios the proportions that it offers, where {@code sizing} is {@link Sizing#RATIO}
 * @param always fields that are sent with every request, so that nothing is left to fal's defaults
 */
record Endpoint(
    String id,
    Start start,
    FalWeights weights,
    Sizing sizing,
    Optional<Range> steps,
    Optional<Range> guidance,
    Optional<Range> loras,
    int maxImages,
    boolean strength,
    boolean general,
    Optional<Ratios> ratios,
    Map<String, Object> always) {

  static final Range STRENGTH = new Range(0.01, 1);
  static final Range CONTROL_STRENGTH = new Range(0, 2);
  static final Range REAL_CFG = new Range(0, 5);

  Endpoint {
    always = Collections.unmodifiableMap(new LinkedHashMap<>(always));
  }

  /** How an endpoint learns the size. */
  enum Sizing {
    /** It has a field for it. */
    FIELD,
    /** It draws as large as the picture is that it gets. */
    PICTURE,
    /** It has a field for proportions, and chooses the size itself. */
    RATIO
  }

  /**
   * A field for proportions.
   *
   * @param field its name
   * @param match what says "as the picture"; empty: leave the field out
   * @param offered width to height, as fal writes them
   */
  record Ratios(String field, Optional<String> match, List<String> offered) {}

  /** Whether it can do what nothing else can stand in for. */
  boolean able(Need need) {
    return (!need.general() || general) && (need.loras().isEmpty() || loras.isPresent());
  }

  /** Whether no number of the call is outside of what it takes. */
  boolean fits(Need need) {
    boolean asLargeAsAsked =
        !need.strict() || sizing != Sizing.PICTURE || start == Start.KONTEXT_MASKED;
    return asLargeAsAsked
        && steps.map(range -> range.has(need.steps())).orElse(true)
        && guidance.map(range -> range.has(need.guidance())).orElse(true)
        && need.loras().stream().allMatch(scale -> loras.map(r -> r.has(scale)).orElse(false));
  }

  /**
   * What a call needs of an endpoint.
   *
   * @param general real CFG or ControlNets
   * @param steps denoising steps
   * @param guidance guidance scale
   * @param loras scales of LoRA weights
   * @param strict whether nothing may be emulated
   */
  record Need(boolean general, int steps, double guidance, List<Double> loras, boolean strict) {}
}
