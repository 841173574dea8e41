package dev.fluxbridge.benchmarks.golden;

import static dev.fluxbridge.golden.GoldenAssertions.assertThatFile;

import dev.fluxbridge.golden.GoldenStore;
import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.golden.metrics.Pair;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Resampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A whole test run's worth: 500 pairs of 512x512 on two threads, from a cold start. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgs = {"-XX:+UseSerialGC", "-Xmx256m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"})
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class ManyPairs {
  private static final int PAIRS = 500;
  private static final int SIDE = 512;
  private static final int DIFFERENT = 16;
  private static final String KIT = "kit";

  /**
   * Decoded pictures by the six metrics of {@link OnePair}; those and FLIP; or files by what the
   * kit does with each that passes, by its own metrics: reads the golden, decodes both, compares,
   * and writes the report's pictures, previews and lines.
   */
  @Param({"six", "six-and-flip", KIT})
  public String metrics = KIT;

  /** A folder with expected.png and actual.png. */
  @Param("")
  public String folder = "";

  private IntConsumer comparison = i -> {};

  /** A few pairs of the same two pictures, each moved on by some rows. */
  @Setup
  public void prepare() throws IOException {
    Bitmap expected = half("expected.png");
    Bitmap actual = half("actual.png");
    comparison = metrics.equals(KIT) ? kit(expected, actual) : bare(expected, actual);
  }

  private IntConsumer bare(Bitmap expected, Bitmap actual) {
    List<Metric> wanted = new ArrayList<>(OnePair.THE_SIX);
    if (!metrics.equals("six")) {
      wanted.add(Metric.FLIP);
    }
    List<Pair> pairs =
        IntStream.range(0, DIFFERENT)
            .mapToObj(i -> Pair.of(moved(expected, i), moved(actual, i)))
            .toList();
    return i -> pairs.get(i % DIFFERENT).compare(wanted);
  }

  private IntConsumer kit(Bitmap expected, Bitmap actual) throws IOException {
    Path files = Files.createTempDirectory(Path.of(folder), "kit");
    System.setProperty("golden.report", files.resolve("report").toString());
    GoldenStore store = GoldenStore.at(files.resolve("goldens"));
    System.setProperty("golden.approve", "");
    for (int i = 0; i < PAIRS; i++) {
      assertThatFile(Bitmaps.png(moved(expected, i % DIFFERENT)))
          .in(store)
          .matchesGolden("case " + i);
    }
    System.clearProperty("golden.approve");
    List<byte[]> drawn =
        IntStream.range(0, DIFFERENT).mapToObj(i -> Bitmaps.png(moved(actual, i))).toList();
    return i ->
        assertThatFile(drawn.get(i % DIFFERENT))
            .in(store)
            // They differ by more than the defaults allow; what is looked at stays the same.
            .withThreshold(Metric.MAE, 0.2)
            .withThreshold(Metric.SSIM, 0.2)
            .withThreshold(Metric.GMSD, 0.5)
            .withThreshold(Metric.CIEDE2000_P95, 50)
            .withThreshold(Metric.FLIP, 0.5)
            .matchesGolden("case " + i);
  }

  /** All of them, by two threads that take the next one each. */
  @Benchmark
  public void compare() throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    Thread other = new Thread(() -> work(next));
    other.start();
    work(next);
    other.join();
  }

  private void work(AtomicInteger next) {
    for (int i = next.getAndIncrement(); i < PAIRS; i = next.getAndIncrement()) {
      comparison.accept(i);
    }
  }

  private Bitmap half(String name) {
    return Resampling.resize(Pictures.decode(Path.of(folder, name)), SIDE, SIDE);
  }

  private static Bitmap moved(Bitmap picture, int rows) {
    byte[] pixels = picture.pixels();
    byte[] moved = new byte[pixels.length];
    int start = rows * picture.width() * picture.channels();
    System.arraycopy(pixels, start, moved, 0, pixels.length - start);
    System.arraycopy(pixels, 0, moved, pixels.length - start, start);
    return new Bitmap(picture.width(), picture.height(), picture.channels(), moved);
  }
}
