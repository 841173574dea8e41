package dev.fluxbridge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.checkpoint.Checkpoint;
import dev.fluxbridge.legacy.checkpoint.ExpectedTensors;
import dev.fluxbridge.legacy.checkpoint.Weights;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Loads a checkpoint part of more than 1 GB, and reads the same file from end to end, in turn.
 *
 * <p>It makes its files in a folder of its own and deletes them. Cold means that the file was
 * dropped from the page cache before, by dd's nocache flag; where that does not work only the warm
 * rows are printed. "From disk" is what this process had read from the device, as the kernel counts
 * it. Weights that stay mapped are summed, so that every page of them is touched.
 *
 * <p>Conversions are bound by the first touch of new memory; on Linux {@code
 * THP_MEM_ALLOC_ENABLE=1} in the environment lets libtorch ask for huge pages.
 */
public final class CheckpointLoading {
  private static final int ROWS = 12_288;
  private static final int COLUMNS = 3_072;
  private static final int BUFFER = 4 << 20;

  private CheckpointLoading() {}

  /** {@code args}: rounds (5), and GB of the file (1.2). */
  public static void main(String[] args) throws IOException, InterruptedException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    double size = args.length > 1 ? Double.parseDouble(args[1]) : 1.2;
    try (NDManager started = NativeEngine.newManager()) {
      System.out.printf(
          "%s, %d threads; new memory is written at %.2f GB/s%n",
          started.getDevice(), NativeEngine.threads(), newMemory(started, rounds, size));
    }
    System.out.printf(
        "%-28s%10s%10s%12s%14s%n", "", "read GB/s", "load GB/s", "load / read", "from disk");
    for (Precision stored : Precision.values()) {
      Path part = Files.createTempDirectory("fluxbridge-loading");
      Path file = part.resolve("diffusion_pytorch_model.safetensors");
      try {
        ExpectedTensors tensors = write(file, stored, size);
        for (boolean cold : new boolean[] {false, true}) {
          print(part, file, tensors, stored, cold, rounds);
        }
      } finally {
        Files.deleteIfExists(file);
        Files.delete(part);
      }
    }
  }

  private static void print(
      Path part, Path file, ExpectedTensors tensors, Precision stored, boolean cold, int rounds)
      throws IOException, InterruptedException {
    double[] read = new double[rounds];
    double[] load = new double[rounds];
    double bytes = Files.size(file);
    double fromDisk = 0;
    if (!cold) {
      read(file);
    }
    for (int i = 0; i < rounds; i++) {
      if (cold && !drop(file)) {
        return;
      }
      long start = System.nanoTime();
      read(file);
      read[i] = bytes / (System.nanoTime() - start);
      if (cold && !drop(file)) {
        return;
      }
      long before = readFromDisk();
      load[i] = bytes / load(part, tensors, stored == Precision.FLOAT32);
      fromDisk = (readFromDisk() - before) / bytes;
    }
    System.out.printf(
        "%-28s%10.2f%10.2f%12.2f%13.2fx%n",
        stored
            + (stored == Precision.FLOAT32 ? ", summed, " : " to FLOAT32, ")
            + (cold ? "cold" : "warm"),
        median(read),
        median(load),
        median(load) / median(read),
        fromDisk);
  }

  /** What no conversion can surpass: half precision needs twice the file's bytes of new memory. */
  private static double newMemory(NDManager manager, int rounds, double size) {
    double[] speed = new double[rounds];
    Shape shape = new Shape((long) (size * 1e9) / Float.BYTES);
    for (int i = 0; i < rounds; i++) {
      long start = System.nanoTime();
      manager.ones(shape).close();
      speed[i] = size * 1e9 / (System.nanoTime() - start);
    }
    return median(speed);
  }

  /** Nanoseconds, without the time to start the engine and to free the weights. */
  private static long load(Path part, ExpectedTensors tensors, boolean mapped) {
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      long start = System.nanoTime();
      Weights weights =
          Checkpoint.weights(
              part, tensors, Map.of(), new Placement(manager, kernels, Precision.FLOAT32));
      if (mapped) {
        weights.all().values().forEach(weight -> weight.sum().close());
      }
      return System.nanoTime() - start;
    }
  }

  private static void read(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int count;
      do {
        count = channel.read(buffer.clear());
      } while (count >= 0);
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Drops a file from the page cache: it must be clean, and nobody may have it mapped. */
  private static boolean drop(Path file) throws IOException, InterruptedException {
    System.gc();
    List<String> command =
        List.of("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0");
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static long readFromDisk() throws IOException {
    Path io = Path.of("/proc/self/io");
    if (!Files.isReadable(io)) {
      return 0;
    }
    for (String line : Files.readAllLines(io)) {
      if (line.startsWith("read_bytes: ")) {
        return Long.parseLong(line.substring(12));
      }
    }
    return 0;
  }

  private static ExpectedTensors write(Path file, Precision stored, double size)
      throws IOException {
    ExpectedTensors tensors = new ExpectedTensors();
    long each = (long) ROWS * COLUMNS * stored.bytes();
    String type =
        stored == Precision.FLOAT32 ? "F32" : stored == Precision.FLOAT16 ? "F16" : "BF16";
    List<String> entries = new ArrayList<>();
    int count = (int) Math.ceil(size * 1e9 / each);
    for (int i = 0; i < count; i++) {
      tensors.tensor("weight." + i, ROWS, COLUMNS);
      entries.add(
          "\"weight.%d\":{\"dtype\":\"%s\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
              .formatted(i, type, ROWS, COLUMNS, i * each, (i + 1) * each));
    }
    String header = entries.stream().collect(Collectors.joining(",", "{", "}"));
    header += " ".repeat(Math.floorMod(-header.length(), 64));
    ByteBuffer numbers = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    while (numbers.hasRemaining()) {
      // A finite number in each precision.
      numbers.putShort((short) (0x3c00 + numbers.position() % 256));
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer start = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(start.putLong(header.length()).put(header.getBytes(UTF_8)).flip());
      for (long left = count * each; left > 0; ) {
        left -= channel.write(numbers.clear().limit((int) Math.min(BUFFER, left)));
      }
      channel.force(true);
    }
    return tensors;
  }
}
