package dev.fluxbridge.pipelines.arguments;

import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pictures for IP adapters.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesIpAdapter<A> extends Takes<A> {
  /** A picture for an IP adapter. No road draws it yet. */
  default A ipAdapterImage(@Nullable BufferedImage ipAdapterImage) {
    return with("ip_adapter_image", ipAdapterImage);
  }

  /** Encoded pictures for IP adapters. No road draws them yet. */
  default A ipAdapterImageEmbeds(@Nullable List<Tensor> ipAdapterImageEmbeds) {
    return with("ip_adapter_image_embeds", ipAdapterImageEmbeds);
  }

  /** A picture for an IP adapter to avoid. No road draws it yet. */
  default A negativeIpAdapterImage(@Nullable BufferedImage negativeIpAdapterImage) {
    return with("negative_ip_adapter_image", negativeIpAdapterImage);
  }

  /** Encoded pictures for IP adapters to avoid. No road draws them yet. */
  default A negativeIpAdapterImageEmbeds(@Nullable List<Tensor> negativeIpAdapterImageEmbeds) {
    return with("negative_ip_adapter_image_embeds", negativeIpAdapterImageEmbeds);
  }
}
