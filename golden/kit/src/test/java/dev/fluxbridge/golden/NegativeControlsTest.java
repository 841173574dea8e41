package dev.fluxbridge.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Resampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The kit proves itself: what is wrong with a picture must be found, and noise must not. Some
 * scenes are held here each time; all of them where the guide's table is written anew, with {@code
 * -Dfluxbridge.documents=write}.
 */
class NegativeControlsTest {
  private static final int SIDE = 64;
  private static final boolean WHOLE = "write".equals(System.getProperty("fluxbridge.documents"));
  private static final int SCENES = WHOLE ? 80 : 8;
  private static final int RUNS = 6;

  /** Levels of noise between two runs of the road that is learned from. */
  private static final double FLOOR = 1;

  private static final String NAME = "detection rates";

  private enum Fault {
    MUTATED_PROMPT("another prompt"),
    DROPPED_MASK("the mask dropped"),
    WRONG_SEED("another seed"),
    SWAPPED_CHANNELS("red and blue swapped"),
    HALF_SIZE("half the size"),
    JPEG_30("JPEG at quality 30"),
    NOISE("noise at the floor: must pass");

    final String label;

    Fault(String label) {
      this.label = label;
    }
  }

  /** Under which limits, and how much noise there is normal. */
  private enum Held {
    LEARNED("learned", FLOOR),
    SAME_STACK("same stack", 0.25),
    SAME_ROAD("same road", FLOOR),
    OTHER_ROAD("other road", 3);

    final String label;
    final double noise;

    Held(String label, double noise) {
      this.label = label;
      this.noise = noise;
    }
  }

  @Test
  void whatIsWrongIsFoundAndNoiseIsNot() throws IOException {
    Map<Fault, Map<Held, Integer>> found = new EnumMap<>(Fault.class);
    Random random = new Random(2026);
    for (int scene = 0; scene < SCENES; scene++) {
      Scenes.Prompt prompt = Scenes.Prompt.random(random);
      Scenes.Prompt mutated = prompt.mutated(random);
      Limits learned = learned(Scenes.draw(prompt, scene, SIDE), scene);
      for (Fault fault : Fault.values()) {
        for (Held held : Held.values()) {
          Limits limits =
              held == Held.LEARNED ? learned : Limits.defaults(Closeness.valueOf(held.name()));
          boolean differs = !passes(scene, prompt, mutated, fault, held.noise, limits);
          found
              .computeIfAbsent(fault, f -> new EnumMap<>(Held.class))
              .merge(held, differs ? 1 : 0, Integer::sum);
        }
      }
    }
    String table = table(found);
    System.out.println(table);

    for (Fault fault : Fault.values()) {
      for (Held held : List.of(Held.LEARNED, Held.SAME_STACK)) {
        assertThat(found.get(fault))
            .as("%s under %s", fault, held)
            .containsEntry(held, fault == Fault.NOISE ? 0 : SCENES);
      }
    }
    for (Fault fault : Fault.values()) {
      for (Held held : List.of(Held.SAME_ROAD, Held.OTHER_ROAD)) {
        // A seed that happens to put the same thing in nearly the same place is the same motif.
        boolean motif = fault == Fault.WRONG_SEED && held == Held.OTHER_ROAD;
        assertThat(found.getOrDefault(fault, Map.of()).get(held))
            .as("%s under %s", fault, held)
            .isBetween(
                fault == Fault.NOISE ? 0 : motif ? SCENES * 4 / 5 : SCENES,
                fault == Fault.NOISE ? 0 : SCENES);
      }
    }
    assertFresh(table);
  }

  private static boolean passes(
      int scene,
      Scenes.Prompt prompt,
      Scenes.Prompt mutated,
      Fault fault,
      double noise,
      Limits limits) {
    Bitmap clean = Scenes.draw(prompt, scene, SIDE);
    Bitmap mask = Scenes.mask(SIDE);
    boolean edit = fault == Fault.DROPPED_MASK;
    Bitmap edited = Scenes.draw(mutated, scene + 5000, SIDE);
    Bitmap right = edit ? Scenes.laidOver(clean, edited, mask) : clean;
    Optional<Bitmap> ofEdit = edit ? Optional.of(mask) : Optional.empty();
    Bitmap drawn =
        switch (fault) {
          case MUTATED_PROMPT -> Scenes.draw(mutated, scene, SIDE);
          case DROPPED_MASK -> edited;
          case WRONG_SEED -> Scenes.draw(prompt, scene + 5000, SIDE);
          case SWAPPED_CHANNELS -> Scenes.swapped(clean);
          default -> right;
        };
    Bitmap received = Scenes.noisy(drawn, noise, 77L * scene + 1);
    received =
        switch (fault) {
          case HALF_SIZE -> Resampling.resize(received, SIDE / 2, SIDE / 2);
          case JPEG_30 -> Scenes.decoded(Scenes.jpeg(received, 0.3f));
          default -> received;
        };
    Drawn golden = Drawn.of(Scenes.noisy(right, noise, 77L * scene + 2));
    return Judge.judge(golden, Drawn.of(received), limits, ofEdit, Brought.NONE).stream()
        .allMatch(Compared::passed);
  }

  private static Limits learned(Bitmap right, int scene) {
    List<Drawn> runs =
        IntStream.range(0, RUNS)
            .mapToObj(run -> Drawn.of(Scenes.noisy(right, FLOOR, 1000L * scene + run)))
            .toList();
    return NoiseFloor.of(runs, false, Optional.empty(), Brought.NONE);
  }

  private static String table(Map<Fault, Map<Held, Integer>> found) {
    StringBuilder table = new StringBuilder("| what was done |");
    for (Held held : Held.values()) {
      table.append(" %s |".formatted(held.label));
    }
    table.append("\n|---|").append("---|".repeat(Held.values().length)).append('\n');
    found.forEach(
        (fault, rates) -> {
          table.append("| %s |".formatted(fault.label));
          rates.values().forEach(n -> table.append(" %.0f %% |".formatted(100.0 * n / SCENES)));
          table.append('\n');
        });
    return table.toString();
  }

  private static void assertFresh(String table) throws IOException {
    Path guide = root().resolve("migration-guide.md");
    String text = Files.readString(guide);
    MatchResult marked =
        Pattern.compile("(?s)(<!-- generated: " + NAME + " -->\\n)(.*?)<!-- end of generated -->")
            .matcher(text)
            .results()
            .findFirst()
            .orElseThrow();
    if (WHOLE) {
      Files.writeString(
          guide, text.substring(0, marked.start(2)) + table + text.substring(marked.end(2)));
    } else {
      assertThat(marked.group(2).replaceAll("\\d+ %", "n"))
          .as("the guide's part '%s'; -Dfluxbridge.documents=write writes it anew", NAME)
          .isEqualTo(table.replaceAll("\\d+ %", "n"));
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("migration-guide.md"))) {
      folder = Objects.requireNonNull(folder.getParent(), "the guide is in no folder above");
    }
    return folder;
  }
}
