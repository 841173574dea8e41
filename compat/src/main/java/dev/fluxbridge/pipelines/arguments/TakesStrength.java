package dev.fluxbridge.pipelines.arguments;

/**
 * How much of a picture is given up.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesStrength<A> extends Takes<A> {
  /** 0 to 1; 1 draws without looking at the picture. */
  default A strength(double strength) {
    return with("strength", strength);
  }
}
