package dev.fluxbridge.golden.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fluxbridge.providers.Bitmap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");

  @Test
  void thousandsOfPairsTakeNoMoreMemoryThanHundreds() throws IOException {
    assumeTrue(Files.exists(STATUS), "only Linux tells how much memory a process has");
    Bitmap small = References.picture("small");
    try (LearnedDistance distance =
        LearnedDistance.open(References.file("lpips.onnx"), PixelRange.MINUS_1_TO_1)) {
      repeat(2000, () -> distance.between(small, small));
      long before = resident();
      repeat(6000, () -> distance.between(small, small));
      long grown = resident() - before;
      System.out.println("6000 pairs: " + grown / 1024 + " kB more");

      assertThat(grown).isLessThan(1L << 20);
    }
  }

  @Test
  void whatIsOpenedAgainAndAgainGivesItsMemoryBack() throws IOException {
    assumeTrue(Files.exists(STATUS), "only Linux tells how much memory a process has");
    repeat(20, NativeMemoryTest::openAndClose);
    long before = resident();
    repeat(60, NativeMemoryTest::openAndClose);
    long grown = resident() - before;
    System.out.println("opened 60 times: " + grown / 1024 + " kB more");

    assertThat(grown).isLessThan(1L << 20);
  }

  private static void openAndClose() {
    LearnedDistance.open(References.file("lpips.onnx"), PixelRange.MINUS_1_TO_1).close();
  }

  private static void repeat(int times, Runnable what) {
    for (int i = 0; i < times; i++) {
      what.run();
    }
  }

  /** Bytes of anonymous memory, after the heap gave up what it does not need. */
  private static long resident() throws IOException {
    System.gc();
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .sum();
  }
}
