package dev.fluxbridge.providers.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** A body that OkHttp may write once: it would answer "503, Retry-After: 0" by sending again. */
final class Outgoing extends RequestBody {
  private final Optional<HttpRequest.Body> body;

  Outgoing(Optional<HttpRequest.Body> body) {
    this.body = body;
  }

  /** Not the connection failed but the source of what goes over it. */
  static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  @Override
  public @Nullable MediaType contentType() {
    return body.map(HttpRequest.Body::mediaType)
        .filter(type -> !type.isEmpty())
        .map(MediaType::get)
        .orElse(null);
  }

  @Override
  public long contentLength() {
    return body.map(b -> b.source().length()).orElse(0L);
  }

  @Override
  public boolean isOneShot() {
    return true;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    if (body.isPresent()) {
      try (InputStream in = new Exactly(body.get().source())) {
        sink.writeAll(Okio.source(in));
      }
    }
  }

  /** As many bytes as were announced, and failures of the source told from those of the sink. */
  private static final class Exactly extends FilterInputStream {
    private final long length;
    private long left;

    Exactly(BodySource source) throws Unreadable {
      super(open(source));
      this.length = source.length();
      this.left = length;
    }

    private static InputStream open(BodySource source) throws Unreadable {
      try {
        return source.open();
      } catch (IOException | RuntimeException failure) {
        throw new Unreadable("it cannot be opened", failure);
      }
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("read in pieces");
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
      if (left == 0) {
        return -1;
      }
      int got;
      try {
        got = super.in.read(into, offset, (int) Math.min(count, left));
      } catch (IOException | RuntimeException failure) {
        throw new Unreadable("it cannot be read", failure);
      }
      if (got < 0) {
        throw new Unreadable(
            "it ended after " + (length - left) + " of " + length + " bytes", null);
      }
      left -= got;
      return got;
    }

    @Override
    public void close() throws Unreadable {
      try {
        super.close();
      } catch (IOException | RuntimeException failure) {
        throw new Unreadable("it cannot be closed", failure);
      }
    }
  }
}
