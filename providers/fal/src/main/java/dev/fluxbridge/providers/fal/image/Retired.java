package dev.fluxbridge.providers.fal.image;

import java.util.Map;
import java.util.Optional;

/**
 * Names that older plans mention and that lead nowhere, with what took their place.
 *
 * <p>Source: fal's catalogue of June 2026, and the types of its clients since 2024.
 */
final class Retired {
  private static final String TALKING = "fal-ai/bytedance/omnihuman/v1.5";
  private static final String WAN = "fal-ai/wan/v2.7/image-to-video";

  private static final Map<String, String> SUCCESSORS =
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
          Map.entry("easel-ai/advanced-face-swap", "an edit model with two image_urls"),
          Map.entry("fal-ai/animatediff", "fal-ai/fast-animatediff/text-to-video"),
          Map.entry("fal-ai/fast-animatediff", "fal-ai/fast-animatediff/text-to-video"),
          Map.entry("fal-ai/runway-gen3", WAN),
          Map.entry("fal-ai/luma-dream-machine", "fal-ai/luma-dream-machine/ray-2"),
          Map.entry(
              "fal-ai/luma-dream-machine/image-to-video",
              "fal-ai/luma-dream-machine/ray-2/image-to-video"),
          Map.entry("fal-ai/video-enhance", "fal-ai/seedvr/upscale/video"),
          Map.entry("fal-ai/hedra-character-2", TALKING),
          Map.entry("fal-ai/wan/v2.2-a14B", "fal-ai/wan/v2.2-a14b"),
          Map.entry("fal-ai/xtts-v2", "fal-ai/f5-tts"),
          Map.entry("fal-ai/bark", "fal-ai/kokoro/american-english"),
          Map.entry("fal-ai/kokoro", "fal-ai/kokoro/american-english"),
          Map.entry(
              "fal-ai/whisper", "fal-ai/wizper, or fal-ai/elevenlabs/speech-to-text/scribe-v2"),
          Map.entry("fal-ai/any-llm", "openrouter/router"),
          Map.entry("fal-ai/any-llm/enterprise", "openrouter/router/enterprise"),
          Map.entry("fal-ai/any-llm/vision", "openrouter/router/vision"));

  private Retired() {}

  /** What took the place of a name that leads nowhere. */
  static Optional<String> successor(String model) {
    return Optional.ofNullable(SUCCESSORS.get(model));
  }
}
