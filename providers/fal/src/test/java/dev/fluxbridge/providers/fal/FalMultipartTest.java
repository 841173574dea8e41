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
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Long files and streams, which go up in parts, by both routes. */
@Timeout(120)
class FalMultipartTest {
  private static final int MIB = 1024 * 1024;
  private static final byte[] BYTES = random(22 * MIB + 7);
  private static final String PARTS = "/mp/1/\\d+|/files/1/multipart/up-1/\\d+";

  private final StoreServer store = new StoreServer();
  private final FakeTime time = new FakeTime();
  private final FalClient client = new FalClient(store.config(), time.effects());
  private final FalUploadOptions fives = FalUploadOptions.DEFAULT.withParts(5 * MIB, 20L * MIB, 3);
  private final FalStorage storage = client.storage().with(fives);

  @AfterEach
  void stop() {
    client.close();
    store.close();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private FalException fails(FalFile file) {
    return catchThrowableOfType(FalException.class, () -> storage.upload(file));
  }

  private static Sum part(int number) {
    int from = (number - 1) * 5 * MIB;
    return Sum.of(
        java.util.Arrays.copyOfRange(BYTES, from, Math.min(BYTES.length, from + 5 * MIB)));
  }

  private void assertWhole(URI url) {
    assertThat(url.getPath()).startsWith("/files/1");
    assertThat(store.files).containsEntry("1", new Sum(BYTES.length, 5));
    // the store has compared the marks, which hold each part's checksum, with those completed with
    Seen complete = store.seen.get(store.seen.size() - 1);
    assertThat(complete.path()).endsWith("/complete");
    for (int number = 1; number <= 5; number++) {
      assertThat(complete.text())
          .contains(
              "{\"partNumber\":%d,\"etag\":\"%s\"}"
                  .formatted(number, part(number).mark().replace("\"", "\\\"")));
    }
  }

  @ParameterizedTest
  @EnumSource(FalUploadRoute.class)
  void bytesAFileAndStreamsArriveInOrder(FalUploadRoute route, @TempDir Path folder)
      throws IOException {
    Path file = Files.write(folder.resolve("long.mp4"), BYTES);
    List<FalFile> files =
        List.of(
            FalFile.of(BYTES),
            FalFile.of(file),
            FalFile.of(new ByteArrayInputStream(BYTES)),
            FalFile.of(new ByteArrayInputStream(BYTES), BYTES.length));
    for (FalFile each : files) {
      try (StoreServer fresh = new StoreServer();
          FalClient other = new FalClient(fresh.config(), time.effects())) {
        other.storage().with(fives.with(route)).upload(each);

        assertThat(fresh.files).containsEntry("1", new Sum(BYTES.length, 5));
        assertThat(fresh.count("PUT", PARTS)).isEqualTo(5);
      }
    }
  }

  @Test
  void noPartCarriesTheKeyAndAllCarryTheSignature() {
    assertWhole(storage.upload(FalFile.of(BYTES)));

    assertThat(store.seen.get(0).path()).isEqualTo("/storage/upload/initiate-multipart");
    assertThat(store.seen.subList(1, store.seen.size()))
        .hasSize(6)
        .allSatisfy(
            request -> {
              assertThat(request.headers()).doesNotContainKey("authorization");
              assertThat(request.query()).isEqualTo("X-Amz-Signature=canary-signature&x=1%2F2");
            });
    assertThat(store.seen.get(1).header("Accept-Encoding")).isEqualTo("identity");
  }

  @ParameterizedTest
  @EnumSource(FalUploadRoute.class)
  void onlyThePartThatBrokeIsSentAgain(FalUploadRoute route) {
    AtomicInteger left = new AtomicInteger(2);
    store.fault =
        head ->
            head.is("PUT", ".*/2") && left.getAndDecrement() > 0 ? Trouble.reset(2_000_000) : null;

    assertWhole(storage.with(fives.with(route)).upload(FalFile.of(BYTES)));

    assertThat(store.count("PUT", PARTS)).isEqualTo(7);
    assertThat(store.count("PUT", ".*/2")).isEqualTo(3);
  }

  @Test
  void aStreamsPartIsSentAgainFromMemory() {
    AtomicInteger left = new AtomicInteger(1);
    store.fault =
        head ->
            head.is("PUT", ".*/3") && left.getAndDecrement() > 0 ? Trouble.status(500, "") : null;

    assertWhole(storage.upload(FalFile.of(new ByteArrayInputStream(BYTES))));
  }

  @Test
  void partsThatFinishOutOfOrderAreCompletedInOrder() {
    CountDownLatch later = new CountDownLatch(2);
    store.fault =
        head -> {
          if (head.is("PUT", ".*/[23]")) {
            later.countDown();
          }
          if (head.is("PUT", ".*/1")) {
            await(later);
          }
          return null;
        };

    assertWhole(storage.upload(FalFile.of(BYTES)));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void noMoreOfAStreamIsReadThanIsUnderWay(int parallel) {
    AtomicLong read = new AtomicLong();
    AtomicLong most = new AtomicLong();
    var watched =
        new java.io.FilterInputStream(new ByteArrayInputStream(BYTES)) {
          @Override
          public int read(byte[] into, int offset, int count) throws IOException {
            int got = super.read(into, offset, count);
            // the store has seen a part before it answers, and only then another one is read
            long arrived = 5L * MIB * store.count("PUT", ".*");
            most.accumulateAndGet(read.addAndGet(Math.max(got, 0)) - arrived, Math::max);
            return got;
          }
        };

    storage.with(fives.withParts(5 * MIB, 0, parallel)).upload(FalFile.of(watched));

    assertThat(most).hasPositiveValue().hasValueLessThanOrEqualTo(parallel * 5L * MIB);
  }

  @Test
  void aLongStreamPassesThroughASmallHeap() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(String.valueOf(System.getProperty("java.home")), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                String.valueOf(System.getProperty("java.class.path")),
                SmallHeapUpload.class.getName(),
                store.base().toString(),
                "300")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(store.files).containsEntry("1", new Sum(300L * MIB, 30));
  }

  @Test
  void aPartThatStaysBrokenEndsItAndSaysWhatMayLieAtFal() {
    store.fault = head -> head.is("PUT", ".*/2") ? Trouble.status(503, "") : null;

    FalException failure = fails(FalFile.of(BYTES).named("film.mp4"));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure)
        .hasMessageContaining("part 2 of the upload of film.mp4")
        .hasMessageContaining("parts of it may lie at fal");
    assertThat(store.count("POST", ".*/complete")).isZero();
    assertThat(store.files).isEmpty();
  }

  @Test
  void aPartWithoutAMarkIsNoPart() {
    store.fault =
        head -> head.is("PUT", ".*/2") ? new Trouble(-1, StoreServer.answer(200, "", "")) : null;

    assertThat(fails(FalFile.of(BYTES)).reason()).isEqualTo(Reason.BAD_REPLY);
  }

  @Test
  void marksAreTakenFromTheBodyTooAndWithoutTheSignOfWeakness() {
    store.fault =
        head -> {
          if (head.is("PUT", ".*/1")) {
            return new Trouble(-1, StoreServer.answer(200, "ETag: W/\"one\"\r\n", ""));
          }
          if (head.is("PUT", ".*/\\d")) {
            String json = "{\"partNumber\":2,\"etag\":\"body\"}";
            return new Trouble(-1, StoreServer.answer(200, "ETag: \"head\"\r\n", json));
          }
          return head.is("POST", ".*/complete") ? Trouble.status(200, "{}") : null;
        };

    storage.upload(FalFile.of(BYTES));

    assertThat(store.seen.get(6).text())
        .startsWith(
            "{\"parts\":[{\"partNumber\":1,\"etag\":\"\\\"one\\\"\"},{\"partNumber\":2,\"etag\":\"body\"}");
  }

  @Test
  void aCompletingThatFailsBehindA200IsTriedAgain() {
    AtomicInteger left = new AtomicInteger(1);
    store.fault =
        head ->
            head.is("POST", ".*/complete") && left.getAndDecrement() > 0
                ? Trouble.status(200, "<?xml?><Error><Code>InternalError</Code></Error>")
                : null;

    assertWhole(storage.upload(FalFile.of(BYTES)));
  }

  @Test
  void aStreamOfAnotherLengthThanAnnouncedIsNotCompleted() {
    FalException shorter = fails(FalFile.of(new ByteArrayInputStream(BYTES), BYTES.length + 1));
    FalException longer = fails(FalFile.of(new ByteArrayInputStream(BYTES), BYTES.length - 1));

    assertThat(List.of(shorter.reason(), longer.reason())).containsOnly(Reason.INVALID);
    assertThat(shorter).hasMessageContaining("has only " + BYTES.length);
    assertThat(longer).hasMessageContaining("has more");
    assertThat(store.count("POST", ".*/complete")).isZero();
  }

  @Test
  void aStreamThatBrokeIsNotReadAgain() {
    AtomicInteger breaks = new AtomicInteger();
    var broken =
        new java.io.InputStream() {
          @Override
          public int read() {
            throw new UnsupportedOperationException("read in pieces");
          }

          @Override
          public int read(byte[] into, int offset, int count) throws IOException {
            breaks.incrementAndGet();
            throw new IOException("cable cut");
          }
        };
    var second =
        new java.io.SequenceInputStream(new ByteArrayInputStream(BYTES, 0, 7 * MIB), broken);

    assertThat(fails(FalFile.of(second))).hasRootCauseMessage("cable cut");

    assertThat(breaks).hasValue(1);
  }

  @Test
  void aStreamThatBreaksIsNotCompleted() {
    var broken =
        new java.io.SequenceInputStream(
            new ByteArrayInputStream(BYTES),
            new java.io.FilterInputStream(java.io.InputStream.nullInputStream()) {
              @Override
              public int read() throws IOException {
                throw new IOException("cable cut");
              }

              @Override
              public int read(byte[] into, int offset, int count) throws IOException {
                throw new IOException("cable cut");
              }
            });

    FalException failure = fails(FalFile.of(broken));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    assertThat(failure).hasMessageContaining("the stream failed after " + BYTES.length + " bytes");
    assertThat(failure).hasRootCauseMessage("cable cut");
    assertThat(store.count("POST", ".*/complete")).isZero();
  }

  @Test
  void aFileThatChangesOrShrinksMeanwhileIsNotCompleted(@TempDir Path folder) throws IOException {
    for (boolean shrinks : new boolean[] {false, true}) {
      Path file = Files.write(folder.resolve("film.mp4"), BYTES);
      AtomicInteger parts = new AtomicInteger();
      store.fault =
          head -> {
            if (head.is("PUT", ".*") && parts.incrementAndGet() == 3) {
              change(file, shrinks);
            }
            return null;
          };

      FalException failure = fails(FalFile.of(file));

      assertThat(failure.reason()).isEqualTo(Reason.INVALID);
      assertThat(failure).message().containsPattern("changed while it was|ended after");
      assertThat(store.count("POST", ".*/complete")).isZero();
    }
  }

  private static void change(Path file, boolean shrinks) {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      if (shrinks) {
        open.setLength(12 * MIB);
      } else {
        open.write(1);
      }
      Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1));
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Test
  void progressReachesTheEndThroughAllParts() {
    List<Long> counts = new CopyOnWriteArrayList<>();

    storage.upload(FalFile.of(BYTES), (sent, total) -> counts.add(sent));

    assertThat(counts.get(counts.size() - 1)).isEqualTo(BYTES.length);
    assertThat(counts).isSorted();
  }

  @Test
  void partsGrowWhereThereWouldBeTooMany() {
    assertThat(FalUploadOptions.DEFAULT.partBytesFor(1L << 30)).isEqualTo(10 * MIB);
    assertThat(FalUploadOptions.DEFAULT.partBytesFor(1L << 40) * 10_000)
        .isGreaterThanOrEqualTo(1L << 40);
  }
}
