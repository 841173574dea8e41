package dev.fluxbridge.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.BackendException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FalCredentialsTest {

  private static FalException fails(FalCredentials credentials) {
    return catchThrowableOfType(FalException.class, credentials::authorization);
  }

  @ParameterizedTest
  @CsvSource({
    "FAL_KEY=k:s, k:s",
    "FAL_KEY= k:s , k:s",
    "FAL_KEY_ID=i FAL_KEY_SECRET=s, i:s",
    "FAL_KEY=k:s FAL_KEY_ID=i FAL_KEY_SECRET=s FAL_API_KEY=old, k:s",
    "FAL_KEY_ID=i FAL_KEY_SECRET=s FAL_API_KEY=old, i:s",
    "FAL_KEY_ID=i FAL_API_KEY=old, old",
    "FAL_API_KEY=old, old"
  })
  void takesTheKeyFromTheFirstNameThatIsSet(String variables, String key) {
    Map<String, String> environment = new java.util.HashMap<>();
    for (String variable : variables.split(" (?=FAL)", -1)) {
      String[] pair = variable.split("=", 2);
      environment.put(pair[0], pair[1]);
    }

    assertThat(FalCredentials.fromEnvironment(environment::get).authorization())
        .contains("Key " + key);
  }

  @Test
  void saysWhichHalfOfThePairIsMissing() {
    assertThat(fails(FalCredentials.fromEnvironment(Map.of("FAL_KEY_ID", "i")::get)))
        .hasMessageContaining("FAL_KEY_ID is set, but not FAL_KEY_SECRET");
    assertThat(fails(FalCredentials.fromEnvironment(Map.of("FAL_KEY_SECRET", "canary")::get)))
        .hasMessageContaining("FAL_KEY_SECRET is set, but not FAL_KEY_ID")
        .hasMessageNotContaining("canary");
  }

  @Test
  void warnsOfTheOldNameOnceAProcess() throws IOException {
    for (int i = 0; i < 3; i++) {
      FalCredentials old =
          FalCredentials.fromEnvironment(Map.of("FAL_API_KEY", "canary-old-key")::get);
      old.authorization();
      old.authorization();
    }

    List<String> log = Files.readAllLines(Path.of("target/test.log"));
    assertThat(log.stream().filter(line -> line.contains("FAL_API_KEY"))).hasSize(1);
    assertThat(log).noneMatch(line -> line.contains("canary-old-key"));
  }

  @Test
  void asksAgainEachTimeBecauseAKeyMayChange() {
    Iterator<String> keys = List.of("a:1111", "b:2222", "c:3333").iterator();
    FalCredentials rotating = FalCredentials.from(keys::next);

    assertThat(rotating.authorization()).contains("Key a:1111");
    assertThat(rotating.authorization()).contains("Key b:2222");
    assertThat(rotating.authorization()).contains("Key c:3333");
    assertThat(rotating.given())
        .as("what an answer to a call under way may repeat")
        .containsExactly("c:3333", "3333", "b:2222", "2222");
  }

  @Test
  void saysThatTheSourceThrew() {
    FalException failure =
        fails(
            FalCredentials.from(
                () -> {
                  throw new IllegalStateException("vault is sealed");
                }));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure)
        .hasMessageContaining("the source of the key for fal threw")
        .hasMessageContaining("IllegalStateException")
        .hasMessageContaining("nothing was sent")
        .hasMessageNotContaining("sealed")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void saysThatTheSourceGaveNone() {
    Map<String, String> empty = Map.of();

    assertThat(fails(FalCredentials.from(() -> empty.get("key"))))
        .hasMessageContaining("the source of the key for fal gave none");
  }

  @Test
  void givesUpOnASourceThatBlocksAndInterruptsIt() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    FalCredentials blocking =
        FalCredentials.from(
            () -> {
              try {
                never.await();
              } catch (InterruptedException expected) {
                interrupted.countDown();
              }
              return "late";
            },
            Duration.ofMillis(50));

    FalException failure = fails(blocking);

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("within PT0.05S");
    interrupted.await();
  }

  @Test
  void lookingForAKeyEndsWithAnInterrupt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    FalCredentials blocking =
        FalCredentials.from(
            () -> {
              asked.countDown();
              try {
                never.await();
              } catch (InterruptedException expected) {
                return "late";
              }
              return "never";
            });
    AtomicBoolean flag = new AtomicBoolean();
    List<FalException> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
    Thread caller =
        new Thread(
            () -> {
              failures.add(fails(blocking));
              flag.set(Thread.currentThread().isInterrupted());
            });

    caller.start();
    asked.await();
    caller.interrupt();
    caller.join();

    assertThat(failures).extracting(FalException::reason).containsExactly(Reason.CANCELLED);
    assertThat(flag).as("the interrupt is kept").isTrue();
  }

  @Test
  void letsACallGoWithoutAKeyOnlyOnPurpose() {
    assertThat(FalCredentials.none().authorization()).isEmpty();
    assertThat(fails(FalCredentials.fromEnvironment(name -> null)).reason())
        .isEqualTo(Reason.REFUSED);
    assertThatThrownBy(() -> FalCredentials.none().key())
        .isInstanceOf(FalException.class)
        .hasMessageContaining("without one");
  }

  @Test
  void refusesALimitOfNothing() {
    assertThatThrownBy(() -> FalCredentials.from(() -> "k:s", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsNothing() {
    assertThat(FalCredentials.of("canary:secret")).asString().doesNotContain("canary");
  }
}
