package dev.fluxbridge.pipelines;

import static dev.fluxbridge.golden.GoldenAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.golden.Approved;
import dev.fluxbridge.golden.Call;
import dev.fluxbridge.golden.Drawn;
import dev.fluxbridge.golden.GoldenStore;
import dev.fluxbridge.golden.Origin;
import dev.fluxbridge.golden.Place;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.ImageResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an old call gives back, held to a golden. */
class GoldenRoadTest {
  private static final Place PLACE = new Place(GoldenRoadTest.class.getName(), "flat");

  @Test
  void theResultOfAnOldCallSaysItselfWhichGoldenIsItsOwn(@TempDir Path folder) throws Exception {
    ImageResult result = draw();
    GoldenStore store = GoldenStore.at(folder);

    Path written =
        store.write(PLACE, new Approved(Drawn.of(result), Call.UNKNOWN, Origin.of(result)));

    assertThat(written.getFileName().toString()).startsWith("fal-fal-ai-flux-dev-hosted-");
    assertThat(Files.readString(written.resolve("golden.json")))
        .contains("\"route\": \"fal\"", "\"cause\": \"flag\"", "\"r-1\"", "\"device\": \"hosted\"");
    assertThat(result).in(store).matchesGolden("flat");
  }

  @Test
  void theNewRoadIsHeldToTheOldRoadsGolden(@TempDir Path folder) throws Exception {
    GoldenStore store = GoldenStore.at(folder);
    Origin old = Origin.of("local", "FLUX.1-dev");
    ImageResult result = draw();

    store.write(PLACE, new Approved(Drawn.of(flat(0x3064c8)), Call.UNKNOWN, old));
    assertThat(result).in(store).onRoad("local").matchesGolden("flat");

    store.write(PLACE, new Approved(Drawn.of(flat(0xcc6633)), Call.UNKNOWN, old));
    assertThatThrownBy(() -> assertThat(result).in(store).onRoad("local").matchesGolden("flat"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("held to that of local-flux-1-dev-")
        .hasMessageContaining("looks like channels");
  }

  private static ImageResult draw() {
    try (FalOnLoopback fal = new FalOnLoopback();
        Fluxbridge roads = Fluxbridge.of(fal.settings(Map.of()))) {
      return FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads)
          .call(new FluxArguments().prompt("a cat").height(64).width(64))
          .result();
    }
  }

  private static Bitmap flat(int colour) {
    byte[] pixels = new byte[64 * 64 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (colour >> (16 - 8 * (i % 3)));
    }
    return new Bitmap(64, 64, 3, pixels);
  }
}
