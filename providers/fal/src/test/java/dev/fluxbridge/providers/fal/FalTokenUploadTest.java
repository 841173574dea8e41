package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.fal.StoreServer.Seen;
import dev.fluxbridge.providers.fal.StoreServer.Sum;
import dev.fluxbridge.providers.fal.StoreServer.Trouble;
import dev.fluxbridge.providers.http.Transport;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The route of a token for the storage. */
@Timeout(60)
class FalTokenUploadTest {
  private static final byte[] BYTES = "some bytes".getBytes(UTF_8);

  private final StoreServer store = new StoreServer();
  private final FakeTime time = new FakeTime();
  private final Transport transport = new Transport(store.config().timeouts());
  private final FalCalls calls = new FalCalls(time.effects(), Executors.newSingleThreadExecutor());
  private final FalStorage storage =
      new FalStorage(
              store.config(),
              new FalExchange(store.config(), transport),
              calls,
              time.effects(),
              () -> Instant.parse("2026-11-21T11:00:00Z"))
          .with(FalUploadOptions.DEFAULT.with(FalUploadRoute.CDN_TOKEN));

  @AfterEach
  void stop() {
    storage.close();
    calls.close();
    transport.close();
    store.close();
  }

  private URI upload() {
    return storage.upload(FalFile.of(BYTES).named("föx.txt"));
  }

  @Test
  void theKeyBuysATokenAndTheTokenTheUpload() {
    URI url = upload();

    assertThat(url.getPath()).isEqualTo("/files/1");
    assertThat(store.files).containsEntry("1", Sum.of(BYTES));
    Seen token = store.seen.get(0);
    assertThat(token.path() + "?" + token.query())
        .isEqualTo("/storage/auth/token?storage_type=fal-cdn-v3");
    assertThat(token.header("Authorization")).isEqualTo("Key " + StoreServer.KEY);
    assertThat(token.text()).isEqualTo("{}");
    Seen file = store.seen.get(1);
    assertThat(file.method() + file.path()).isEqualTo("POST/cdn/files/upload");
    assertThat(file.header("Authorization")).isEqualTo("Bearer cdn-token-1");
    assertThat(file.header("Content-Type")).isEqualTo("text/plain");
    assertThat(file.header("X-Fal-File-Name")).isEqualTo("f_x.txt");
  }

  @Test
  void aTokenIsKeptUntilShortlyBeforeItRunsOut() throws Exception {
    upload();
    pause(Duration.ofMinutes(58));
    upload();
    assertThat(store.tokens).hasValue(1);

    pause(Duration.ofSeconds(61));
    upload();

    assertThat(store.tokens).hasValue(2);
  }

  private void pause(Duration length) throws InterruptedException {
    time.effects().pause().pause(length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "2026-11-21T10:00:00+00:00", "2026-11-21T13:00:00"})
  void aTokenWithoutAUsableEndIsKeptForAMinute(String end) throws Exception {
    store.expiresAt = end;
    upload();
    pause(Duration.ofSeconds(59));
    upload();
    assertThat(store.tokens).hasValue(1);

    pause(Duration.ofSeconds(2));
    upload();

    assertThat(store.tokens).hasValue(2);
  }

  @Test
  void aTokenThatIsTakenNoMoreIsExchangedOnce() {
    upload();
    store.tokens.incrementAndGet(); // the store knows a newer one now
    upload();

    assertThat(store.tokens).hasValue(3);
    assertThat(store.files).hasSize(2);

    store.fault = head -> head.is("POST", "/cdn/.*") ? Trouble.status(401, "{}") : null;
    FalException failure = catchThrowableOfType(FalException.class, this::upload);

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(store.tokens).hasValue(4);
  }

  @Test
  void manyAtOnceShareOneToken() {
    List<URI> urls = IntStream.range(0, 8).parallel().mapToObj(i -> upload()).toList();

    assertThat(urls).doesNotHaveDuplicates();
    assertThat(store.tokens).hasValue(1);
  }

  @Test
  void aTokenThatRunsOutAmongThePartsIsExchangedAndNoPartIsLost() {
    AtomicInteger parts = new AtomicInteger();
    store.fault =
        head -> {
          if (head.is("PUT", ".*") && parts.incrementAndGet() == 2) {
            store.tokens.incrementAndGet();
          }
          return null;
        };
    int mib = 1024 * 1024;

    storage.with(storage.options().withParts(5 * mib, 0, 1)).upload(FalFile.of(new byte[16 * mib]));

    assertThat(store.files).containsEntry("1", new Sum(16L * mib, 4));
    assertThat(store.tokens).hasValue(3);
  }

  @Test
  void theLifecycleGoesToTheStorage() {
    FalLifecycle hidden = FalLifecycle.DEFAULT.withAccess(FalLifecycle.Access.HIDE);

    storage.with(storage.options().with(hidden)).upload(FalFile.of(BYTES));

    assertThat(store.seen.get(1).header("X-Fal-Object-Lifecycle"))
        .isEqualTo("{\"initial_acl\":{\"default\":\"hide\"}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"token\":\"two words\",\"token_type\":\"Bearer\"}",
        "{\"token\":\"t\",\"token_type\":\"Bearer\\r\\nX-Evil: 1\"}",
        "{\"token_type\":\"Bearer\"}",
        "{\"token\":\"t\",\"base_url\":\"http://example.com/\"}"
      })
  void aTokenThatMakesNoSenseIsNotUsed(String answer) {
    store.fault = head -> head.is("POST", "/storage/.*") ? Trouble.status(200, answer) : null;

    FalException failure = catchThrowableOfType(FalException.class, this::upload);

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(store.seen).hasSize(1);
  }

  @Test
  void theTokenGoesToNoOtherHostThanTheStorages() {
    String elsewhere = "{\"access_url\":\"https://example.com/files/1\",\"uploadId\":\"u\"}";
    store.fault =
        head -> head.is("POST", "/cdn/.*/multipart") ? Trouble.status(200, elsewhere) : null;

    FalException failure =
        catchThrowableOfType(
            FalException.class,
            () ->
                storage.with(storage.options().withParts(5 << 20, 0, 1)).upload(FalFile.of(BYTES)));

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(failure).hasMessageContaining("the token does not go there");
  }

  @Test
  void noTextHoldsTheToken() throws Exception {
    store.fault =
        head -> head.is("POST", "/cdn/.*") ? Trouble.status(400, "{\"detail\":\"bad\"}") : null;
    FalException failure = catchThrowableOfType(FalException.class, this::upload);

    assertThat(failure).message().contains("400").contains("bad").doesNotContain("cdn-token");
    assertThat(Files.readString(Path.of("target/test.log"))).doesNotContain("cdn-token-");
  }
}
