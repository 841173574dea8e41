package dev.fluxbridge.providers.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.http.HttpException.Kind;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class UploadsTest {
  private static final String NOTHING = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final Uploads uploads = new Uploads(Timeouts.DEFAULT, true);
  private final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    uploads.close();
  }

  /** Takes so many bytes after each head and answers. */
  private RawServer taking(int bytes, String answer) throws IOException {
    return new RawServer(
        exchange -> {
          while (exchange.readHead()) {
            char[] body = new char[bytes];
            int got = 0;
            while (got < bytes) {
              int more = exchange.in().read(body, got, bytes - got);
              if (more < 0) {
                return;
              }
              got += more;
            }
            received.add(new String(body));
            exchange.write(answer);
          }
        });
  }

  private static HttpRequest put(URI uri, BodySource source) {
    return HttpRequest.put(uri).carrying(new HttpRequest.Body("text/plain", source));
  }

  private static void hangUp(RawServer.Exchange exchange) throws IOException {
    exchange.readHead();
    exchange.reset();
  }

  private HttpException fails(HttpRequest request) {
    return catchThrowableOfType(HttpException.class, () -> uploads.send(request));
  }

  private static BodySource announcing(long length, InputStream in) {
    return new BodySource() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public InputStream open() {
        return in;
      }
    };
  }

  @Test
  void sendsAStretchOfAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("digits"), "0123456789");
    try (RawServer server = taking(4, NOTHING)) {
      HttpReply reply = uploads.send(put(server.uri("/a"), BodySource.of(file, 3, 4)));

      assertThat(reply.status()).isEqualTo(200);
      assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("3456");
    }
  }

  @Test
  void sendsNoMoreThanWasAnnouncedAndClosesTheSource() throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream endless =
        new ByteArrayInputStream("abcdef".getBytes(ISO_8859_1)) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    try (RawServer server = taking(3, NOTHING)) {
      uploads.send(put(server.uri("/a"), announcing(3, endless)));

      assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("abc");
      assertThat(closed).isTrue();
    }
  }

  @Test
  void saysThatTheSourceIsToBlameWhereItEndsEarly() throws Exception {
    try (RawServer server = taking(3, NOTHING)) {
      HttpException failure =
          fails(
              put(
                  server.uri("/a"),
                  announcing(3, new ByteArrayInputStream("ab".getBytes(ISO_8859_1)))));

      assertThat(failure.unreadable()).isTrue();
      assertThat(failure.maybeDelivered()).isTrue();
      assertThat(failure).hasMessageContaining("ended after 2 of 3 bytes");
    }
  }

  @Test
  void tellsAnUnreadableSourceFromABrokenConnection() throws Exception {
    InputStream broken =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] into, int offset, int count) throws IOException {
            throw new IOException("bad sector");
          }
        };
    try (RawServer server = taking(3, NOTHING)) {
      HttpException failure = fails(put(server.uri("/a"), announcing(3, broken)));

      assertThat(failure.unreadable()).isTrue();
      assertThat(failure).hasRootCauseMessage("bad sector");
    }
    try (RawServer server = new RawServer(UploadsTest::hangUp)) {
      byte[] much = new byte[8_000_000];
      HttpException failure = fails(put(server.uri("/a"), BodySource.of(much)));

      assertThat(failure.kind()).isEqualTo(Kind.BROKEN);
      assertThat(failure.unreadable()).isFalse();
    }
  }

  @Test
  void opensAFileThatIsNotThereNowhere(@TempDir Path folder) throws Exception {
    try (RawServer server = taking(3, NOTHING)) {
      HttpException failure =
          fails(put(server.uri("/a"), BodySource.of(folder.resolve("none"), 0, 3)));

      assertThat(failure.unreadable()).isTrue();
      assertThat(received).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://10.0.0.1/x?sig=canary",
        "https://169.254.169.254/x?sig=canary",
        "https://[fd00::1]/x?sig=canary",
        "http://example.com/x?sig=canary",
        "http://10.0.0.1/x?sig=canary"
      })
  void goesToPublicAddressesOverTlsOnly(String address) {
    HttpException failure = fails(put(URI.create(address), BodySource.of(new byte[3])));

    assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
    assertThat(failure).message().doesNotContain("canary").doesNotContain("/x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1/x", "https://127.0.0.1:1/x", "https://localhost:1/x"})
  void goesToThisMachineOnlyWhereThatIsAllowed(String address) {
    try (Uploads strict = new Uploads(Timeouts.DEFAULT, false)) {
      HttpException failure =
          catchThrowableOfType(
              HttpException.class,
              () -> strict.send(put(URI.create(address), BodySource.of(new byte[3]))));

      assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
    }
  }

  @Test
  void followsNoRedirectAndNamesTheHostAlone() throws Exception {
    try (RawServer server =
        taking(1, "HTTP/1.1 307 Over\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")) {
      HttpRequest request = put(server.uri("/secret-path?sig=canary"), BodySource.of(new byte[1]));

      assertThat(uploads.send(request).status()).isEqualTo(307);
      assertThat(server.requests).hasValue(1);
    }
    try (RawServer server = new RawServer(UploadsTest::hangUp)) {
      HttpException failure =
          fails(put(server.uri("/secret-path?sig=canary"), BodySource.of(new byte[1])));

      assertThat(failure).message().doesNotContain("secret-path").doesNotContain("canary");
    }
    assertThat(Files.readString(Path.of("target/test.log")))
        .contains("PUT http://127.0.0.1")
        .doesNotContain("secret-path");
  }
}
