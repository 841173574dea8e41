package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.BodySource;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * One part of a stream in memory. It takes as much as it needs and keeps it for the next part.
 * Filled by one thread, then read by others.
 */
final class UploadBuffer implements BodySource {
  // small pieces: a heap that is nearly full has room for many of them, but not for one of 10 MiB
  private static final int PIECE = 256 * 1024;

  private final int capacity;
  private final List<byte[]> pieces = new ArrayList<>();
  private int length;

  UploadBuffer(int capacity) {
    this.capacity = capacity;
  }

  /** Reads until it is full; false if the stream ended before or just then. */
  boolean fill(InputStream stream) throws IOException {
    length = 0;
    while (length < capacity) {
      int index = length / PIECE;
      if (index == pieces.size()) {
        pieces.add(new byte[PIECE]);
      }
      int offset = length % PIECE;
      int got = stream.read(pieces.get(index), offset, Math.min(PIECE - offset, capacity - length));
      if (got < 0) {
        return false;
      }
      length += got;
    }
    return true;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public InputStream open() {
    return new InputStream() {
      private int at;

      @Override
      public int read() {
        return at == length ? -1 : pieces.get(at / PIECE)[at++ % PIECE] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int count) {
        if (at == length) {
          return -1;
        }
        int got = Math.min(count, Math.min(PIECE - at % PIECE, length - at));
        System.arraycopy(pieces.get(at / PIECE), at % PIECE, into, offset, got);
        at += got;
        return got;
      }
    };
  }
}
