package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * What {@link FluxPipeline#call(FluxArguments)} gives back. As in Python its content follows {@code
 * output_type}: pictures for {@code pil}, numbers for {@code np}, {@code pt} and {@code latent}.
 *
 * <p>New is {@link #result()}: which road drew it, why, and what was not taken as asked.
 */
public final class FluxPipelineOutput {
  private final OutputType type;
  private final ImageResult result;

  FluxPipelineOutput(OutputType type, ImageResult result) {
    this.type = type;
    this.result = result;
  }

  /**
   * The pictures, prompt by prompt, 8 bits a channel.
   *
   * @throws IllegalStateException unless {@code output_type} was {@code pil}
   * @throws dev.fluxbridge.providers.BackendException {@code BAD_REPLY} if a hosted picture cannot
   *     be decoded
   */
  public List<BufferedImage> images() {
    if (type != OutputType.PIL) {
      throw new IllegalStateException(
          "The call asked for output_type '%s': its numbers are in array()"
              .formatted(type.label()));
    }
    return result.images().stream().map(Pictures::toBufferedImage).toList();
  }

  /**
   * The numbers: {@code np} gives (B, H, W, 3) and {@code pt} (B, 3, H, W), both red green blue
   * from 0 to 1; {@code latent} gives packed latents, (B, S, 64).
   *
   * @throws IllegalStateException if {@code output_type} was {@code pil}
   * @throws dev.fluxbridge.providers.BackendException {@code BAD_REPLY} if a hosted picture cannot
   *     be decoded, or pictures differ in size
   */
  public Tensor array() {
    return switch (type) {
      case PIL ->
          throw new IllegalStateException(
              "The call asked for output_type 'pil': its pictures are in images()");
      case NP -> Pictures.toChannelsLast(Pictures.toChannelsFirst(result.images()));
      case PT -> Pictures.toChannelsFirst(result.images());
      case LATENT -> Pictures.toLatents(result.images());
    };
  }

  /** The result as the backend gave it, with notes, seeds, cost and provenance. */
  public ImageResult result() {
    return result;
  }
}
