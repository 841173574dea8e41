package dev.fluxbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FluxbridgeCommandTest {
  private final Properties before = new Properties();

  @BeforeEach
  void remember() {
    before.putAll(System.getProperties());
  }

  @AfterEach
  void putBack() {
    System.setProperties(before);
  }

  @Test
  void theDemoDrawsOnEveryInstalledRoadAndShowsThemOnOnePage(@TempDir Path out) throws IOException {
    assertThat(FluxbridgeCommand.execute("demo", "--out", out.toString())).isZero();

    String page = Files.readString(out.resolve("index.html"));
    boolean local =
        getClass().getResource("/dev/fluxbridge/compat/local/LocalBackendFactory.class") != null;
    for (String road : local ? new String[] {"local", "fal"} : new String[] {"fal"}) {
      BufferedImage picture = ImageIO.read(out.resolve(road + ".png").toFile());
      assertThat(picture.getWidth()).isEqualTo(64);
      // A red circle on the left: red there, white on the right.
      assertThat(picture.getRGB(20, 32) & 0xff).as(road).isLessThan(128);
      assertThat(picture.getRGB(60, 8) & 0xff).as(road).isGreaterThan(200);
      assertThat(page).contains("alt=\"drawn by " + road + "\"");
    }
    assertThat(page)
        .contains("a stand-in for fal")
        .doesNotContain("src=\"http")
        .doesNotContain("<link");
    assertThat(out.toFile().list()).doesNotContain("index.html.part");
  }

  @Test
  void anUnwritableFolderIsOneErrorAndNoPage(@TempDir Path folder) throws IOException {
    File taken = Files.writeString(folder.resolve("taken"), "x").toFile();
    assertThat(FluxbridgeCommand.execute("demo", "--out", taken.toString())).isEqualTo(1);
  }

  @Test
  void anUnknownOptionIsNotUnderstood() {
    assertThat(FluxbridgeCommand.execute("demo", "--sideways")).isEqualTo(2);
    assertThat(FluxbridgeCommand.execute()).isEqualTo(2);
  }
}
