package dev.fluxbridge.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.autoencoder.Autoencoder;
import dev.fluxbridge.legacy.autoencoder.MemorySaving;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.random.TorchGenerator;
import java.nio.file.Path;

/** Encodes or decodes one picture with an autoencoder alone, and prints the seconds it took. */
public final class LocalAutoencoder {
  private static final int WARM_UP = 64;

  private LocalAutoencoder() {}

  /** {@code args}: the part, encode or decode, pixels of a side, device, precision, threads. */
  public static void main(String[] args) {
    Report.refuseWhatTheEngineLacks(args[3], args[4]);
    Report report = new Report();
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      Autoencoder autoencoder =
          Autoencoder.load(Path.of(args[0]), Placement.float32(manager, kernels));
      NativeEngine.withThreads(
          Integer.parseInt(args[5]),
          () -> {
            boolean decode = args[1].equals("decode");
            code(manager, autoencoder, decode, WARM_UP, report);
            report.warmedUp();
            code(manager, autoencoder, decode, Integer.parseInt(args[2]), report);
            return report;
          });
    }
    report.print();
  }

  private static void code(
      NDManager manager, Autoencoder autoencoder, boolean decode, int pixels, Report report) {
    int channels = decode ? autoencoder.latentChannels() : 3;
    int side = decode ? pixels / autoencoder.scale() : pixels;
    float[] numbers = new TorchGenerator(7, 0).randn(channels * side * side);
    try (NDManager own = manager.newSubManager()) {
      NDArray x = own.create(numbers, new Shape(1, channels, side, side));
      Report.Moment begin = Report.Moment.now();
      NDArray y =
          decode
              ? autoencoder.decode(x, MemorySaving.NONE)
              : autoencoder.encode(x, MemorySaving.NONE).mean();
      report.took(begin, Report.Moment.now());
      report.result(y.toFloatArray());
    }
  }
}
