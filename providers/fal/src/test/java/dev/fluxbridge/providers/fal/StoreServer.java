package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.http.MediaPolicy;
import dev.fluxbridge.providers.http.Timeouts;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * fal's storage on loopback: signs addresses, gives tokens, takes files whole and in parts, and is
 * as strict about signatures, tokens, marks and their order as a store is. Bytes are not kept but
 * summed up.
 */
final class StoreServer implements AutoCloseable {
  static final String KEY = "canary-id:canary-secret-81ab";
  static final String SIGNATURE = "canary-signature";

  final List<Seen> seen = new CopyOnWriteArrayList<>();

  /** What arrived whole, by the path of its address. */
  final Map<String, Sum> files = new ConcurrentHashMap<>();

  /** May answer, or reset, in place of the store; null lets it be. */
  volatile Fault fault = head -> null;

  volatile String expiresAt = "2026-11-21T13:00:00.5+01:00";

  final AtomicInteger tokens = new AtomicInteger();

  private final Map<String, SortedMap<Integer, Sum>> uploads = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final ServerSocket listening;

  /** Length and checksum. */
  record Sum(long bytes, long crc) {
    static Sum of(byte[] bytes) {
      CRC32 crc = new CRC32();
      crc.update(bytes);
      return new Sum(bytes.length, crc.getValue());
    }

    String mark() {
      return "\"" + Long.toHexString(crc) + "-" + bytes + "\"";
    }
  }

  /** A request. */
  record Seen(String method, String path, String query, Map<String, String> headers, String text) {
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    boolean is(String verb, String pattern) {
      return method.equals(verb) && path.matches(pattern);
    }
  }

  /** What goes wrong with a request, as far as its head tells. */
  interface Fault {
    @Nullable Trouble with(Seen head);
  }

  /**
   * What happens in place of the store's answer.
   *
   * @param afterBytes of the body, or all of it where negative
   * @param answer the raw answer; a reset where null
   */
  record Trouble(long afterBytes, @Nullable String answer) {
    static Trouble reset(long afterBytes) {
      return new Trouble(afterBytes, null);
    }

    static Trouble status(int status, String body) {
      return new Trouble(-1, StoreServer.answer(status, "", body));
    }
  }

  StoreServer() {
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    daemon(this::accept);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "store-server");
    thread.setDaemon(true);
    thread.start();
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  FalConfig config() {
    Duration five = Duration.ofSeconds(5);
    return FalConfig.fromEnvironment(Map.of("FAL_KEY", KEY)::get)
        .with(FalHosts.allAt(base()))
        .with(new Timeouts(five, five, five, Duration.ofSeconds(20)))
        .with(MediaPolicy.DEFAULT.withLoopback(true));
  }

  long count(String verb, String pattern) {
    return seen.stream().filter(request -> request.is(verb, pattern)).count();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        daemon(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      while (true) {
        Seen head = head(in);
        if (head == null) {
          return;
        }
        Trouble trouble = fault.with(head);
        long length = Long.parseLong("0" + head.header("content-length"));
        long taken =
            trouble == null || trouble.afterBytes < 0
                ? length
                : Math.min(length, trouble.afterBytes);
        boolean text = head.header("content-type").startsWith("application/json");
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        CRC32 crc = new CRC32();
        byte[] piece = new byte[1 << 16];
        for (long left = taken; left > 0; ) {
          int got = in.read(piece, 0, (int) Math.min(left, piece.length));
          if (got < 0) {
            return;
          }
          crc.update(piece, 0, got);
          if (text) {
            kept.write(piece, 0, got);
          }
          left -= got;
        }
        Seen request =
            new Seen(head.method, head.path, head.query, head.headers, kept.toString(UTF_8));
        seen.add(request);
        if (trouble != null && trouble.answer == null) {
          socket.setSoLinger(true, 0);
          return;
        }
        String answer =
            trouble != null && trouble.answer != null
                ? trouble.answer
                : answer(request, new Sum(length, crc.getValue()));
        socket.getOutputStream().write(answer.getBytes(UTF_8));
        socket.getOutputStream().flush();
        if (taken < length) {
          return;
        }
      }
    } catch (IOException gone) {
      // the client went away
    }
  }

  private static @Nullable Seen head(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    String[] parts = first.split(" ", 3);
    int query = parts[1].indexOf('?');
    return new Seen(
        parts[0],
        query < 0 ? parts[1] : parts[1].substring(0, query),
        query < 0 ? "" : parts[1].substring(query + 1),
        headers,
        "");
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      line.write(c);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  static String answer(int status, String headers, String body) {
    return "HTTP/1.1 %d X\r\nContent-Length: %d\r\n%s\r\n%s"
        .formatted(status, body.getBytes(UTF_8).length, headers, body);
  }

  private static String ok(String json) {
    return answer(200, "Content-Type: application/json\r\n", json);
  }

  private static String xml(int status, String code) {
    return answer(status, "", "<Error><Code>" + code + "</Code><S>" + SIGNATURE + "</S></Error>");
  }

  private String answer(Seen request, Sum body) {
    if (request.path.startsWith("/storage/")) {
      if (!request.header("authorization").equals("Key " + KEY)) {
        return answer(401, "", "{\"detail\":\"who are you\"}");
      }
      return rest(request);
    }
    if (request.path.startsWith("/put/") || request.path.startsWith("/mp/")) {
      boolean signed = request.query.equals("X-Amz-Signature=" + SIGNATURE + "&x=1%2F2");
      return !signed || !request.header("authorization").isEmpty()
          ? xml(403, "SignatureDoesNotMatch")
          : store(request, body);
    }
    return request.header("authorization").equals("Bearer cdn-token-" + tokens.get())
        ? store(request, body)
        : answer(401, "", "{\"detail\":\"bad token\"}");
  }

  private String rest(Seen request) {
    if (request.path.equals("/storage/auth/token")) {
      return ok(
          "{\"token\":\"cdn-token-%d\",\"token_type\":\"Bearer\",\"base_url\":\"%s/cdn\",\"expires_at\":\"%s\"}"
              .formatted(tokens.incrementAndGet(), base(), expiresAt));
    }
    int number = numbers.incrementAndGet();
    String kind = request.path.endsWith("multipart") ? "mp" : "put";
    uploads.put("/mp/" + number, new ConcurrentSkipListMap<>());
    String name =
        Json.read(request.text).orElseThrow().path("file_name").textValue().replace(" ", "%20");
    return ok(
        "{\"upload_url\":\"%s/%s/%d?X-Amz-Signature=%s&x=1%%2F2\",\"file_url\":\"%s/files/%d/%s\"}"
            .formatted(base(), kind, number, SIGNATURE, base(), number, name));
  }

  private String store(Seen request, Sum body) {
    if (request.path.startsWith("/put/")) {
      files.put(request.path.substring(5), body);
      return answer(200, "", "");
    }
    if (request.path.equals("/cdn/files/upload")) {
      int number = numbers.incrementAndGet();
      files.put("" + number, body);
      return ok("{\"access_url\":\"%s/files/%d\"}".formatted(base(), number));
    }
    if (request.path.equals("/cdn/files/upload/multipart")) {
      int number = numbers.incrementAndGet();
      uploads.put("/files/" + number + "/multipart/up-1", new ConcurrentSkipListMap<>());
      return ok("{\"access_url\":\"%s/files/%d\",\"uploadId\":\"up-1\"}".formatted(base(), number));
    }
    int slash = request.path.lastIndexOf('/');
    String upload = request.path.substring(0, slash);
    String last = request.path.substring(slash + 1);
    SortedMap<Integer, Sum> parts = uploads.get(upload);
    if (parts == null) {
      return xml(404, "NoSuchUpload");
    }
    if (!last.equals("complete")) {
      parts.put(Integer.valueOf(last), body);
      return answer(200, "ETag: " + body.mark() + "\r\n", "");
    }
    return complete(upload, parts, Json.read(request.text).orElseThrow());
  }

  private String complete(String upload, SortedMap<Integer, Sum> parts, ObjectNode told) {
    int expected = 1;
    for (JsonNode part : told.path("parts")) {
      Sum stored = parts.get(part.path("partNumber").intValue());
      if (part.path("partNumber").intValue() != expected++) {
        return xml(400, "InvalidPartOrder");
      }
      if (stored == null || !stored.mark().equals(part.path("etag").textValue())) {
        return xml(400, "InvalidPart");
      }
    }
    long bytes = parts.values().stream().mapToLong(Sum::bytes).sum();
    files.put(upload.replaceAll("/mp/|/files/|/multipart/.*", ""), new Sum(bytes, parts.size()));
    return ok("{}");
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException nobodyCares) {
      // closed all the same
    }
  }
}
