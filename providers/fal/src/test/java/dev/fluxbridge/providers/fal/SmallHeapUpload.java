package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.MediaPolicy;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;

/** Uploads a long stream from a process of its own, whose heap a test has made small. */
final class SmallHeapUpload {
  private SmallHeapUpload() {}

  /** {@code args}: the store, the MiB to upload. */
  public static void main(String[] args) {
    FalConfig config =
        FalConfig.fromEnvironment(Map.of("FAL_KEY", StoreServer.KEY)::get)
            .with(FalHosts.allAt(URI.create(args[0])))
            .with(MediaPolicy.DEFAULT.withLoopback(true));
    try (FalClient client = new FalClient(config)) {
      client.storage().upload(FalFile.of(zeros(Long.parseLong(args[1]) << 20)));
    }
  }

  private static InputStream zeros(long length) {
    return new InputStream() {
      private long left = length;

      @Override
      public int read() {
        return left-- > 0 ? 0 : -1;
      }

      @Override
      public int read(byte[] into, int offset, int count) {
        if (left <= 0) {
          return -1;
        }
        int got = (int) Math.min(count, left);
        left -= got;
        return got;
      }
    };
  }
}
