package dev.fluxbridge.providers.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Where the bytes of a request's body come from, so that none of them need to be in memory.
 *
 * <p>It is opened once for each time that the request is sent, on a thread of the {@link
 * Transport}. One that can be read only once throws at the second time; {@link Transport} itself
 * never sends anything twice.
 */
public interface BodySource {

  /** How many bytes there are, announced before the first is sent. */
  long length();

  /**
   * The bytes from the first to the last; whoever reads them closes it.
   *
   * @throws IOException if they cannot be read
   */
  InputStream open() throws IOException;

  /** Bytes in memory; not copied. */
  static BodySource of(byte[] bytes) {
    return new BodySource() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  /**
   * A stretch of a file, read while it is sent.
   *
   * @param from the first byte's position, from 0
   * @param length how many bytes from there
   */
  static BodySource of(Path file, long from, long length) {
    return new BodySource() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public InputStream open() throws IOException {
        FileChannel channel = FileChannel.open(file);
        try {
          return Channels.newInputStream(channel.position(from));
        } catch (IOException failure) {
          channel.close();
          throw failure;
        }
      }
    };
  }
}
