package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The second host is asked only when nothing can have reached the first one. */
class FalBackupTest {
  private static final EndpointId ENDPOINT = EndpointId.parse("fal-ai/flux/dev");

  private final FalServer first = new FalServer();
  private final FalServer second = new FalServer();
  private final FakeTime time = new FakeTime();

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  private static URI nobody() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + taken.getLocalPort());
    }
  }

  private FalConfig config(URI primary, URI backup) {
    return first
        .config()
        .with(FalHosts.allAt(primary).withBackup(new FalHosts.Backup(backup, backup)));
  }

  @Test
  void doesTheWholeCallWhereTheFirstHostIsNotThere() throws IOException {
    second.accepts(FalServer.FLUX_DEV, "r1").draws("r1", 1, 1, 1);

    try (FalClient client = new FalClient(config(nobody(), second.base()), time.effects())) {
      FalResult result =
          client.subscribe(
              ENDPOINT,
              "{}",
              FalOptions.NONE.withQuery("mine", "1").withRunnerHint("runner-1"),
              Progress.NONE);
      assertThat(result.handle().requestId()).isEqualTo("r1");
    }

    assertThat(second.submits()).isEqualTo(1);
    assertThat(time.pauses).as("it was not waited for").isEmpty();
    var submit =
        second.wire.getAllServeEvents().stream()
            .map(event -> event.getRequest())
            .filter(request -> request.getMethod().getName().equals("POST"))
            .findFirst()
            .orElseThrow();
    assertThat(submit.getUrl()).isEqualTo("/fal-ai/flux/dev?mine=1");
    assertThat(submit.getHeader("X-Fal-Runner-Hint")).isEqualTo("runner-1");
    assertThat(submit.getHeader("Authorization")).isEqualTo("Key " + FalServer.KEY);
  }

  static Stream<ResponseDefinitionBuilder> whatComesFromTheFirst() {
    return Stream.of(
        aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
        aResponse().withFault(Fault.EMPTY_RESPONSE),
        aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE),
        aResponse().withStatus(200).withBody("garbage"),
        aResponse().withStatus(503).withBody("<html>nginx</html>"),
        aResponse().withStatus(504).withBody("<html>nginx</html>"),
        aResponse().withStatus(500).withBody("{}"),
        aResponse().withStatus(429).withBody("{}"));
  }

  @ParameterizedTest
  @MethodSource("whatComesFromTheFirst")
  void isNotAskedOnceTheFirstHostMayHaveTheRequest(ResponseDefinitionBuilder answer) {
    first.wire.stubFor(any(anyUrl()).willReturn(answer));
    second.accepts(FalServer.FLUX_DEV, "r1");

    try (FalClient client = new FalClient(config(first.base(), second.base()), time.effects())) {
      assertThatThrownBy(() -> client.submit(ENDPOINT, "{}")).isInstanceOf(FalException.class);
    }

    assertThat(second.wire.getAllServeEvents()).isEmpty();
  }

  @Test
  void isAskedOnceATryAndTheFirstFailureIsTold() throws IOException {
    URI nobody = nobody();
    URI neither = nobody();

    try (FalClient client = new FalClient(config(nobody, neither), time.effects())) {
      FalException failure =
          catchThrowableOfType(FalException.class, () -> client.submit(ENDPOINT, "{}"));

      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure)
          .hasMessageContaining(nobody.toString())
          .hasMessageContaining("nothing was accepted")
          .hasMessageNotContaining(neither.toString());
    }
    assertThat(time.pauses).as("between six tries, each of both hosts").hasSize(5);
  }

  @Test
  void isItselfAmbiguousWhereItBreaksOff() throws IOException {
    second.wire.stubFor(
        any(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

    try (FalClient client = new FalClient(config(nobody(), second.base()), time.effects())) {
      FalException failure =
          catchThrowableOfType(FalException.class, () -> client.submit(ENDPOINT, "{}"));

      assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    }
    assertThat(second.submits()).isEqualTo(1);
  }

  private static final String EVENTS = "data: {\"a\":1}\n\ndata: {\"a\":2}\n\n";

  private static ResponseDefinitionBuilder events() {
    return aResponse().withHeader("Content-Type", "text/event-stream").withBody(EVENTS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void streamsWhereTheFirstHostIsNotThere(boolean loop) throws IOException {
    second.wire.stubFor(any(anyUrl()).willReturn(events()));

    try (FalClient client = new FalClient(config(nobody(), second.base()), time.effects());
        FalStream stream = client.stream(ENDPOINT, "{}", FalOptions.NONE)) {
      if (loop) {
        assertThat(stream).containsExactly("{\"a\":1}", "{\"a\":2}");
      }
      assertThat(stream.result()).isEqualTo("{\"a\":2}");
    }

    assertThat(second.wire.getAllServeEvents()).hasSize(1);
    var request = second.wire.getAllServeEvents().get(0).getRequest();
    assertThat(request.getUrl()).isEqualTo("/fal-ai/flux/dev/stream");
    assertThat(request.getHeader("Authorization")).isEqualTo("Key " + FalServer.KEY);
  }

  @Test
  void streamsNothingWhereTheFirstHostMayHaveTheRequest() {
    first.wire.stubFor(
        any(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    second.wire.stubFor(any(anyUrl()).willReturn(events()));

    try (FalClient client = new FalClient(config(first.base(), second.base()), time.effects())) {
      FalStream stream = client.stream(ENDPOINT, "{}", FalOptions.NONE);
      FalException failure = catchThrowableOfType(FalException.class, stream::result);

      assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    }
    assertThat(second.wire.getAllServeEvents()).isEmpty();
  }

  @Test
  void isAskedOnceForAStreamAndTheFirstFailureIsTold() throws IOException {
    URI nobody = nobody();
    URI neither = nobody();

    try (FalClient client = new FalClient(config(nobody, neither), time.effects())) {
      FalStream stream = client.stream(ENDPOINT, "{}", FalOptions.NONE);
      FalException failure = catchThrowableOfType(FalException.class, stream::result);

      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure)
          .hasMessageContaining(nobody.toString())
          .hasMessageNotContaining(neither.toString());
    }
  }

  @Test
  void isNobodyUnlessItIsSet() throws IOException {
    assertThat(FalHosts.DEFAULT.backup()).isEmpty();
    try (FalClient client =
        new FalClient(first.config().with(FalHosts.allAt(nobody())), time.effects())) {
      assertThatThrownBy(() -> client.submit(ENDPOINT, "{}")).isInstanceOf(FalException.class);
    }
    assertThat(second.wire.getAllServeEvents()).isEmpty();
  }

  @Test
  void isFalsOwnForFalsOwnHostsOnly() {
    assertThat(FalHosts.DEFAULT.withBackup(FalHosts.Backup.DEFAULT).backup()).isPresent();
    FalHosts gateway = FalHosts.allAt(URI.create("https://gateway.example"));

    assertThatThrownBy(() -> gateway.withBackup(FalHosts.Backup.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fal's own hosts only");
    URI plain = URI.create("http://backup.example");
    assertThatThrownBy(() -> new FalHosts.Backup(plain, plain))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https");
  }

  @ParameterizedTest
  @CsvSource({
    "https://queue.fal.run/a/b?x=%20, https://queue.falrun.com/a/b?x=%20",
    "https://QUEUE.fal.run:443/a, https://queue.falrun.com/a",
    "https://fal.run/a/b, https://falrun.com/a/b",
    "https://rest.fal.ai/tokens/,",
    "https://queue.fal.run.evil.example/a,",
    "https://evil.example/a,",
    "http://queue.fal.run/a,",
    "https://queue.fal.run:444/a,"
  })
  void standsForTheSameAddressAndNoOther(URI address, URI expected) {
    FalHosts hosts = FalHosts.DEFAULT.withBackup(FalHosts.Backup.DEFAULT);

    assertThat(hosts.onBackup(address).orElse(null)).isEqualTo(expected);
    assertThat(FalHosts.DEFAULT.onBackup(address)).isEmpty();
  }

  @Test
  void keepsThePathsOfBases() {
    FalHosts hosts =
        FalHosts.allAt(URI.create("https://gateway.example/fal/"))
            .withBackup(
                new FalHosts.Backup(
                    URI.create("https://other.example/x"), URI.create("https://other.example/y")));

    assertThat(hosts.onBackup(URI.create("https://gateway.example/fal/a/b?q=1")))
        .contains(URI.create("https://other.example/x/a/b?q=1"));
    assertThat(hosts.onBackup(URI.create("https://gateway.example/elsewhere"))).isEmpty();
    assertThat(hosts.onQueue(URI.create("https://other.example/x/a"))).isTrue();
  }
}
