package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.BodySource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** The parts of something, from the first to the last. Taken by one thread, given back by any. */
interface UploadParts {

  /**
   * The next part; null after the last.
   *
   * @throws FalException with {@code INVALID} if it cannot be read or has another length than was
   *     announced
   */
  @Nullable BodySource next();

  /** Takes a part back that nobody will read any more. */
  default void done(BodySource part) {}

  /** All parts were sent, and nothing is made of them yet. */
  default void sent() {}

  /** Of bytes in memory. */
  static UploadParts of(byte[] bytes, long partBytes) {
    return sliced(
        bytes.length,
        partBytes,
        (from, length) ->
            new BodySource() {
              @Override
              public long length() {
                return length;
              }

              @Override
              public InputStream open() {
                return new ByteArrayInputStream(bytes, (int) from, (int) length);
              }
            });
  }

  /** Of a file. */
  static UploadParts of(Path file, long size, long partBytes) {
    return sliced(size, partBytes, (from, length) -> BodySource.of(file, from, length));
  }

  /** Makes a part. */
  @FunctionalInterface
  interface Slice {
    BodySource of(long from, long length);
  }

  private static UploadParts sliced(long size, long partBytes, Slice slice) {
    long[] from = {0};
    return () -> {
      if (from[0] >= size) {
        return null;
      }
      long length = Math.min(partBytes, size - from[0]);
      BodySource part = slice.of(from[0], length);
      from[0] += length;
      return part;
    };
  }

  /** Of a stream: each is read into memory, so that it can be sent more than once. */
  final class OfStream implements UploadParts {
    private final InputStream stream;
    private final OptionalLong announced;
    private final int partBytes;
    private final ConcurrentLinkedQueue<UploadBuffer> spare = new ConcurrentLinkedQueue<>();
    private long read;
    private boolean over;

    OfStream(InputStream stream, OptionalLong announced, int partBytes) {
      this.stream = stream;
      this.announced = announced;
      this.partBytes = partBytes;
    }

    @Override
    public @Nullable BodySource next() {
      if (over) {
        return null;
      }
      UploadBuffer used = spare.poll();
      UploadBuffer buffer = used == null ? new UploadBuffer(partBytes) : used;
      try {
        over = !buffer.fill(stream);
      } catch (IOException failure) {
        throw new FalException(
            Reason.INVALID,
            "the stream failed after " + (read + buffer.length()) + " bytes",
            FalException.Answer.NONE,
            null,
            failure);
      }
      read += buffer.length();
      boolean wrong =
          announced.isPresent()
              && (over ? read != announced.getAsLong() : read > announced.getAsLong());
      if (wrong) {
        throw FalException.of(
            Reason.INVALID,
            "the stream was announced with %d bytes and has %s: give its right length, or none"
                .formatted(
                    announced.getAsLong(), read > announced.getAsLong() ? "more" : "only " + read));
      }
      return buffer.length() == 0 && read > 0 ? null : buffer;
    }

    /** Whether the last part was taken. */
    boolean over() {
      return over;
    }

    @Override
    public void done(BodySource part) {
      spare.add((UploadBuffer) part);
    }
  }
}
