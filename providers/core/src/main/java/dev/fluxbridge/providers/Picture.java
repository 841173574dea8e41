package dev.fluxbridge.providers;

import java.util.Arrays;

/** One picture as the backend gave it. Nothing is decoded or rounded before the facade does it. */
public sealed interface Picture {

  /**
   * A picture file, byte for byte what the provider sent.
   *
   * @param bytes the file; not copied
   * @param mediaType what the bytes are, found by looking at them, for example {@code image/png}
   */
  @SuppressWarnings("ArrayRecordComponent") // a file's bytes, compared by nobody
  record Encoded(byte[] bytes, String mediaType) implements Picture {
    @Override
    public String toString() {
      return mediaType + " of " + bytes.length + " bytes";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Encoded e
          && mediaType.equals(e.mediaType)
          && Arrays.equals(bytes, e.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  /** Float pixels, shape (3, H, W), red green blue, 0 to 1. */
  record Pixels(Tensor values) implements Picture {}

  /** Packed latents, shape (S, 64), for callers who asked not to decode. */
  record Latents(Tensor values) implements Picture {}
}
