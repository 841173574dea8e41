package dev.fluxbridge.providers.openai;

import dev.fluxbridge.providers.Pipeline;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which of the old pipelines have an argument. Source: the signatures of diffusers 0.35. */
final class PipelinesWith {

  /** Every argument that all of them have. */
  static final Set<Pipeline> ALL = Set.of(Pipeline.values());

  /** {@code max_area} and {@code _auto_resize}. */
  static final Set<Pipeline> KONTEXT = Set.of(Pipeline.KONTEXT, Pipeline.KONTEXT_INPAINT);

  /** {@code negative_prompt} beside {@code true_cfg_scale}. */
  static final Set<Pipeline> NEGATIVE =
      Set.of(
          Pipeline.FLUX,
          Pipeline.IMG2IMG,
          Pipeline.INPAINT,
          Pipeline.CONTROLNET,
          Pipeline.KONTEXT,
          Pipeline.KONTEXT_INPAINT);

  /** {@code sigmas}. */
  static final Set<Pipeline> SIGMAS =
      Set.of(
          Stream.of(Pipeline.values())
              .filter(pipeline -> pipeline != Pipeline.DE_DISTILLED)
              .toArray(Pipeline[]::new));

  /** {@code mask_image}. */
  static final Set<Pipeline> MASK =
      Set.of(
          Pipeline.INPAINT,
          Pipeline.FILL,
          Pipeline.CONTROL_INPAINT,
          Pipeline.CONTROLNET_INPAINT,
          Pipeline.KONTEXT_INPAINT);

  /** {@code masked_image_latents}. */
  static final Set<Pipeline> MASKED_LATENTS =
      Set.of(
          Pipeline.INPAINT, Pipeline.FILL, Pipeline.CONTROL_INPAINT, Pipeline.CONTROLNET_INPAINT);

  /** {@code padding_mask_crop}. */
  static final Set<Pipeline> CROP =
      Set.of(Pipeline.INPAINT, Pipeline.CONTROLNET_INPAINT, Pipeline.KONTEXT_INPAINT);

  /** {@code image}, as something to draw over. */
  static final Set<Pipeline> PICTURE =
      Set.of(
          Pipeline.IMG2IMG,
          Pipeline.INPAINT,
          Pipeline.FILL,
          Pipeline.CONTROL_IMG2IMG,
          Pipeline.CONTROL_INPAINT,
          Pipeline.CONTROLNET_IMG2IMG,
          Pipeline.CONTROLNET_INPAINT);

  /** {@code image}. */
  static final Set<Pipeline> EDITS = union(PICTURE, KONTEXT);

  /** {@code strength}. */
  static final Set<Pipeline> STRENGTH = union(PICTURE, Set.of(Pipeline.KONTEXT_INPAINT));

  /** {@code controlnet_conditioning_scale} and its sisters. */
  static final Set<Pipeline> CONTROLNET =
      Set.of(Pipeline.CONTROLNET, Pipeline.CONTROLNET_IMG2IMG, Pipeline.CONTROLNET_INPAINT);

  /** {@code control_image} alone. */
  static final Set<Pipeline> CONTROL =
      Set.of(Pipeline.CONTROL, Pipeline.CONTROL_IMG2IMG, Pipeline.CONTROL_INPAINT);

  private static Set<Pipeline> union(Set<Pipeline> some, Set<Pipeline> others) {
    return Stream.of(some, others).flatMap(Set::stream).collect(Collectors.toSet());
  }

  private PipelinesWith() {}
}
