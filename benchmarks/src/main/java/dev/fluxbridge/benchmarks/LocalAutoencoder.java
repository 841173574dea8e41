package dev.fluxbridge.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.autoencoder.Autoencoder;
import dev.fluxbridge.legacy.autoencoder.MemorySaving;
import dev.fluxbridge.legacy.flux.EngineOptions;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.random.TorchGenerator;
import java.nio.file.Path;
import java.util.Optional;

/** Encodes or decodes one picture with an autoencoder alone, and prints the seconds it took. */
public final class LocalAutoencoder {
  private static final int WARM_UP = 64;

  private LocalAutoencoder() {}

  /** {@code args}: the part, encode or decode, pixels of a side, device, precision, threads. */
  public static void main(String[] args) {
    Report report = new Report();
    EngineOptions options = EngineOptions.of(args[3], Optional.of(args[4]), false);
    try (NDManager manager = NativeEngine.newManager(options.gpu());
        Kernels kernels = new Kernels(manager)) {
      Placement placement = new Placement(manager, kernels, options.dtype());
      Autoencoder autoencoder = Autoencoder.load(Path.of(args[0]), placement);
      NativeEngine.withThreads(
          Integer.parseInt(args[5]),
          () -> {
            boolean decode = args[1].equals("decode");
            code(placement, autoencoder, decode, WARM_UP, report);
            report.warmedUp();
            code(placement, autoencoder, decode, Integer.parseInt(args[2]), report);
            return report;
          });
    }
    report.print();
  }

  private static void code(
      Placement placement, Autoencoder autoencoder, boolean decode, int pixels, Report report) {
    int channels = decode ? autoencoder.latentChannels() : 3;
    int side = decode ? pixels / autoencoder.scale() : pixels;
    float[] numbers = new TorchGenerator(7, 0).randn(channels * side * side);
    try (NDManager own = placement.manager().newSubManager()) {
      NDArray x = placement.array(own, numbers, new Shape(1, channels, side, side));
      Report.Moment begin = Report.Moment.now();
      NDArray y =
          decode
              ? autoencoder.decode(x, MemorySaving.NONE)
              : autoencoder.encode(x, MemorySaving.NONE).mean();
      // A GPU is still computing until somebody reads its numbers.
      float[] values = placement.kernels().floats(y);
      report.took(begin, Report.Moment.now());
      report.result(values);
    }
  }
}
