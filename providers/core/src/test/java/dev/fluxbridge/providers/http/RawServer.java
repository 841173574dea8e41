package dev.fluxbridge.providers.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that misbehaves as a test says, on a socket of its own. Counts what reaches it. */
final class RawServer implements AutoCloseable {
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger requests = new AtomicInteger();

  /** Counted down when a client has gone away while the server waited for it. */
  final CountDownLatch clientGone = new CountDownLatch(1);

  /** Counted down when a whole head of a request has come. */
  final CountDownLatch asked = new CountDownLatch(1);

  private final ServerSocket listening;
  private final Behaviour behaviour;

  interface Behaviour {
    void serve(Exchange exchange) throws IOException;
  }

  /** One connection. */
  record Exchange(RawServer server, Socket socket, BufferedReader in, OutputStream out) {

    /** Reads the head of a request; false if the client closed instead. */
    boolean readHead() throws IOException {
      String line = in.readLine();
      if (line == null) {
        return false;
      }
      server.requests.incrementAndGet();
      while (line != null && !line.isEmpty()) {
        line = in.readLine();
      }
      server.asked.countDown();
      return true;
    }

    void write(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** Waits until the client goes away. */
    void waitForTheEnd() {
      try {
        in.transferTo(Writer.nullWriter());
      } catch (IOException reset) {
        // gone all the same
      }
      server.clientGone.countDown();
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  RawServer(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::accept, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        connections.incrementAndGet();
        Thread thread = new Thread(() -> serve(socket), "raw-server-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      behaviour.serve(new Exchange(this, socket, in, socket.getOutputStream()));
    } catch (IOException broken) {
      clientGone.countDown();
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort() + path);
  }

  int port() {
    return listening.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
