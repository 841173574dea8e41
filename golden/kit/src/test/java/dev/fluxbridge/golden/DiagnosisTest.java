package dev.fluxbridge.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Resampling;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final int SIDE = 64;
  private static final int TRIES = 60;

  /** Of what was done to a picture, how often that is the first guess. */
  private static double rightGuesses(
      Suspect right, BiFunction<Scenes.Prompt, Integer, Bitmap> fault) {
    Random random = new Random(5);
    Map<Suspect, Integer> guesses = new EnumMap<>(Suspect.class);
    for (int seed = 0; seed < TRIES; seed++) {
      Scenes.Prompt prompt = Scenes.Prompt.random(random);
      Bitmap golden = Scenes.noisy(Scenes.draw(prompt, seed, SIDE), 1, seed);
      List<Finding> findings =
          Diagnosis.of(golden, fault.apply(prompt, seed), Optional.of(Scenes.mask(SIDE)));
      guesses.merge(findings.get(0).suspect(), 1, Integer::sum);
    }
    System.out.println("diagnosis of " + right + ": " + guesses);
    return (double) guesses.getOrDefault(right, 0) / TRIES;
  }

  private static double withoutMask(
      Suspect right, BiFunction<Scenes.Prompt, Integer, Bitmap> fault) {
    Random random = new Random(5);
    Map<Suspect, Integer> guesses = new EnumMap<>(Suspect.class);
    for (int seed = 0; seed < TRIES; seed++) {
      Scenes.Prompt prompt = Scenes.Prompt.random(random);
      Bitmap golden = Scenes.noisy(Scenes.draw(prompt, seed, SIDE), 1, seed);
      List<Finding> findings = Diagnosis.of(golden, fault.apply(prompt, seed), Optional.empty());
      guesses.merge(findings.get(0).suspect(), 1, Integer::sum);
    }
    System.out.println("diagnosis of " + right + " without a mask: " + guesses);
    return (double) guesses.getOrDefault(right, 0) / TRIES;
  }

  private static Bitmap plain(Scenes.Prompt prompt, int seed) {
    return Scenes.draw(prompt, seed, SIDE);
  }

  @Test
  void whatWasDoneToAPictureIsMostlyTheFirstGuess() {
    assertThat(
            withoutMask(
                Suspect.SIZE, (prompt, seed) -> Resampling.resize(plain(prompt, seed), 32, 32)))
        .isEqualTo(1);
    assertThat(withoutMask(Suspect.CHANNELS, (prompt, seed) -> Scenes.swapped(plain(prompt, seed))))
        .isGreaterThan(0.9);
    assertThat(
            withoutMask(
                Suspect.COMPRESSION,
                (prompt, seed) ->
                    Scenes.decoded(
                        Scenes.jpeg(Scenes.noisy(plain(prompt, seed), 1, seed + 99), 0.3f))))
        .isGreaterThan(0.9);
    assertThat(
            withoutMask(
                Suspect.NOISE, (prompt, seed) -> Scenes.noisy(plain(prompt, seed), 4, seed + 99)))
        .isGreaterThan(0.9);
    assertThat(withoutMask(Suspect.SEED, (prompt, seed) -> plain(prompt, seed + 1000)))
        .isGreaterThan(0.8);
    assertThat(
            withoutMask(
                Suspect.PROMPT,
                (prompt, seed) ->
                    plain(
                        new Scenes.Prompt(
                            prompt.shape(),
                            Scenes.COLOURS.get(
                                (Scenes.COLOURS.indexOf(prompt.colour()) + 2)
                                    % Scenes.COLOURS.size()),
                            prompt.background()),
                        seed)))
        .isGreaterThan(0.8);
  }

  @Test
  void aDroppedAndATurnedMaskAreTold() {
    Bitmap mask = Scenes.mask(SIDE);
    assertThat(rightGuesses(Suspect.MASK, (prompt, seed) -> plain(prompt, seed + 1000)))
        .isGreaterThan(0.8);
    Scenes.Prompt prompt = new Scenes.Prompt(0, Scenes.COLOURS.get(0), Scenes.BACKGROUNDS.get(0));
    Bitmap golden = plain(prompt, 1);
    Bitmap other = plain(new Scenes.Prompt(1, Scenes.COLOURS.get(1), Scenes.BACKGROUNDS.get(1)), 2);

    assertThat(Diagnosis.of(golden, Scenes.laidOver(other, golden, mask), Optional.of(mask)).get(0))
        .extracting(Finding::because)
        .asString()
        .contains("turned around");
    assertThat(Diagnosis.of(golden, Scenes.laidOver(golden, other, mask), Optional.of(mask)).get(0))
        .extracting(Finding::suspect)
        .isNotEqualTo(Suspect.MASK);
  }

  @Test
  void theSamePictureHasNoFaults() {
    Bitmap golden = plain(Scenes.Prompt.random(new Random(1)), 1);

    assertThat(Diagnosis.of(golden, golden, Optional.empty())).isEmpty();
  }

  @Test
  void numbersStandBehindAGuess() {
    Bitmap golden = plain(Scenes.Prompt.random(new Random(1)), 1);

    assertThat(Diagnosis.of(golden, Resampling.resize(golden, 32, 32), Optional.empty()))
        .containsExactly(
            new Finding(
                Suspect.SIZE, "it is 32x32 and the golden 64x64, 0.5 times as wide and high"));
    assertThat(Diagnosis.of(golden, Scenes.swapped(golden), Optional.empty()).get(0).because())
        .startsWith("with its channels as BGR, 0.000 % of the pixels differ visibly instead of");
  }
}
