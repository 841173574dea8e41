package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.array.Floats;
import java.util.List;

/**
 * What a call drew. Immutable, no native memory.
 *
 * @param pictures one for each picture, prompt by prompt: pixels of shape (3, H, W), 0 to 1, or
 *     packed latents of shape (S, 64)
 * @param decoded whether they are pixels
 * @param drawn how many 32-bit numbers the call took from each generator, in the order of the
 *     call's {@link TextToImage#noise()}
 */
public record Drawing(List<Floats> pictures, boolean decoded, List<Long> drawn) {
  public Drawing {
    pictures = List.copyOf(pictures);
    drawn = List.copyOf(drawn);
  }
}
