package dev.fluxbridge.providers.fal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an endpoint that draws from text takes.
 *
 * <p>Source: the OpenAPI descriptions that fal publishes of its endpoints, June 2026; old model ids
 * from the model hub.
 *
 * @param id its name
 * @param maxSteps most denoising steps
 * @param minGuidance least guidance scale
 * @param maxGuidance most guidance scale
 * @param maxImages most pictures in one request
 * @param dev whether it draws with the weights of FLUX.1 dev
 * @param general whether it is of the flux-general kind: real CFG, no field for acceleration
 */
record FalImageEndpoint(
    String id,
    int maxSteps,
    double minGuidance,
    double maxGuidance,
    int maxImages,
    boolean dev,
    boolean general) {

  static final FalImageEndpoint DEV =
      new FalImageEndpoint("fal-ai/flux/dev", 50, 1, 20, 4, true, false);
  static final FalImageEndpoint SCHNELL =
      new FalImageEndpoint("fal-ai/flux/schnell", 12, 1, 20, 4, false, false);
  static final FalImageEndpoint KREA =
      new FalImageEndpoint("fal-ai/flux/krea", 50, 1, 20, 4, false, false);
  static final FalImageEndpoint GENERAL =
      new FalImageEndpoint("fal-ai/flux-general", 50, 0, 20, 10, true, true);

  /** All that this backend can draw with. */
  static final List<FalImageEndpoint> ALL =
      List.of(
          DEV,
          SCHNELL,
          KREA,
          GENERAL,
          new FalImageEndpoint("fal-ai/flux-1/dev", 50, 1, 20, 4, true, false),
          new FalImageEndpoint("fal-ai/flux-1/schnell", 12, 1, 20, 4, false, false),
          new FalImageEndpoint("fal-ai/flux-1/krea", 50, 1, 20, 4, false, false),
          new FalImageEndpoint("fal-ai/flux-lora", 50, 0, 35, 4, true, false));

  private static final Map<String, FalImageEndpoint> BY_OLD_ID =
      Map.of(
          "black-forest-labs/FLUX.1-dev", DEV,
          "ChuckMcSneed/FLUX.1-dev", DEV,
          "black-forest-labs/FLUX.1-schnell", SCHNELL,
          "black-forest-labs/FLUX.1-Krea-dev", KREA);

  /** Names that older plans mention and that lead nowhere, with what took their place. */
  private static final Map<String, String> GONE =
      Map.ofEntries(
          Map.entry("fal-ai/flux-pro", "fal-ai/flux-pro/v1.1"),
          Map.entry("fal-ai/flux-pro/new", "fal-ai/flux-pro/v1.1"),
          Map.entry("fal-ai/flux-pro/v1/canny", "fal-ai/flux-control-lora-canny"),
          Map.entry("fal-ai/flux-pro/v1/canny-finetuned", "fal-ai/flux-control-lora-canny"),
          Map.entry("fal-ai/flux-pro/v1/depth", "fal-ai/flux-control-lora-depth"),
          Map.entry("fal-ai/flux-pro/v1/depth-finetuned", "fal-ai/flux-control-lora-depth"),
          Map.entry("fal-ai/flux-pro/v1/redux", "fal-ai/flux/dev/redux"),
          Map.entry("fal-ai/stable-diffusion-xl", "fal-ai/fast-sdxl"),
          Map.entry("fal-ai/stable-diffusion-inpainting", "fal-ai/inpaint"),
          Map.entry("fal-ai/real-esrgan", "fal-ai/esrgan"),
          Map.entry("fal-ai/ip-adapter", "fal-ai/ip-adapter-face-id"),
          Map.entry("fal-ai/imageutils/sam", "fal-ai/sam2/image"),
          Map.entry("fal-ai/photokit", "fal-ai/bria/background/replace"),
          Map.entry("fal-ai/image-preprocessors/openpose", "fal-ai/dwpose"),
          Map.entry("fal-ai/image-preprocessors/canny", "fal-ai/flux-control-lora-canny"),
          Map.entry("easel-ai/advanced-face-swap", "an edit model with two image_urls"));

  /** The endpoint with the weights of an old model id, or of that name itself. */
  static Optional<FalImageEndpoint> of(String model) {
    FalImageEndpoint byOldId = BY_OLD_ID.get(model);
    return byOldId != null
        ? Optional.of(byOldId)
        : ALL.stream().filter(endpoint -> endpoint.id.equals(model)).findFirst();
  }

  /** What took the place of a name that leads nowhere. */
  static Optional<String> successor(String model) {
    return Optional.ofNullable(GONE.get(model));
  }

  /** The names of all, for messages. */
  static String names() {
    return ALL.stream().map(FalImageEndpoint::id).collect(Collectors.joining(", "));
  }
}
