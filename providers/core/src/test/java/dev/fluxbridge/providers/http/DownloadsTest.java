package dev.fluxbridge.providers.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.http.HttpException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DownloadsTest {
  private static final MediaPolicy HERE = MediaPolicy.DEFAULT.withLoopback(true);
  private static final byte[] PNG = Pictures.of("png", 20, 10);

  private final List<String> lookedUp = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final Effects effects =
      new Effects(System::nanoTime, pauses::add, RandomGenerator.getDefault());
  private final List<Downloads> opened = new ArrayList<>();
  private String resolvesTo = "127.0.0.1";

  @AfterEach
  void close() {
    opened.forEach(Downloads::close);
  }

  private Downloads downloads(MediaPolicy policy) {
    Timeouts timeouts =
        new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));
    Retry retry = new Retry(3, Duration.ofSeconds(1), Duration.ofSeconds(1), 0);
    Downloads made =
        new Downloads(
            policy,
            timeouts,
            retry,
            effects,
            host -> {
              lookedUp.add(host);
              return List.of(InetAddress.getByName(resolvesTo));
            });
    opened.add(made);
    return made;
  }

  private Download fetch(MediaPolicy policy, Object link) throws HttpException {
    return downloads(policy).picture(link.toString(), Deadline.in(Duration.ofMinutes(1), effects));
  }

  private HttpException refuses(MediaPolicy policy, Object link) {
    HttpException failure = catchThrowableOfType(HttpException.class, () -> fetch(policy, link));
    assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
    return failure;
  }

  private static RawServer serving(String head, byte[] body) throws IOException {
    return new RawServer(
        exchange -> {
          while (exchange.readHead()) {
            exchange.write("HTTP/1.1 " + head + "\r\n\r\n");
            exchange.write(new String(body, ISO_8859_1));
          }
        });
  }

  private static RawServer serving(byte[] body) throws IOException {
    return serving("200 OK\r\nContent-Length: " + body.length, body);
  }

  @Test
  void fetchesAPictureByteForByteWhateverTheServerCallsIt() throws Exception {
    try (RawServer server =
        serving("200 OK\r\nContent-Type: text/html\r\nContent-Length: " + PNG.length, PNG)) {
      assertThat(fetch(HERE, server.uri("/secret-name.jpg")))
          .isEqualTo(new Download(new Picture.Encoded(PNG, "image/png"), 20, 10));
    }
  }

  @Test
  void readsADataUriUnderTheSameRules() throws Exception {
    String link = "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(PNG);

    assertThat(fetch(MediaPolicy.DEFAULT, link).picture())
        .isEqualTo(new Picture.Encoded(PNG, "image/png"));
    assertThat(refuses(MediaPolicy.DEFAULT.withMaxPixels(199), link))
        .hasMessageContaining("20 x 10");
    assertThat(refuses(MediaPolicy.DEFAULT.withMaxBytes(10), link)).hasMessageContaining("longer");
    assertThat(refuses(MediaPolicy.DEFAULT, "data:image/png;base64,####"))
        .hasMessageContaining("not base64");
    assertThat(refuses(MediaPolicy.DEFAULT, "data:image/png,abc"))
        .hasMessageContaining("not base64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:1/x",
        "https://2130706433/x",
        "https://10.0.0.1/x",
        "https://169.254.169.254/latest",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[fd00::1]/x",
        "https://[64:ff9b::a00:1]/x"
      })
  void refusesLiteralAddressesThatAreNotPublic(String link) {
    assertThat(refuses(MediaPolicy.DEFAULT, link)).hasMessageContaining("no public address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "127.0.0.1", "192.168.1.1", "fe80::1", "::ffff:10.0.0.1"})
  void refusesANameThatLeadsToAPrivateAddress(String address) {
    resolvesTo = address;

    assertThat(refuses(MediaPolicy.DEFAULT, "https://innocent.example/x"))
        .hasMessageContaining("innocent.example");
    assertThat(lookedUp).containsOnly("innocent.example");
  }

  @Test
  void opensLoopbackToTestsAndNoOtherPrivateAddress() {
    resolvesTo = "10.0.0.1";

    assertThat(refuses(HERE, "https://innocent.example/x")).hasMessageContaining("no public");
    assertThat(refuses(HERE, "http://innocent.example/x")).hasMessageContaining("not https");
    assertThat(refuses(HERE, "http://localhost/x"))
        .as("a name that says it is this machine and is not")
        .hasMessageContaining("no public");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://8.8.8.8/x",
        "ftp://a.example/x",
        "file:///etc/passwd",
        "https://127.1/x",
        "not a uri"
      })
  void refusesEverythingButHttps(String link) {
    refuses(MediaPolicy.DEFAULT, link);

    assertThat(lookedUp).isEmpty();
  }

  @Test
  void followsRedirectsAndChecksEachHop() throws Exception {
    try (RawServer target = serving(PNG);
        RawServer start =
            serving(
                "302 Found\r\nContent-Length: 0\r\nLocation: " + target.uri("/b"), new byte[0])) {
      assertThat(fetch(HERE, start.uri("/a")).width()).isEqualTo(20);
    }
    try (RawServer evil =
        serving(
            "302 Found\r\nContent-Length: 0\r\nLocation: https://169.254.169.254/", new byte[0])) {
      assertThat(refuses(HERE, evil.uri("/a"))).hasMessageContaining("169.254.169.254");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://8.8.8.8/",
        "file:///etc/passwd",
        "ftp://a.example/",
        "//10.0.0.1/",
        "https://user:pw@a.example/",
        "data:image/png;base64,AAAA",
        "https://exa mple/",
        "https://"
      })
  void followsNoRedirectToWhatItWouldNotFetchByItself(String location) throws Exception {
    try (RawServer evil =
        serving("302 Found\r\nContent-Length: 0\r\nLocation: " + location, new byte[0])) {
      refuses(HERE, evil.uri("/a"));
      assertThat(evil.requests).as("not tried again").hasValue(1);
    }
  }

  @Test
  void judgesTheAddressThatItConnectsToAndNotOneThatWasAskedForBefore() throws Exception {
    List<String> answers = new ArrayList<>(List.of("127.0.0.1", "10.0.0.1"));
    try (RawServer server =
            serving(
                "302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: /b",
                new byte[0]);
        Downloads rebound =
            new Downloads(
                HERE,
                Timeouts.DEFAULT,
                Retry.NONE,
                effects,
                host -> List.of(InetAddress.getByName(answers.remove(0))))) {
      String link = "http://localhost:" + server.port() + "/a";
      HttpException failure =
          catchThrowableOfType(
              HttpException.class,
              () -> rebound.picture(link, Deadline.in(Duration.ofMinutes(1), effects)));

      assertThat(failure.kind()).as("the name leads elsewhere by now").isEqualTo(Kind.REJECTED);
      assertThat(answers).isEmpty();
      assertThat(server.requests).hasValue(1);
    }
  }

  @Test
  void doesNotUnpackWhatItDidNotAskToBePacked() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(PNG);
      gzip.write(new byte[50_000_000]);
    }
    byte[] bomb = packed.toByteArray();
    try (RawServer server =
        serving(
            "200 OK\r\nContent-Encoding: gzip\r\nContent-Type: image/png\r\nContent-Length: "
                + bomb.length,
            bomb)) {
      assertThat(refuses(HERE.withMaxBytes(1_000_000), server.uri("/")))
          .hasMessageContaining("is no PNG");
    }
  }

  @Test
  void takesNoCookieAndSendsNoCredentials() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    try (RawServer server =
        new RawServer(
            exchange -> {
              for (int i = 0; i < 2; i++) {
                String line = exchange.in().readLine();
                while (line != null && !line.isEmpty()) {
                  lines.add(line.toLowerCase(Locale.ROOT));
                  line = exchange.in().readLine();
                }
                exchange.write(
                    i == 0
                        ? head("302 Found", "Set-Cookie: a=b", "Location: /b")
                        : head("401 No", "WWW-Authenticate: Basic realm=x"));
              }
            })) {
      refuses(HERE, server.uri("/a"));
    }
    assertThat(lines).hasSizeGreaterThan(4);
    assertThat(lines)
        .noneMatch(line -> line.startsWith("cookie") || line.startsWith("authorization"));
    assertThat(lines).noneMatch(line -> line.startsWith("referer"));
  }

  private static String head(String status, String... headers) {
    return "HTTP/1.1 "
        + status
        + "\r\n"
        + String.join("\r\n", headers)
        + "\r\nContent-Length: 0\r\n\r\n";
  }

  @Test
  void followsNoMoreThanFiveRedirects() throws Exception {
    try (RawServer server =
        serving("302 Found\r\nContent-Length: 0\r\nLocation: /again", new byte[0])) {
      assertThat(refuses(HERE, server.uri("/"))).hasMessageContaining("more than 5 times");
      assertThat(server.requests).hasValue(6);
    }
  }

  @Test
  void refusesAFileThatSaysItIsTooLongWithoutReadingIt() throws Exception {
    try (RawServer server =
        serving("200 OK\r\nContent-Length: 99999999999", new byte[] {1, 2, 3})) {
      assertThat(refuses(HERE, server.uri("/"))).hasMessageContaining("longer than 104857600");
    }
  }

  @Test
  void countsTheBytesOfAFileThatDoesNotSayHowLongItIs() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              for (int i = 0; i < 1_000_000; i++) {
                exchange.write("3e8\r\n" + "x".repeat(1000) + "\r\n");
              }
            })) {
      assertThat(refuses(HERE.withMaxBytes(10_000), server.uri("/")))
          .hasMessageContaining("longer than 10000");
      assertThat(server.clientGone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void takesAFileThatIsJustAsLongAsAllowed() throws Exception {
    try (RawServer server = serving(PNG)) {
      assertThat(fetch(HERE.withMaxBytes(PNG.length), server.uri("/")).height()).isEqualTo(10);
      refuses(HERE.withMaxBytes(PNG.length - 1), server.uri("/"));
    }
  }

  @Test
  void asksAgainWhenTheFileBreaksOff() throws Exception {
    try (RawServer server =
        new RawServer(
            exchange -> {
              exchange.readHead();
              exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + PNG.length + "\r\n\r\n");
              boolean first = exchange.server().requests.get() == 1;
              byte[] sent = first ? Arrays.copyOf(PNG, 30) : PNG;
              exchange.write(new String(sent, ISO_8859_1));
            })) {
      assertThat(fetch(HERE, server.uri("/")).picture().bytes()).isEqualTo(PNG);
      assertThat(pauses).hasSize(1);
    }
  }

  @Test
  void asksAgainWhenTheServerIsBusyAndThenGivesUp() throws Exception {
    try (RawServer server =
        serving("503 Busy\r\nContent-Length: 0\r\nRetry-After: 9", new byte[0])) {
      HttpException failure =
          catchThrowableOfType(HttpException.class, () -> fetch(HERE, server.uri("/hidden/path")));

      assertThat(failure.kind()).isEqualTo(Kind.BROKEN);
      assertThat(failure).hasMessageContaining("503").message().doesNotContain("hidden");
      assertThat(server.requests).hasValue(3);
      assertThat(pauses).containsExactly(Duration.ofSeconds(9), Duration.ofSeconds(9));
    }
  }

  @Test
  void doesNotAskAgainForWhatIsNotThere() throws Exception {
    try (RawServer server = serving("404 Gone\r\nContent-Length: 0", new byte[0])) {
      assertThat(refuses(HERE, server.uri("/"))).hasMessageContaining("404");
      assertThat(server.requests).hasValue(1);
    }
  }

  @Test
  void refusesWhatIsNoPictureWhateverItIsCalled() throws Exception {
    byte[] page = "<html>expired</html>".getBytes(ISO_8859_1);
    try (RawServer server =
        serving("200 OK\r\nContent-Type: image/png\r\nContent-Length: " + page.length, page)) {
      assertThat(refuses(HERE, server.uri("/x.png")))
          .hasMessageContaining("127.0.0.1 is no PNG, JPEG, WebP or GIF")
          .message()
          .doesNotContain("x.png");
    }
  }

  @Test
  void refusesTenGigapixelsByTheHeaderAlone() throws Exception {
    try (RawServer server = serving(Pictures.pngClaiming(100_000, 100_000))) {
      assertThat(refuses(HERE, server.uri("/")))
          .hasMessageContaining("100000 x 100000 pixels")
          .hasMessageContaining("not decoded");
    }
  }

  @Test
  void refusesSizesWhoseProductOverflows() throws Exception {
    try (RawServer server = serving(Pictures.pngClaiming(-1, -1))) {
      assertThat(refuses(HERE, server.uri("/"))).hasMessageContaining("4294967295 x 4294967295");
    }
    try (RawServer server = serving(Pictures.pngClaiming(0, 5))) {
      assertThat(refuses(HERE, server.uri("/"))).hasMessageContaining("without pixels");
    }
  }

  @Test
  void refusesAFileThatEndsBeforeItsEndMark() throws Exception {
    try (RawServer server = serving(Arrays.copyOf(PNG, PNG.length - 4))) {
      assertThat(refuses(HERE, server.uri("/"))).hasMessageContaining("cut short");
    }
  }

  @Test
  void startsNothingAfterTheDeadline() throws Exception {
    try (RawServer server = serving(PNG)) {
      Deadline passed = Deadline.in(Duration.ofSeconds(-1), effects);

      HttpException failure =
          catchThrowableOfType(
              HttpException.class,
              () -> downloads(HERE).picture(server.uri("/").toString(), passed));

      assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(server.connections).hasValue(0);
    }
  }
}
