package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.BodySource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the bytes of one upload as they leave. Safe for use by several threads. */
final class UploadMeter {
  private final FalUploadProgress progress;
  private final OptionalLong total;
  private long sent;

  UploadMeter(FalUploadProgress progress, OptionalLong total) {
    this.progress = progress;
    this.total = total;
  }

  private synchronized void add(long bytes) {
    sent += bytes;
    progress.sent(sent, total);
  }

  /** The same source, counted; what left at an earlier try counts no more. */
  BodySource counted(BodySource source) {
    if (progress == FalUploadProgress.NONE) {
      return source;
    }
    AtomicLong counted = new AtomicLong();
    return new BodySource() {
      @Override
      public long length() {
        return source.length();
      }

      @Override
      public InputStream open() throws IOException {
        long before = counted.getAndSet(0);
        if (before > 0) {
          add(-before);
        }
        return new FilterInputStream(source.open()) {
          @Override
          public int read(byte[] into, int offset, int count) throws IOException {
            int got = super.read(into, offset, count);
            if (got > 0) {
              counted.addAndGet(got);
              add(got);
            }
            return got;
          }
        };
      }
    };
  }
}
