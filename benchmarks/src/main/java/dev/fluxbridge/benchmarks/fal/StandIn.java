package dev.fluxbridge.benchmarks.fal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * fal on this machine, in a process of its own: its queue, one picture of 1 MB and its storage.
 *
 * <p>A request is done at the third look, or, at an endpoint that ends in {@code wait}, once {@code
 * POST /release} says so. It answers from a thread for each connection with one write and looks at
 * nothing but the first line and the length, so that it is never what is waited for.
 */
public final class StandIn {
  private static final int MIB = 1 << 20;
  private static final byte[] PICTURE = answer("200 OK", "Content-Type: image/png\r\n", png(MIB));

  private final String base;
  private final Map<String, AtomicInteger> looked = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong looks = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private volatile boolean released;

  private StandIn(String base) {
    this.base = base;
  }

  /** Prints its address and serves until its standard input ends. */
  public static void main(String[] args) throws IOException {
    ServerSocket listening = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    String base = "http://127.0.0.1:" + listening.getLocalPort();
    StandIn fal = new StandIn(base);
    start(() -> fal.accept(listening));
    System.out.println(base);
    while (System.in.read() >= 0) {
      // whoever started this has not gone yet
    }
    System.exit(0);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "stand-in");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(ServerSocket listening) {
    try {
      while (true) {
        Socket socket = listening.accept();
        connections.incrementAndGet();
        start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // it is over
    }
  }

  private void serve(Socket socket) {
    byte[] sink = new byte[MIB / 4];
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        String[] first = line(in).split(" ", 3);
        String target = first[1];
        long length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
          if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
            length = Long.parseLong(line.substring(15).strip());
          } else if (line.regionMatches(true, 0, "x-fal-target-url:", 0, 17)) {
            URI whole = URI.create(line.substring(17).strip());
            target = whole.getRawPath();
          }
        }
        drop(in, length, sink);
        out.write(reply(first[0], target));
      }
    } catch (IOException gone) {
      // the client went away
    } finally {
      connections.decrementAndGet();
    }
  }

  private static void drop(InputStream in, long length, byte[] sink) throws IOException {
    for (long left = length; left > 0; ) {
      int got = in.read(sink, 0, (int) Math.min(left, sink.length));
      if (got < 0) {
        throw new EOFException();
      }
      left -= got;
    }
  }

  private byte[] reply(String method, String target) {
    String path = target.split("\\?", 2)[0];
    if (path.equals("/picture.png")) {
      return PICTURE;
    }
    if (path.startsWith("/put/") || path.startsWith("/storage/")) {
      return json(
          "1",
          "{\"upload_url\":\"%s/put/1?sig=1\",\"file_url\":\"%s/1\",\"etag\":\"1\"}"
              .formatted(base, base));
    }
    if (path.equals("/release")) {
      released = true;
      return json("1", "{}");
    }
    if (path.equals("/counts")) {
      return json(
          "1", "{\"looks\":%d,\"connections\":%d}".formatted(looks.get(), connections.get()));
    }
    int at = path.indexOf("/requests/");
    if (at < 0 && method.equals("POST")) {
      return submitted(path);
    }
    String[] rest = path.substring(at + 10).split("/", 2);
    String id = rest[0];
    if (rest.length == 1) {
      return json(id, "{\"images\":[{\"url\":\"" + base + "/picture.png\"}],\"seed\":1}");
    }
    return rest[1].equals("status") ? json(id, look(path, id)) : told(path, id);
  }

  private byte[] submitted(String path) {
    boolean held = path.endsWith("wait");
    String id = (held ? "wait-" : "r-") + requests.incrementAndGet();
    String app = String.join("/", Arrays.copyOfRange(path.split("/", -1), 1, 3));
    String url = base + "/" + app + "/requests/" + id;
    return json(
        id,
        """
        {"request_id":"%s","status":"IN_QUEUE","queue_position":0,"status_url":"%s/status",\
        "response_url":"%s","cancel_url":"%s/cancel"}"""
            .formatted(id, url, url, url));
  }

  private String look(String path, String id) {
    looks.incrementAndGet();
    String state;
    if (id.startsWith("wait-")) {
      state = released ? "COMPLETED" : "IN_PROGRESS";
    } else {
      int count = looked.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
      state = count == 1 ? "IN_QUEUE" : count == 2 ? "IN_PROGRESS" : "COMPLETED";
      if (count == 3) {
        looked.remove(id);
      }
    }
    String url = base + path.substring(0, path.indexOf("/status"));
    return """
    {"status":"%s","request_id":"%s","queue_position":0,"logs":[],"response_url":"%s"}"""
        .formatted(state, id, url);
  }

  /** All three looks as events of one answer. */
  private byte[] told(String path, String id) {
    StringBuilder events = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      events.append("data: ").append(look(path, id)).append("\n\n");
    }
    byte[] body = events.toString().getBytes(ISO_8859_1);
    return answer("200 OK", "Content-Type: text/event-stream\r\n", body);
  }

  private static byte[] json(String id, String body) {
    String headers =
        "Content-Type: application/json\r\nETag: \"1\"\r\nx-fal-request-id: " + id + "\r\n";
    return answer("200 OK", headers, body.getBytes(ISO_8859_1));
  }

  private static byte[] answer(String status, String headers, byte[] body) {
    String head =
        "HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n".formatted(status, headers, body.length);
    ByteArrayOutputStream all = new ByteArrayOutputStream(head.length() + body.length);
    all.writeBytes(head.getBytes(ISO_8859_1));
    all.writeBytes(body);
    return all.toByteArray();
  }

  /** A PNG as far as its chunks go; its pixels are noise that nobody decodes. */
  private static byte[] png(int length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(length + 100);
    byte[] noise = new byte[length];
    new Random(1).nextBytes(noise);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(0x89504e470d0a1a0aL);
      out.writeInt(13);
      out.writeBytes("IHDR");
      out.writeInt(1024);
      out.writeInt(1024);
      out.write(new byte[] {8, 2, 0, 0, 0, 0, 0, 0, 0});
      out.writeInt(length);
      out.writeBytes("IDAT");
      out.write(noise);
      out.writeInt(0);
      out.writeInt(0);
      out.writeBytes("IEND");
      out.writeInt(0);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return bytes.toByteArray();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(80);
    int c = in.read();
    for (; c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    if (c < 0) {
      throw new EOFException();
    }
    return line.toString().strip();
  }
}
