package dev.fluxbridge.providers.fal.image;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint for each task, for calls whose model is none of fal's. Immutable.
 *
 * <p>A call that needs more than the endpoint takes (LoRA weights, a negative prompt, ControlNets)
 * is drawn by another endpoint with the same weights.
 *
 * @param image draws from text; {@code FAL_IMAGE_MODEL}
 * @param imageToImage draws from a picture; {@code FAL_IMAGE_TO_IMAGE_MODEL}
 * @param inpaint repaints a part of one; {@code FAL_INPAINT_MODEL}
 * @param fill the same for FluxFillPipeline; {@code FAL_FILL_MODEL}
 * @param control follows edges or depths, where the model does not say which; {@code
 *     FAL_CONTROL_MODEL}
 * @param kontext edits by instruction; {@code FAL_KONTEXT_MODEL}
 * @param speech turns speech into text; {@code FAL_STT_MODEL}. No backend reads it yet
 * @param video draws films; {@code FAL_VIDEO_MODEL}. No backend reads it yet
 * @param controlKind what the control pictures of FlexPipeline show, which its callers never say:
 *     canny, tile, depth, blur, pose, gray or low-quality; {@code FAL_CONTROL_KIND}
 */
public record FalModels(
    String image,
    String imageToImage,
    String inpaint,
    String fill,
    Optional<String> control,
    String kontext,
    Optional<String> speech,
    Optional<String> video,
    Optional<String> controlKind) {

  /** FLUX.1 dev and its relatives. */
  public static final FalModels DEFAULT = fromEnvironment(name -> null);

  /**
   * Checks the kind.
   *
   * @throws IllegalArgumentException if it is none of fal's
   */
  public FalModels {
    controlKind.ifPresent(
        kind -> {
          if (ControlKind.named(kind).isEmpty()) {
            throw new IllegalArgumentException(
                "FAL_CONTROL_KIND is '%s' but must be one of %s"
                    .formatted(kind, ControlKind.names()));
          }
        });
  }

  /**
   * What the environment says, else the defaults.
   *
   * @param environment for example {@code System::getenv}
   * @throws IllegalArgumentException if a key names an endpoint that does not exist any more, with
   *     what took its place
   */
  public static FalModels fromEnvironment(Function<String, @Nullable String> environment) {
    return new FalModels(
        named(environment, "FAL_IMAGE_MODEL").orElse("fal-ai/flux/dev"),
        named(environment, "FAL_IMAGE_TO_IMAGE_MODEL").orElse("fal-ai/flux/dev/image-to-image"),
        named(environment, "FAL_INPAINT_MODEL").orElse("fal-ai/flux-lora/inpainting"),
        named(environment, "FAL_FILL_MODEL").orElse("fal-ai/flux-lora-fill"),
        named(environment, "FAL_CONTROL_MODEL"),
        named(environment, "FAL_KONTEXT_MODEL").orElse("fal-ai/flux-kontext/dev"),
        named(environment, "FAL_STT_MODEL"),
        named(environment, "FAL_VIDEO_MODEL"),
        named(environment, "FAL_CONTROL_KIND"));
  }

  private static Optional<String> named(
      Function<String, @Nullable String> environment, String key) {
    String set = environment.apply(key);
    if (set == null || set.isBlank()) {
      return Optional.empty();
    }
    String model = set.strip();
    Retired.successor(model)
        .ifPresent(
            successor -> {
              throw new IllegalArgumentException(
                  "%s is '%s', which does not exist at fal; what does: %s"
                      .formatted(key, model, successor));
            });
    return Optional.of(model);
  }

  /** The same with this endpoint for text to image. */
  public FalModels withImage(String endpoint) {
    return new FalModels(
        endpoint, imageToImage, inpaint, fill, control, kontext, speech, video, controlKind);
  }

  /** The key and the endpoint that are configured for calls that start like this. */
  Configured of(Start start) {
    return switch (start) {
      case TEXT -> new Configured("FAL_IMAGE_MODEL", Optional.of(image));
      case IMAGE -> new Configured("FAL_IMAGE_TO_IMAGE_MODEL", Optional.of(imageToImage));
      case MASKED -> new Configured("FAL_INPAINT_MODEL", Optional.of(inpaint));
      case FILL -> new Configured("FAL_FILL_MODEL", Optional.of(fill));
      case CONTROL, CONTROL_AND_IMAGE -> new Configured("FAL_CONTROL_MODEL", control);
      case KONTEXT, KONTEXT_TEXT, KONTEXT_MASKED ->
          new Configured("FAL_KONTEXT_MODEL", Optional.of(kontext));
    };
  }

  /**
   * What is configured.
   *
   * @param key where
   * @param endpoint what
   */
  record Configured(String key, Optional<String> endpoint) {}
}
