package dev.fluxbridge.providers.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;

/**
 * Makes sockets that connect to public addresses only.
 *
 * <p>It judges the very address that is connected to, so neither a name that changes its mind
 * between check and use nor an odd way to write an address gets past it.
 */
final class GuardedSockets extends SocketFactory {
  private final boolean loopback;

  GuardedSockets(boolean loopback) {
    this.loopback = loopback;
  }

  /** The address is not one that a download may go to. */
  static final class Forbidden extends IOException {
    private static final long serialVersionUID = 1L;

    Forbidden() {
      super("not a public address");
    }
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public void connect(SocketAddress endpoint, int timeout) throws IOException {
        check(endpoint);
        super.connect(endpoint, timeout);
        // else the end of each part waits for an acknowledgement that the other side holds back
        setTcpNoDelay(true);
      }
    };
  }

  /** Whether that is why a request failed. */
  static boolean refused(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof Forbidden) {
        return true;
      }
    }
    return false;
  }

  private void check(SocketAddress endpoint) throws Forbidden {
    if (endpoint instanceof InetSocketAddress inet && inet.getAddress() != null) {
      InetAddress address = inet.getAddress();
      if (AddressRules.isPublic(address) || (loopback && address.isLoopbackAddress())) {
        return;
      }
    }
    throw new Forbidden();
  }

  // The other ways would connect before anybody can check; OkHttp does not use them.

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new Forbidden();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw new Forbidden();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw new Forbidden();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw new Forbidden();
  }
}
