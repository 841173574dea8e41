package dev.fluxbridge.golden.onnx;

import dev.fluxbridge.golden.GoldenException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 of all files that decide over a network's numbers. Stateless. */
final class WeightsHash {
  private static final int AT_ONCE = 1 << 16;

  private WeightsHash() {}

  /**
   * Of an ONNX file and of those beside it whose names begin with its name: weights of 2 GB and
   * more lie in {@code model.onnx_data} or {@code model.onnx.data}.
   *
   * @param others that decide too, in this order
   */
  static String of(Path onnx, List<Path> others) {
    MessageDigest digest = sha256();
    try (Stream<Path> beside = Files.list(onnx.toAbsolutePath().getParent())) {
      String name = onnx.getFileName().toString();
      for (Path file :
          beside.filter(f -> f.getFileName().toString().startsWith(name)).sorted().toList()) {
        add(file, digest);
      }
      for (Path file : others) {
        add(file, digest);
      }
    } catch (IOException e) {
      throw new GoldenException("%s cannot be read: %s".formatted(onnx, e), e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String of(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void add(Path file, MessageDigest digest) throws IOException {
    byte[] buffer = new byte[AT_ONCE];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
