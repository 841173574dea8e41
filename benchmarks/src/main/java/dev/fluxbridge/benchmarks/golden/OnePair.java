package dev.fluxbridge.benchmarks.golden;

import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.golden.metrics.Pair;
import dev.fluxbridge.golden.metrics.Scores;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One pair of pictures by one metric, or by the six that a golden test asks for together. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class OnePair {
  static final List<Metric> THE_SIX =
      List.of(Metric.MAE, Metric.PSNR, Metric.SSIM, Metric.MS_SSIM, Metric.DHASH, Metric.PHASH);

  private static final String SIX = "six";

  /** The name of a metric, or "six". */
  @Param({
    SIX,
    "SSIM",
    "MS_SSIM",
    "GMSD",
    "CIEDE2000",
    "FLIP",
    "EDGE_OVERLAP",
    "STRUCTURE_OVERLAP",
    "PHASH",
    "PERCEPTUAL_DISTANCE"
  })
  public String metrics = SIX;

  /** A folder with expected.png and actual.png. */
  @Param("")
  public String folder = "";

  private List<Metric> wanted = List.of();
  private @Nullable Pair pair;

  /** Decodes the pictures, which is not measured. */
  @Setup(Level.Trial)
  public void decode() {
    Path pictures = Path.of(folder);
    pair =
        Pair.of(
            Pictures.decode(pictures.resolve("expected.png")),
            Pictures.decode(pictures.resolve("actual.png")));
    wanted = metrics.equals(SIX) ? THE_SIX : List.of(Metric.valueOf(metrics));
  }

  /** Decoded pictures to scores. */
  @Benchmark
  public Scores compare() {
    return Objects.requireNonNull(pair).compare(wanted);
  }
}
