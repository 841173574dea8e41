package dev.fluxbridge.golden.roads;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What stands between a run and the provider of its road. For one run. */
interface Edge extends AutoCloseable {
  /** Of a road that needs none. */
  Edge NONE =
      new Edge() {
        @Override
        public Map<String, String> properties() {
          return Map.of();
        }

        @Override
        public Map<String, String> environment() {
          return Map.of();
        }

        @Override
        public Optional<RuntimeException> ended(@Nullable Throwable failure) {
          return Optional.empty();
        }

        @Override
        public void close() {}
      };

  /** Settings that lead clients here. */
  Map<String, String> properties();

  /** Environment variables that lead clients here. */
  Map<String, String> environment();

  /**
   * The test's body is over.
   *
   * @param failure what it threw
   * @return what is to be told instead, if there is something
   */
  Optional<RuntimeException> ended(@Nullable Throwable failure);

  @Override
  void close();
}
