package dev.fluxbridge.providers;

import java.util.Optional;

/**
 * A picture of edges, depths or a pose that the drawing follows.
 *
 * @param image one for all pictures, or one for each prompt
 * @param mode the kind of picture, as a union ControlNet counts them: 0 canny, 1 tile, 2 depth, 3
 *     blur, 4 pose, 5 grey, 6 low quality; empty where the weights know one kind only
 * @param scale how strongly it is followed; 1 is as trained
 * @param start share of the steps that are over before it is followed, 0 to 1
 * @param end share of the steps that are over when it is followed no more, 0 to 1
 */
public record Control(
    Images image, Optional<Integer> mode, double scale, double start, double end) {

  /** Full strength from the first step to the last, of no named kind. */
  public static Control of(Images image) {
    return new Control(image, Optional.empty(), 1, 0, 1);
  }
}
