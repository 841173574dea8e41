package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.fal.image.Endpoint.Ratios;
import dev.fluxbridge.providers.fal.image.Endpoint.Sizing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All endpoints that this backend draws with; of those that start alike with the same weights the
 * first one is preferred.
 */
final class Endpoints {
  private static final Range UP_TO_50 = new Range(1, 50);
  private static final Range FROM_10 = new Range(10, 50);
  private static final Range FROM_1 = new Range(1, 20);
  private static final Range FROM_0 = new Range(0, 20);
  private static final Range WIDE = new Range(0, 35);
  private static final Range LORA = new Range(0, 4);
  private static final Range LORA_BOTH_WAYS = new Range(-4, 4);

  private static final Ratios KONTEXT_RATIOS =
      new Ratios(
          "resolution_mode",
          Optional.of("match_input"),
          List.of("1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"));

  private static final Ratios PRO_RATIOS =
      new Ratios(
          "aspect_ratio",
          Optional.empty(),
          List.of("21:9", "16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16", "9:21"));

  static final List<Endpoint> ALL =
      List.of(
          plain("fal-ai/flux/dev", Start.TEXT, FalWeights.DEV, UP_TO_50),
          lora("fal-ai/flux-lora", Start.TEXT, FalWeights.DEV),
          general("fal-ai/flux-general", Start.TEXT, LORA_BOTH_WAYS),
          plain("fal-ai/flux-1/dev", Start.TEXT, FalWeights.DEV, UP_TO_50),
          plain("fal-ai/flux/schnell", Start.TEXT, FalWeights.SCHNELL, new Range(1, 12)),
          plain("fal-ai/flux-1/schnell", Start.TEXT, FalWeights.SCHNELL, new Range(1, 12)),
          plain("fal-ai/flux/krea", Start.TEXT, FalWeights.KREA, UP_TO_50),
          lora("fal-ai/flux-krea-lora", Start.TEXT, FalWeights.KREA),
          plain("fal-ai/flux-1/krea", Start.TEXT, FalWeights.KREA, UP_TO_50),
          plain("fal-ai/flux/dev/image-to-image", Start.IMAGE, FalWeights.DEV, FROM_10),
          lora("fal-ai/flux-lora/image-to-image", Start.IMAGE, FalWeights.DEV),
          general("fal-ai/flux-general/image-to-image", Start.IMAGE, LORA),
          plain("fal-ai/flux-1/dev/image-to-image", Start.IMAGE, FalWeights.DEV, FROM_10),
          plain("fal-ai/flux/krea/image-to-image", Start.IMAGE, FalWeights.KREA, FROM_10),
          lora("fal-ai/flux-krea-lora/image-to-image", Start.IMAGE, FalWeights.KREA),
          plain("fal-ai/flux-1/krea/image-to-image", Start.IMAGE, FalWeights.KREA, FROM_10),
          lora("fal-ai/flux-lora/inpainting", Start.MASKED, FalWeights.DEV),
          general("fal-ai/flux-general/inpainting", Start.MASKED, LORA),
          lora("fal-ai/flux-krea-lora/inpainting", Start.MASKED, FalWeights.KREA),
          fill(),
          fillPro(),
          control("fal-ai/flux-control-lora-canny", Start.CONTROL, FalWeights.CANNY),
          control("fal-ai/flux-control-lora-depth", Start.CONTROL, FalWeights.DEPTH),
          control(
              "fal-ai/flux-control-lora-canny/image-to-image",
              Start.CONTROL_AND_IMAGE,
              FalWeights.CANNY),
          control(
              "fal-ai/flux-control-lora-depth/image-to-image",
              Start.CONTROL_AND_IMAGE,
              FalWeights.DEPTH),
          kontext("fal-ai/flux-kontext/dev", Start.KONTEXT, FROM_1, Sizing.RATIO, false),
          kontext("fal-ai/flux-kontext-lora", Start.KONTEXT, FROM_0, Sizing.RATIO, true),
          kontextPro(),
          kontext(
              "fal-ai/flux-kontext-lora/text-to-image",
              Start.KONTEXT_TEXT,
              FROM_0,
              Sizing.FIELD,
              true),
          kontext(
              "fal-ai/flux-kontext-lora/inpaint",
              Start.KONTEXT_MASKED,
              FROM_0,
              Sizing.PICTURE,
              true));

  private Endpoints() {}

  static Optional<Endpoint> named(String id) {
    return ALL.stream().filter(endpoint -> endpoint.id().equals(id)).findFirst();
  }

  /** Those that start like this with these weights, the preferred one first. */
  static List<Endpoint> of(Start start, FalWeights weights) {
    return ALL.stream()
        .filter(endpoint -> endpoint.start() == start && endpoint.weights() == weights)
        .toList();
  }

  static String names(Start start) {
    return ALL.stream()
        .filter(endpoint -> endpoint.start() == start)
        .map(Endpoint::id)
        .collect(Collectors.joining(", "));
  }

  private static Endpoint plain(String id, Start start, FalWeights weights, Range steps) {
    return new Endpoint(
        id,
        start,
        weights,
        start == Start.TEXT ? Sizing.FIELD : Sizing.PICTURE,
        Optional.of(steps),
        Optional.of(FROM_1),
        Optional.empty(),
        4,
        start == Start.IMAGE,
        false,
        Optional.empty(),
        checked(Map.of("acceleration", "none")));
  }

  private static Endpoint lora(String id, Start start, FalWeights weights) {
    return new Endpoint(
        id,
        start,
        weights,
        Sizing.FIELD,
        Optional.of(UP_TO_50),
        Optional.of(WIDE),
        Optional.of(LORA),
        4,
        start != Start.TEXT,
        false,
        Optional.empty(),
        checked(Map.of("acceleration", "none")));
  }

  private static Endpoint general(String id, Start start, Range loras) {
    Map<String, Object> own = new LinkedHashMap<>();
    own.put("use_cfg_zero", false);
    own.put("scheduler", "euler");
    own.put("use_beta_schedule", false);
    // the shift of FLUX.1 dev's own scheduler
    own.put("base_shift", 0.5);
    own.put("max_shift", 1.15);
    return new Endpoint(
        id,
        start,
        FalWeights.DEV,
        Sizing.FIELD,
        Optional.of(UP_TO_50),
        Optional.of(FROM_0),
        Optional.of(loras),
        10,
        start != Start.TEXT,
        true,
        Optional.empty(),
        checked(own));
  }

  private static Endpoint fill() {
    Map<String, Object> own = new LinkedHashMap<>();
    own.put("acceleration", "none");
    // the old pipeline pasted nothing back
    own.put("paste_back", false);
    own.put("resize_to_original", false);
    return new Endpoint(
        "fal-ai/flux-lora-fill",
        Start.FILL,
        FalWeights.FILL,
        Sizing.FIELD,
        Optional.of(UP_TO_50),
        Optional.of(new Range(28, 35)),
        Optional.of(LORA),
        4,
        false,
        false,
        Optional.empty(),
        checked(own));
  }

  private static Endpoint fillPro() {
    return new Endpoint(
        "fal-ai/flux-pro/v1/fill",
        Start.FILL,
        FalWeights.FILL_PRO,
        Sizing.PICTURE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        4,
        false,
        false,
        Optional.empty(),
        pro());
  }

  private static Endpoint control(String id, Start start, FalWeights weights) {
    return new Endpoint(
        id,
        start,
        weights,
        Sizing.FIELD,
        Optional.of(UP_TO_50),
        Optional.of(WIDE),
        Optional.of(LORA),
        4,
        start == Start.CONTROL_AND_IMAGE,
        false,
        Optional.empty(),
        // old callers hand over depths that are ready
        checked(start == Start.CONTROL ? Map.of("preprocess_depth", false) : Map.of()));
  }

  private static Endpoint kontext(
      String id, Start start, Range guidance, Sizing sizing, boolean loras) {
    return new Endpoint(
        id,
        start,
        FalWeights.KONTEXT,
        sizing,
        Optional.of(FROM_10),
        Optional.of(guidance),
        loras ? Optional.of(LORA) : Optional.empty(),
        4,
        start == Start.KONTEXT_MASKED,
        false,
        sizing == Sizing.RATIO ? Optional.of(KONTEXT_RATIOS) : Optional.empty(),
        checked(Map.of("acceleration", "none")));
  }

  private static Endpoint kontextPro() {
    return new Endpoint(
        "fal-ai/flux-pro/kontext",
        Start.KONTEXT,
        FalWeights.KONTEXT_PRO,
        Sizing.RATIO,
        Optional.empty(),
        Optional.of(FROM_1),
        Optional.empty(),
        4,
        false,
        false,
        Optional.of(PRO_RATIOS),
        pro());
  }

  private static Map<String, Object> checked(Map<String, Object> own) {
    return sent(Map.of("enable_safety_checker", true), own);
  }

  /** Their own default tolerance, of 1 (strict) to 6. */
  private static Map<String, Object> pro() {
    return sent(Map.of("safety_tolerance", "2"), Map.of("enhance_prompt", false));
  }

  private static Map<String, Object> sent(Map<String, Object> safety, Map<String, Object> own) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("output_format", "png");
    all.putAll(safety);
    all.put("sync_mode", false);
    all.putAll(own);
    return all;
  }
}
