package dev.fluxbridge.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.SettingsWatch.Told;
import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsWatchTest {
  private static final String KEY = "fluxbridge.route.text-to-image";

  private final List<Told> told = new ArrayList<>();
  private final Path folder;
  private final Path path;
  private final Settings settings;
  private final SettingsWatch watch;
  private long now;

  SettingsWatchTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    path = folder.resolve("fluxbridge.properties");
    Files.writeString(path, KEY + "=local\nfluxbridge.strict=true\n");
    Map<String, String> properties = Map.of(Settings.FILE, path.toString());
    settings = Settings.ofProcess(properties::get, name -> null);
    watch =
        new SettingsWatch(
            settings,
            path,
            candidate -> {
              Flag flag = candidate.flag(Task.TEXT_TO_IMAGE, null);
              if (flag != null && flag.value().equals("bad")) {
                throw new IllegalArgumentException("The " + flag.origin() + " is bad");
              }
            },
            told::add);
  }

  private void write(String text) throws IOException {
    Files.writeString(path, text);
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      now += Duration.ofMillis(20).toNanos();
      watch.look(now);
    }
  }

  private @Nullable String route() {
    Flag flag = settings.flag(Task.TEXT_TO_IMAGE, null);
    return flag == null ? null : flag.value();
  }

  @Test
  void aChangeCountsOnceItHoldsStillForOneLook() throws IOException {
    look(1);
    write(KEY + "=fal\nfluxbridge.strict=true\n");
    look(1);
    assertThat(route()).isEqualTo("local");
    look(1);
    assertThat(route()).isEqualTo("fal");
    assertThat(told).singleElement().matches(Told::taken);
  }

  @Test
  void aFileFromWhichLinesAreGoneIsGivenTimeToBeWritten() throws IOException {
    write(KEY + "=fal\n");
    look(2);
    assertThat(route()).isEqualTo("local");
    write(KEY + "=fal\nfluxbridge.strict=false\n");
    look(2);
    assertThat(route()).isEqualTo("fal");
    write("fluxbridge.strict=false\n");
    look(4);
    assertThat(route()).isNull();
  }

  @Test
  void aFileThatMakesNoSenseLeavesTheLastGoodOneAndIsToldOnceWithItsLine() throws IOException {
    write("# new\n" + KEY + "=bad\nfluxbridge.strict=true\n");
    look(5);
    assertThat(route()).isEqualTo("local");
    assertThat(told)
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.taken()).isFalse();
              assertThat(one.text()).contains("line 2", "is bad", "goes on");
            });
    write(KEY + "=fal\nfluxbridge.strict=true\n");
    look(2);
    assertThat(route()).isEqualTo("fal");
  }

  @Test
  void aKeyThatNothingReadsLeavesTheLastGoodOne() throws IOException {
    write(KEY + "=fal\nfluxbridge.strict=true\nfluxbridge.rout=fal\n");
    look(3);
    assertThat(route()).isEqualTo("local");
    assertThat(told).singleElement().matches(one -> one.text().contains("line 3"));
  }

  @Test
  void aFileThatIsGoneLeavesTheLastGoodOneAndIsToldOnce() throws IOException {
    Files.delete(path);
    look(5);
    assertThat(route()).isEqualTo("local");
    assertThat(told).singleElement().matches(one -> one.text().contains("is gone"));
    write(KEY + "=fal\nfluxbridge.strict=true\n");
    look(2);
    assertThat(route()).isEqualTo("fal");
  }

  @Test
  void anEmptyFileIsTakenForHalfWrittenForEver() throws IOException {
    write("");
    look(500);
    assertThat(route()).isEqualTo("local");
    assertThat(told).singleElement().matches(one -> one.text().contains("is empty"));
    write("# nothing any more\n");
    look(4);
    assertThat(route()).isNull();
  }

  @Test
  void theKillSwitchWorksEvenInAFileThatMakesNoSense() throws IOException {
    write(KEY + "=bad\nfluxbridge.kill-switch=fal\nfluxbridge.strict=true\n");
    look(2);
    assertThat(settings.killSwitch())
        .isEqualTo(new Flag("fal", "key fluxbridge.kill-switch in " + path + ", line 2"));
    assertThat(route()).isEqualTo("local");
    write(KEY + "=local\nfluxbridge.strict=true\n");
    look(1);
    assertThat(settings.killSwitch()).isNull();
  }

  @Test
  void aChangeThatKeepsSizeAndTimeIsSeenAsLongAsTheTimeIsFresh() throws IOException {
    write(KEY + "=local\nfluxbridge.strict=true\n");
    FileTime time = Files.getLastModifiedTime(path);
    look(2);
    write(KEY + "=opena\nfluxbridge.strict=true\n".replace("opena", "fal  "));
    Files.setLastModifiedTime(path, time);
    look(2);
    assertThat(told).isNotEmpty();
  }

  @Test
  void aFileThatIsMovedIntoItsPlaceIsSeenThoughItIsOld() throws IOException {
    Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000));
    look(3);
    Path other = folder.resolve("other");
    Files.writeString(other, KEY + "=fal\nfluxbridge.strict=true\n");
    Files.setLastModifiedTime(other, FileTime.fromMillis(1_000_000));
    Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);
    look(2);
    assertThat(route()).isEqualTo("fal");
  }

  @Test
  void aRunningFluxbridgeFollowsItsFile() throws Exception {
    try (Fluxbridge roads = Fluxbridge.of(settings)) {
      write(KEY + "=local\nfluxbridge.strict=true\nfluxbridge.kill-switch=refuse\n");
      long start = System.nanoTime();
      boolean refused = false;
      while (!refused && System.nanoTime() - start < Duration.ofSeconds(5).toNanos()) {
        try {
          Decision unused = roads.decide(Task.TEXT_TO_IMAGE, null);
          Thread.onSpinWait();
        } catch (BackendException e) {
          refused = true;
        }
      }
      assertThat(refused).isTrue();
    }
  }

  @Test
  void whatOneLookThrowsDoesNotEndTheOthers() throws IOException {
    try (SettingsWatch throwing =
        new SettingsWatch(
                settings,
                path,
                candidate -> {},
                one -> {
                  throw new IllegalStateException("a broken listener");
                })
            .start()) {
      assertThat(throwing).isNotNull();
      for (String road : List.of("fal", "openai", "fal")) {
        write(KEY + "=" + road + "\nfluxbridge.strict=true\n");
        long start = System.nanoTime();
        while (!road.equals(route())
            && System.nanoTime() - start < Duration.ofSeconds(5).toNanos()) {
          Thread.onSpinWait();
        }
        assertThat(route()).isEqualTo(road);
      }
    }
  }
}
