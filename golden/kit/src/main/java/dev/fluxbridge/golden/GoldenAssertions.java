package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.function.IntFunction;

/**
 * Where holding something to a golden begins:
 *
 * <pre>{@code
 * assertThat(output.result()).matchesGolden("red circle");
 * }</pre>
 *
 * <p>It needs no other assertion library, and none of JUnit. Stateless and safe for use by several
 * threads.
 */
public final class GoldenAssertions {
  private GoldenAssertions() {}

  /** All pictures of a result, or its latents; where it came from stands in it. */
  public static GoldenAssert assertThat(ImageResult result) {
    return new GoldenAssert(Drawn.of(result), Origin.of(result));
  }

  /** A picture of 1, 3 or 4 channels; a fourth must be opaque. */
  public static GoldenAssert assertThat(Bitmap picture) {
    return new GoldenAssert(Drawn.of(picture), unstated());
  }

  /** A picture of the JDK, of 8 bits a channel and opaque. */
  public static GoldenAssert assertThat(BufferedImage picture) {
    return new GoldenAssert(Drawn.of(picture), unstated());
  }

  /**
   * A PNG or JPEG file, or a WebP one where a decoder for it is installed. Of another name, as
   * AssertJ has one for bytes.
   */
  public static GoldenAssert assertThatFile(byte[] file) {
    return new GoldenAssert(Drawn.of(file), unstated());
  }

  /** Latents of any shape. */
  public static GoldenAssert assertThat(Tensor latents) {
    return new GoldenAssert(Drawn.of(latents), unstated());
  }

  /**
   * What a call draws, which is then run here: once, or with {@code -Dgolden.learn=8} eight times,
   * whose noise makes the golden's limits.
   *
   * @param call takes the count of runs before it, from 0, for those who change the seed with it
   */
  public static GoldenAssert assertThatRunsOf(IntFunction<ImageResult> call) {
    ImageResult first = call.apply(0);
    return new GoldenAssert(
        Drawn.of(first), Origin.of(first), run -> run == 0 ? first : call.apply(run));
  }

  /** A picture without a word of where it is from is tied to this device at least. */
  private static Origin unstated() {
    return Origin.of(GoldenAssert.UNSTATED, "");
  }
}
