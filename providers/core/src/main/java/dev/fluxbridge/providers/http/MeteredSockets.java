package dev.fluxbridge.providers.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/**
 * Makes sockets from which no more is read than was allowed.
 *
 * <p>OkHttp keeps the whole of a WebSocket message before it shows any of it, however large, so
 * what it may read is bounded below it.
 */
final class MeteredSockets extends SocketFactory {
  private final AtomicLong left;
  private volatile boolean exceeded;

  MeteredSockets(long first) {
    left = new AtomicLong(first);
  }

  /** Lets so much be read from now on. */
  void allow(long bytes) {
    left.set(bytes);
  }

  /** Whether more came than was allowed. */
  boolean exceeded() {
    return exceeded;
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public InputStream getInputStream() throws IOException {
        return new Meter(super.getInputStream());
      }
    };
  }

  private final class Meter extends FilterInputStream {
    Meter(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      count(Math.max(0, n));
      return n;
    }

    private void count(int n) throws IOException {
      if (left.addAndGet(-n) < 0) {
        exceeded = true;
        throw new IOException("more came than is allowed");
      }
    }
  }

  // OkHttp connects its sockets itself and uses none of these.

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException();
  }
}
