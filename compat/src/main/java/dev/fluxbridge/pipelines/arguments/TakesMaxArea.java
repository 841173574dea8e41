package dev.fluxbridge.pipelines.arguments;

/**
 * Kontext, which chooses its own size.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesMaxArea<A> extends Takes<A> {
  /** Pixels that the result has, about; 1024 * 1024 unless set. */
  default A maxArea(int maxArea) {
    return with("max_area", maxArea);
  }

  /** Whether pictures are scaled to the nearest of the sizes that Kontext was trained on. */
  default A autoResize(boolean autoResize) {
    return with("_auto_resize", autoResize);
  }
}
