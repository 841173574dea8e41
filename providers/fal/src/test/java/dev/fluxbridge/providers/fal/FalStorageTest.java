package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.fal.StoreServer.Seen;
import dev.fluxbridge.providers.fal.StoreServer.Sum;
import dev.fluxbridge.providers.fal.StoreServer.Trouble;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that go up in one piece, to an address that fal signed. */
@Timeout(60)
class FalStorageTest {
  private static final byte[] BYTES = "some bytes".getBytes(UTF_8);

  private final StoreServer store = new StoreServer();
  private final FakeTime time = new FakeTime();
  private final FalClient client = new FalClient(store.config(), time.effects());
  private final FalStorage storage = client.storage();

  @AfterEach
  void stop() {
    client.close();
    store.close();
  }

  private FalException fails(FalFile file) {
    return catchThrowableOfType(FalException.class, () -> storage.upload(file));
  }

  private static byte[] png() {
    return FalServer.png(3, 2);
  }

  @Test
  void bytesGoToTheSignedAddressWithoutTheKey() {
    URI url = storage.upload(FalFile.of(BYTES).named("a b.txt"));

    assertThat(url.getPath()).startsWith("/files/1/a");
    assertThat(store.files).containsEntry("1", Sum.of(BYTES));
    Seen initiate = store.seen.get(0);
    assertThat(initiate.path()).isEqualTo("/storage/upload/initiate");
    assertThat(initiate.query()).isEqualTo("storage_type=fal-cdn-v3");
    assertThat(initiate.header("Authorization")).isEqualTo("Key " + StoreServer.KEY);
    assertThat(initiate.text())
        .isEqualTo("{\"content_type\":\"text/plain\",\"file_name\":\"a b.txt\"}");
    Seen put = store.seen.get(1);
    assertThat(put.method()).isEqualTo("PUT");
    assertThat(put.header("Content-Type")).isEqualTo("text/plain");
    assertThat(put.headers()).doesNotContainKey("authorization");
    assertThat(store.seen).hasSize(2);
  }

  @Test
  void aFileGoesUpUnderItsNameAndType(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("fox.jpeg"), BYTES);

    storage.upload(FalFile.of(file));

    assertThat(store.seen.get(0).text())
        .isEqualTo("{\"content_type\":\"image/jpeg\",\"file_name\":\"fox.jpeg\"}");
    assertThat(store.files).containsEntry("1", Sum.of(BYTES));
  }

  @Test
  void aShortStreamGoesUpInOnePieceAndIsNotClosed() {
    AtomicInteger closed = new AtomicInteger();
    var stream =
        new ByteArrayInputStream(BYTES) {
          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };

    storage.upload(FalFile.of(stream).ofType("audio/wav"));

    assertThat(store.seen.get(0).text()).contains("audio/wav").contains("upload.wav");
    assertThat(store.files).containsEntry("1", Sum.of(BYTES));
    assertThat(closed).hasValue(0);
  }

  @Test
  void anEmptyFileIsAFile() {
    storage.upload(FalFile.of(new byte[0]));
    storage.upload(FalFile.of(new ByteArrayInputStream(new byte[0])));

    assertThat(store.files.values()).containsExactly(Sum.of(new byte[0]), Sum.of(new byte[0]));
  }

  @Test
  void aPictureIsKnownByItsFirstBytes() {
    storage.upload(FalFile.of(png()));
    storage.upload(FalFile.of(new byte[] {1, 2, 3}));

    assertThat(store.seen.get(0).text()).contains("image/png").contains("upload.png");
    assertThat(store.seen.get(2).text())
        .contains("application/octet-stream")
        .contains("upload.bin");
  }

  @Test
  void theLifecycleGoesAlongUnderBothNames() {
    FalLifecycle hour = FalLifecycle.expiringAfter(Duration.ofHours(1));

    storage.with(FalUploadOptions.DEFAULT.with(hour)).upload(FalFile.of(BYTES));

    String json = "{\"expiration_duration_seconds\":3600}";
    assertThat(store.seen.get(0).header("X-Fal-Object-Lifecycle")).isEqualTo(json);
    assertThat(store.seen.get(0).header("X-Fal-Object-Lifecycle-Preference")).isEqualTo(json);
    assertThat(store.seen.get(1).headers()).doesNotContainKey("x-fal-object-lifecycle");
  }

  @Test
  void everyUploadIsMadeAnew() {
    assertThat(storage.upload(FalFile.of(BYTES))).isNotEqualTo(storage.upload(FalFile.of(BYTES)));
  }

  @Test
  void aBreakInTheMiddleIsMendedByTheWholeFileAgain() {
    byte[] much = new byte[3_000_000];
    failing(1, Trouble.reset(1_000_000), "PUT", "/put/.*");

    storage.upload(FalFile.of(much));

    assertThat(store.files).containsEntry("1", Sum.of(much));
    assertThat(store.count("PUT", "/put/1")).isEqualTo(2);
    assertThat(time.pauses).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void whatTheStoreSaysOfTheMomentIsTriedAgain(int status) {
    failing(2, Trouble.status(status, "<Error><Code>SlowDown</Code></Error>"), "PUT", ".*");

    storage.upload(FalFile.of(BYTES));

    assertThat(store.count("PUT", "/put/1")).isEqualTo(3);
    assertThat(time.pauses).hasSize(2);
  }

  @Test
  void theBeginningIsTriedAgainToo() {
    failing(1, Trouble.status(503, ""), "POST", "/storage/.*");

    assertThat(storage.upload(FalFile.of(BYTES))).isNotNull();
  }

  @Test
  void aStoreThatStaysDownIsGivenUpAfterSomeTries() {
    failing(99, Trouble.status(503, "<Error><Code>SlowDown</Code></Error>"), "PUT", ".*");

    FalException failure = fails(FalFile.of(BYTES).named("x.png"));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("the store answered 503 (SlowDown)");
    assertThat(failure).hasMessageContaining("the upload of x.png");
    assertThat(store.count("PUT", "/put/1")).isEqualTo(6);
  }

  @Test
  void aSignatureThatRanOutIsAskedForAgainOnce() {
    failing(1, Trouble.status(403, "<Error><Code>AccessDenied</Code></Error>"), "PUT", ".*");

    assertThat(storage.upload(FalFile.of(BYTES)).getPath()).startsWith("/files/2/");
    assertThat(store.files).containsOnlyKeys("2");

    failing(99, Trouble.status(403, "<Error><Code>AccessDenied</Code></Error>"), "PUT", ".*");
    FalException failure = fails(FalFile.of(BYTES));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure).hasMessageContaining("403 (AccessDenied)");
    assertThat(store.count("PUT", "/put/3")).isEqualTo(1);
    assertThat(store.count("PUT", "/put/4")).isEqualTo(1);
  }

  @Test
  void aRedirectOfTheStoreIsNotFollowed() {
    String there = "Location: " + store.base() + "/elsewhere\r\n";
    store.fault =
        head -> head.is("PUT", ".*") ? new Trouble(-1, StoreServer.answer(307, there, "")) : null;

    FalException failure = fails(FalFile.of(BYTES));

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(failure).hasMessageContaining("redirects are not followed");
    assertThat(store.count("PUT", "/elsewhere")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/put?sig=canary-sig",
        "https://user:pw@example.com/put?sig=canary-sig",
        "ftp://example.com/put?sig=canary-sig",
        "no address, canary-sig",
        ""
      })
  void anAddressThatNothingMayBeSentToIsRefused(String address) {
    answersInitiate(address, store.base() + "/files/1");
    FalException upload = fails(FalFile.of(BYTES));
    answersInitiate(store.base() + "/put/1", address);
    FalException file = fails(FalFile.of(BYTES));

    assertThat(List.of(upload, file))
        .allSatisfy(
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
              assertThat(failure).message().contains("_url").doesNotContain("canary-sig");
            });
    assertThat(store.count("PUT", ".*")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://10.1.2.3/put?s=canary", "https://169.254.169.254/put?s=canary"})
  void aPrivateAddressIsRefusedBeforeAnythingIsSent(String address) {
    answersInitiate(address, "https://v3.fal.media/files/1");

    FalException failure = fails(FalFile.of(BYTES));

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(failure).message().contains("no public address").doesNotContain("canary");
  }

  @Test
  void thisMachineIsPrivateToo() {
    FalConfig strict = store.config().with(dev.fluxbridge.providers.http.MediaPolicy.DEFAULT);
    try (FalClient careful = new FalClient(strict, time.effects())) {
      FalException failure =
          catchThrowableOfType(
              FalException.class, () -> careful.storage().upload(FalFile.of(BYTES)));

      assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
      assertThat(store.count("PUT", ".*")).isZero();
    }
  }

  private void answersInitiate(String upload, String file) {
    String json = "{\"upload_url\":\"%s\",\"file_url\":\"%s\"}".formatted(upload, file);
    store.fault = head -> head.is("POST", "/storage/.*") ? Trouble.status(200, json) : null;
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "welcome", ""})
  void anAnswerWithoutAddressesMakesNoSense(String body) {
    store.fault = head -> head.is("POST", "/storage/.*") ? Trouble.status(200, body) : null;

    assertThat(fails(FalFile.of(BYTES)).reason()).isEqualTo(Reason.BAD_REPLY);
  }

  @Test
  void aRefusalOfFalNamesItsReason() {
    store.fault =
        head ->
            Trouble.status(
                403, "{\"detail\":\"storage is full, Key canary-id:canary-secret-81ab\"}");

    FalException failure = fails(FalFile.of(BYTES));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure).message().contains("storage is full").doesNotContain("canary-secret");
    assertThat(store.seen).hasSize(1);
  }

  @Test
  void whatCannotBeReadIsRefusedBeforeAnythingIsSent(@TempDir Path folder) {
    FalException missing = fails(FalFile.of(folder.resolve("none.png")));
    FalException directory = fails(FalFile.of(folder));

    assertThat(missing.reason()).isEqualTo(Reason.INVALID);
    assertThat(missing).hasMessageContaining("none.png");
    assertThat(directory).hasMessageContaining("is no file");
    assertThat(store.seen).isEmpty();
  }

  @Test
  void aStreamOfAnotherLengthThanAnnouncedIsNotUploaded() {
    FalException shorter = fails(FalFile.of(new ByteArrayInputStream(BYTES), 11));
    FalException longer = fails(FalFile.of(new ByteArrayInputStream(BYTES), 9));

    assertThat(shorter).hasMessageContaining("announced with 11 bytes and has only 10");
    assertThat(longer).hasMessageContaining("announced with 9 bytes and has more");
    assertThat(List.of(shorter.reason(), longer.reason())).containsOnly(Reason.INVALID);
    assertThat(store.seen).isEmpty();
  }

  @Test
  void aFileThatGrowsMeanwhileIsNotGivenOut(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("log.txt"), BYTES);
    store.fault =
        head -> {
          if (head.is("PUT", ".*")) {
            append(file);
          }
          return null;
        };

    FalException failure = fails(FalFile.of(file));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    assertThat(failure).hasMessageContaining("log.txt changed while it was uploaded");
  }

  private static void append(Path file) {
    try {
      Files.write(file, BYTES, java.nio.file.StandardOpenOption.APPEND);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Test
  void progressCountsAndFallsBackWhenItIsSentAgain() {
    byte[] much = new byte[2_000_000];
    failing(1, Trouble.reset(500_000), "PUT", ".*");
    List<Long> counts = new java.util.concurrent.CopyOnWriteArrayList<>();

    storage.upload(
        FalFile.of(much),
        (sent, total) -> {
          assertThat(total).hasValue(2_000_000);
          counts.add(sent);
        });

    assertThat(counts.get(counts.size() - 1)).isEqualTo(2_000_000);
    assertThat(counts).contains(0L).allMatch(count -> count <= 2_000_000);
  }

  @Test
  void whatAWatcherThrowsEndsTheUploadAndComesOut() {
    var stop = new IllegalStateException("enough");

    Throwable thrown =
        org.assertj.core.api.Assertions.catchThrowable(
            () ->
                storage.upload(
                    FalFile.of(BYTES),
                    (sent, total) -> {
                      throw stop;
                    }));

    assertThat(thrown).isSameAs(stop);
    assertThat(store.files).isEmpty();
  }

  @Test
  void anInterruptEndsItAtOnceAndIsHandedOn() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    hanging(asked, never);
    AtomicReference<@Nullable FalException> seen = new AtomicReference<>();
    AtomicInteger flag = new AtomicInteger();
    Thread caller =
        new Thread(
            () -> {
              seen.set(fails(FalFile.of(BYTES)));
              flag.set(Thread.currentThread().isInterrupted() ? 1 : 2);
            });
    caller.start();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();
    caller.join(10_000);
    never.countDown();

    FalException failure = Objects.requireNonNull(seen.get());
    assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
    assertThat(failure).hasMessageContaining("parts of it may lie at fal");
    assertThat(flag).hasValue(1);
    assertThat(store.files).isEmpty();
  }

  private void hanging(CountDownLatch asked, CountDownLatch until) {
    store.fault =
        head -> {
          if (head.is("PUT", ".*")) {
            asked.countDown();
            try {
              until.await();
            } catch (InterruptedException impossible) {
              throw new IllegalStateException(impossible);
            }
            return Trouble.reset(0);
          }
          return null;
        };
  }

  @Test
  void aStreamThatNeverEndsRunsIntoTheDeadline() throws Exception {
    var waiting = new CountDownLatch(1);
    var stream =
        new java.io.InputStream() {
          @Override
          public int read(byte[] into, int offset, int count) throws IOException {
            try {
              waiting.await();
            } catch (InterruptedException cancelled) {
              throw new IOException(cancelled);
            }
            return -1;
          }

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }
        };
    FalStorage hasty = storage.with(FalUploadOptions.DEFAULT.withDeadline(Duration.ofMillis(100)));

    FalException failure =
        catchThrowableOfType(FalException.class, () -> hasty.upload(FalFile.of(stream)));

    assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failure).hasMessageContaining("the upload of a stream took too long");
  }

  @Test
  void aFutureIsCompletedOrCancelled() throws Exception {
    CompletableFuture<URI> good = storage.uploadAsync(FalFile.of(BYTES), FalUploadProgress.NONE);
    assertThat(good.get(10, TimeUnit.SECONDS).getPath()).startsWith("/files/1");

    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    hanging(asked, never);
    CompletableFuture<URI> bad = storage.uploadAsync(FalFile.of(BYTES), FalUploadProgress.NONE);
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    bad.cancel(true);
    never.countDown();

    assertThat(store.files).containsOnlyKeys("1");
  }

  @Test
  void closingTheClientEndsWhatIsUnderWay() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    hanging(asked, never);
    CompletableFuture<URI> open = storage.uploadAsync(FalFile.of(BYTES), FalUploadProgress.NONE);
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

    client.close();

    assertThat(open).isCompletedExceptionally();
    assertThat(fails(FalFile.of(BYTES)).reason()).isEqualTo(Reason.UNAVAILABLE);
    never.countDown();
  }

  /** So many requests of that kind go wrong like this, and the others go well. */
  private void failing(int times, Trouble trouble, String verb, String pattern) {
    AtomicInteger left = new AtomicInteger(times);
    store.fault = head -> head.is(verb, pattern) && left.getAndDecrement() > 0 ? trouble : null;
  }

  @Test
  void noTextHoldsTheKeyOrASignature() throws IOException {
    List<String> texts = new java.util.ArrayList<>();
    for (Trouble trouble :
        List.of(
            Trouble.status(403, "<Error><Code>X</Code>" + StoreServer.SIGNATURE + "</Error>"),
            Trouble.status(400, "{\"detail\":\"no https://a/b?s=" + StoreServer.SIGNATURE + "\"}"),
            Trouble.status(500, StoreServer.SIGNATURE),
            Trouble.reset(1))) {
      failing(99, trouble, "PUT", ".*");
      FalException failure = fails(FalFile.of(BYTES));
      java.io.StringWriter trace = new java.io.StringWriter();
      failure.printStackTrace(new java.io.PrintWriter(trace));
      texts.add(trace + failure.rawBody());
    }
    texts.add(storage + " " + FalFile.of(BYTES));

    assertThat(texts)
        .hasSize(5)
        .noneMatch(text -> text.contains("canary-secret"))
        .noneMatch(text -> text.contains(StoreServer.SIGNATURE));
    assertThat(Files.readString(Path.of("target/test.log")))
        .contains("PUT http://127.0.0.1")
        .doesNotContain("canary-secret")
        .doesNotContain(StoreServer.SIGNATURE)
        .doesNotContain("/put/");
  }
}
