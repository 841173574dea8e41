package dev.fluxbridge.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fluxbridge.providers.fal.FalClient;
import dev.fluxbridge.providers.fal.FalConfig;
import dev.fluxbridge.providers.fal.FalFile;
import dev.fluxbridge.providers.fal.FalHosts;
import dev.fluxbridge.providers.http.MediaPolicy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Uploads a file on loopback, through fal's storage and with nothing but OkHttp in turns, and
 * prints how fast each was. Exits with 1 where ours has less than 0.8 of bare OkHttp's speed.
 */
public final class FalUpload {
  private FalUpload() {}

  /** {@code args}: MiB of the file (1024), rounds that count (5). */
  public static void main(String[] args) throws IOException {
    int mib = args.length > 0 ? Integer.parseInt(args[0]) : 1024;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Path file = file(mib);
    OkHttpClient okhttp = new OkHttpClient();
    try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI base = URI.create("http://127.0.0.1:" + listening.getLocalPort());
      start(() -> accept(listening, base));
      FalConfig config =
          FalConfig.fromEnvironment(Map.of("FAL_KEY", "id:secret")::get)
              .with(FalHosts.allAt(base))
              .with(MediaPolicy.DEFAULT.withLoopback(true));
      try (FalClient fal = new FalClient(config)) {
        List<Double> bare = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        List<Double> streamed = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
          double one = seconds(() -> put(okhttp, base, file));
          double two = seconds(() -> fal.storage().upload(FalFile.of(file)));
          double three = seconds(() -> stream(fal, file));
          if (round > 0) { // the first one warms up
            bare.add(mib / one);
            ours.add(mib / two);
            streamed.add(mib / three);
          }
        }
        double ratio = median(ours) / median(bare);
        System.out.printf(
            "{\"mib\": %d, \"okhttp\": %.0f, \"file\": %.0f, \"stream\": %.0f, \"unit\": \"MiB/s\","
                + " \"file_to_okhttp\": %.2f, \"stream_to_okhttp\": %.2f}%n",
            mib,
            median(bare),
            median(ours),
            median(streamed),
            ratio,
            median(streamed) / median(bare));
        System.exit(ratio < 0.8 ? 1 : 0);
      }
    } finally {
      Files.delete(file);
    }
  }

  private static Path file(int mib) throws IOException {
    Path file = Files.createTempFile("fal-upload", ".bin");
    byte[] piece = new byte[1 << 20];
    new Random(1).nextBytes(piece);
    try (var out = Files.newOutputStream(file)) {
      for (int i = 0; i < mib; i++) {
        out.write(piece);
      }
    }
    file.toFile().deleteOnExit();
    return file;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static double seconds(Work work) throws IOException {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    System.err.println(Arrays.toString(sorted));
    return sorted[sorted.length / 2];
  }

  private static void put(OkHttpClient okhttp, URI base, Path file) throws IOException {
    RequestBody body = RequestBody.create(file.toFile(), MediaType.get("application/octet-stream"));
    Request request = new Request.Builder().url(base + "/put/1?sig=1").put(body).build();
    try (Response response = okhttp.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new IOException("the server answered " + response.code());
      }
    }
  }

  private static void stream(FalClient fal, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      fal.storage().upload(FalFile.of(in));
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "sink");
    thread.setDaemon(true);
    thread.start();
  }

  private static void accept(ServerSocket listening, URI base) {
    try {
      while (true) {
        Socket socket = listening.accept();
        start(() -> serve(socket, base));
      }
    } catch (IOException closed) {
      // the measurement is over
    }
  }

  /** Takes everything, and signs whatever is asked for. */
  private static void serve(Socket socket, URI base) {
    byte[] answer =
        answer("{\"upload_url\":\"" + base + "/put/1?sig=1\",\"file_url\":\"" + base + "/1\"}");
    byte[] piece = new byte[1 << 17];
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        long left = 0;
        String line = line(in);
        if (line.isEmpty()) {
          return;
        }
        for (; !line.isEmpty(); line = line(in)) {
          if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
            left = Long.parseLong(line.substring(15).strip());
          }
        }
        while (left > 0) {
          int got = in.read(piece, 0, (int) Math.min(left, piece.length));
          if (got < 0) {
            return;
          }
          left -= got;
        }
        socket.getOutputStream().write(answer);
      }
    } catch (IOException | UncheckedIOException gone) {
      // the client went away
    }
  }

  private static byte[] answer(String json) {
    String head = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: " + json.length() + "\r\n\r\n";
    return (head + json).getBytes(ISO_8859_1);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }
}
