package dev.fluxbridge.benchmarks.golden;

import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.golden.metrics.Pair;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Resampling;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

/**
 * A whole test run's worth: 500 pairs of 512x512 on two threads, from a cold start, by the six
 * metrics and FLIP.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgs = {"-XX:+UseSerialGC", "-Xmx256m"})
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class ManyPairs {
  private static final int PAIRS = 500;
  private static final int SIDE = 512;
  private static final int DIFFERENT = 16;

  /** A folder with expected.png and actual.png. */
  @Param("")
  public String folder = "";

  private List<Pair> pairs = List.of();

  /** A few pairs of the same two pictures, each moved on by some rows. */
  @Setup
  public void decode() {
    Bitmap expected = half("expected.png");
    Bitmap actual = half("actual.png");
    pairs =
        IntStream.range(0, DIFFERENT)
            .mapToObj(i -> Pair.of(moved(expected, i), moved(actual, i)))
            .toList();
  }

  /** Decoded pictures to scores; the sum keeps the JIT from dropping any. */
  @Benchmark
  public double compare() throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    double[] sums = new double[2];
    Thread other = new Thread(() -> sums[1] = work(next));
    other.start();
    sums[0] = work(next);
    other.join();
    return sums[0] + sums[1];
  }

  private double work(AtomicInteger next) {
    double sum = 0;
    for (int i = next.getAndIncrement(); i < PAIRS; i = next.getAndIncrement()) {
      sum +=
          pairs
              .get(i % DIFFERENT)
              .compare(
                  Metric.MAE,
                  Metric.PSNR,
                  Metric.SSIM,
                  Metric.MS_SSIM,
                  Metric.FLIP,
                  Metric.DHASH,
                  Metric.PHASH)
              .of(Metric.SSIM);
    }
    return sum;
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
