package dev.fluxbridge.benchmarks.fal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.providers.fal.FalClient;
import dev.fluxbridge.providers.fal.FalFile;
import dev.fluxbridge.providers.fal.FalUploadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.Okio;
import okio.Source;

/**
 * One upload: by our client, or by what a careful hand would write with OkHttp alone: the same
 * addresses, parts of the same size, as many at a time; or the whole file in one PUT.
 */
public final class Upload {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MediaType BINARY = MediaType.get("application/octet-stream");
  private static final int PART = FalUploadOptions.DEFAULT.partBytes();
  private static final int PARALLEL = FalUploadOptions.DEFAULT.parallelParts();

  private final OkHttpClient okhttp =
      new OkHttpClient.Builder().readTimeout(60, TimeUnit.SECONDS).build();
  private final ExecutorService senders = Executors.newFixedThreadPool(PARALLEL);
  private final String base;
  private final Path file;

  private Upload(String base, Path file) {
    this.base = base;
    this.file = file;
  }

  /**
   * {@code args}: the stand-in's address; {@code ours-file}, {@code ours-stream}, {@code
   * okhttp-file}, {@code okhttp-stream} or {@code okhttp-put}; the file.
   */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[2]);
    Upload bare = new Upload(args[0], file);
    try (FalClient fal = new FalClient(Call.config(URI.create(args[0])))) {
      Turns.time(
          switch (args[1]) {
            case "ours-file" -> () -> fal.storage().upload(FalFile.of(file));
            case "ours-stream" -> () -> stream(fal, file);
            case "okhttp-file" -> bare::inParts;
            case "okhttp-stream" -> bare::stream;
            case "okhttp-put" -> bare::whole;
            default -> throw new IllegalArgumentException(args[1]);
          });
    }
    System.exit(0);
  }

  private static void stream(FalClient fal, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      fal.storage().upload(FalFile.of(in));
    }
  }

  private void whole() throws IOException {
    JsonNode slot = post("/storage/upload/initiate");
    put(slot.get("upload_url").textValue(), RequestBody.create(file.toFile(), BINARY));
  }

  private void inParts() throws Exception {
    String url = post("/storage/upload/initiate-multipart").get("upload_url").textValue();
    long size = Files.size(file);
    List<Future<?>> parts = new ArrayList<>();
    for (long from = 0; from < size; from += PART) {
      RequestBody body = new Stretch(file, from, Math.min(PART, size - from));
      parts.add(senders.submit(() -> put(url, body)));
    }
    for (Future<?> part : parts) {
      part.get();
    }
    post("/put/1/complete");
  }

  private void stream() throws Exception {
    String url = post("/storage/upload/initiate-multipart").get("upload_url").textValue();
    BlockingQueue<byte[]> spare = new ArrayBlockingQueue<>(PARALLEL);
    for (int i = 0; i < PARALLEL; i++) {
      spare.add(new byte[PART]);
    }
    List<Future<?>> parts = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      while (true) {
        byte[] buffer = spare.take();
        int length = in.readNBytes(buffer, 0, PART);
        if (length == 0) {
          break;
        }
        parts.add(
            senders.submit(
                () -> {
                  put(url, new Filled(buffer, length));
                  return spare.add(buffer);
                }));
      }
    }
    for (Future<?> part : parts) {
      part.get();
    }
    post("/put/1/complete");
  }

  private JsonNode post(String path) throws IOException {
    RequestBody body = RequestBody.create("{}", MediaType.get("application/json"));
    return send(new Request.Builder().url(base + path).post(body).build());
  }

  private JsonNode put(String url, RequestBody body) throws IOException {
    return send(new Request.Builder().url(url).put(body).build());
  }

  private JsonNode send(Request request) throws IOException {
    try (Response response = okhttp.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new IOException("the server answered " + response.code());
      }
      return JSON.readTree(response.body().bytes());
    }
  }

  /** A part of a stream, in pieces: OkHttp would copy all of an array before it sends any of it. */
  private static final class Filled extends RequestBody {
    private static final int PIECE = 8192;

    private final byte[] buffer;
    private final int length;

    Filled(byte[] buffer, int length) {
      this.buffer = buffer;
      this.length = length;
    }

    @Override
    public MediaType contentType() {
      return BINARY;
    }

    @Override
    public long contentLength() {
      return length;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      for (int at = 0; at < length; at += PIECE) {
        sink.write(buffer, at, Math.min(PIECE, length - at));
      }
    }
  }

  /** A part of a file. */
  private static final class Stretch extends RequestBody {
    private final Path file;
    private final long from;
    private final long length;

    Stretch(Path file, long from, long length) {
      this.file = file;
      this.from = from;
      this.length = length;
    }

    @Override
    public MediaType contentType() {
      return BINARY;
    }

    @Override
    public long contentLength() {
      return length;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      try (FileChannel channel = FileChannel.open(file);
          Source source = Okio.source(Channels.newInputStream(channel.position(from)))) {
        sink.write(source, length);
      }
    }
  }
}
