package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.Task;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two JVMs on one store. */
class TwoProcessesTest {
  private static final String EACH = "dev.fluxbridge.compat.rollout.TestStore#all";

  /** A JVM that was started and said that it is ready. */
  private record Other(Process process, BufferedReader output, BufferedWriter input)
      implements AutoCloseable {
    static Other start(String what, String url) throws IOException {
      String classPath =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  classPath,
                  Racer.class.getName(),
                  what,
                  url)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new Other(
          process,
          process.inputReader(StandardCharsets.UTF_8),
          process.outputWriter(StandardCharsets.UTF_8));
    }

    void ready() throws IOException {
      assertThat(output.readLine()).isEqualTo("ready");
    }

    void go() throws IOException {
      input.write("go\n");
      input.flush();
    }

    long answer() throws IOException {
      return Long.parseLong(String.valueOf(output.readLine()));
    }

    @Override
    public void close() {
      process.destroy();
    }
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void theyNeverSpendTheSameBudget(TestStore store) throws IOException {
    try (Other one = Other.start("budget", store.url());
        Other two = Other.start("budget", store.url())) {
      one.ready();
      two.ready();
      one.go();
      two.go();
      assertThat(one.answer() + two.answer())
          .as("twenty make four hundred times 0.05")
          .isEqualTo(400);
    }
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void theyAgreeOnARollbackAndStepBackOnce(TestStore store) throws IOException {
    RolloutRules rules = Racer.flags(store.url()).rules();
    try (Other one = Other.start("rollback", store.url());
        Other two = Other.start("rollback", store.url());
        Steering steering = Steering.open(rules, List.of(Service.RAMP))) {
      one.ready();
      two.ready();
      steering.up(Task.TEXT_TO_IMAGE, "fal", "anna", "it looks good");
      one.go();
      two.go();
      assertThat(one.answer()).isEqualTo(50_000_000);
      assertThat(two.answer()).isEqualTo(50_000_000);
      one.go();
      two.go();
      assertThat(one.answer()).isEqualTo(25_000_000);
      assertThat(two.answer()).isEqualTo(25_000_000);
      one.go();
      two.go();
      assertThat(one.answer() + two.answer()).isEqualTo(1);
      assertThat(steering.state().roads().get(0).share()).isEqualTo(25_000_000);
      assertThat(steering.state().events())
          .extracting(RolloutState.Happened::kind)
          .containsOnlyOnce("RolledBack");
    }
  }
}
