package dev.fluxbridge.compat.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RoutingKeyTest {
  @Test
  void isThereForAsLongAsItsScopeIsOpenAndGivesTheOuterOneBack() throws Exception {
    assertThat(RoutingKey.current()).isNull();
    RoutingKey.Scope outer = RoutingKey.bind("tenant");
    assertThat(RoutingKey.call("job", RoutingKey::current)).isEqualTo("job");
    assertThat(RoutingKey.current()).isEqualTo("tenant");
    assertThatThrownBy(
            () ->
                RoutingKey.call(
                    "job",
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(RoutingKey.current()).isEqualTo("tenant");
    outer.close();
    assertThat(RoutingKey.current()).isNull();
  }

  @Test
  void isNotHandedToOtherThreads() throws Exception {
    RoutingKey.Scope scope = RoutingKey.bind("tenant");
    Thread[] other = new Thread[1];
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    other[0] = new Thread(() -> seen.complete(RoutingKey.current() != null));
    other[0].start();
    assertThat(seen.get()).isFalse();
    scope.close();
  }

  @Test
  void aBlankOneIsAnError() {
    assertThatThrownBy(() -> RoutingKey.bind(" ")).isInstanceOf(IllegalArgumentException.class);
  }
}
