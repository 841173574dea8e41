package dev.fluxbridge.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written down about a request, and the addresses that are built from it. */
class FalHandleTest {

  @ParameterizedTest
  @CsvSource({
    "https://queue.fal.run/fal-ai/flux/requests/r-1, fal-ai/flux",
    "https://queue.fal.run/fal-ai/flux/requests/r-1/status, fal-ai/flux",
    "https://queue.fal.run/fal-ai/flux/requests/r-1/status/stream, fal-ai/flux",
    "https://queue.fal.run/fal-ai/flux/dev/requests/r-1/response, fal-ai/flux/dev",
    "https://queue.fal.run/workflows/me/flow/requests/r-1/cancel, workflows/me/flow",
    "https://queue.fal.run/comfy/me/flow/requests/r-1/status?logs=1, comfy/me/flow",
    "https://queue.fal.run/123/myapp/requests/r-1/, 123/myapp",
    "http://localhost:8080/owner/requests/requests/r-1, owner/requests"
  })
  void isMadeFromTheAddressesThatFalGives(String address, String endpoint) {
    FalHandle handle = FalHandle.of(URI.create(address));

    assertThat(handle.endpoint()).hasToString(endpoint);
    assertThat(handle.requestId()).isEqualTo("r-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://queue.fal.run/",
        "https://queue.fal.run/fal-ai/flux",
        "https://queue.fal.run/requests/r1",
        "https://queue.fal.run/flux/requests/r1",
        "https://queue.fal.run/fal-ai/flux/requests/",
        "https://queue.fal.run/fal-ai/flux/requests/r%2f1",
        "https://queue.fal.run/fal-ai/../flux/requests/r1/elsewhere",
        "/fal-ai/flux/requests/r1",
        "mailto:fal-ai/flux/requests/r1"
      })
  void isNotMadeFromOtherAddresses(String address) {
    assertThatThrownBy(() -> FalHandle.of(URI.create(address)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "r1",
        "fal-request/1",
        "fal-request/1 fal-ai/flux",
        "fal-request/2 fal-ai/flux r1",
        "fal-request/1 flux r1",
        "fal-request/1 fal-ai/flux ../r1",
        "fal-request/1 fal-ai/flux r1 status=ht!tp:// x"
      })
  void readsNoTextThatItDidNotWrite(String text) {
    assertThatThrownBy(() -> FalHandle.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://queue.fal.run/a/b/requests/r1?token=canary",
        "https://user:canary@queue.fal.run/a/b/requests/r1",
        "https://queue.fal.run/a/b/requests/r1#canary"
      })
  void writesDownNoAddressThatMayHoldASecret(String secret) {
    FalHandle handle =
        new FalHandle(
            EndpointId.parse("a/b"),
            "r1",
            Optional.of(URI.create(secret)),
            Optional.empty(),
            Optional.empty());

    assertThat(handle.toText()).isEqualTo("fal-request/1 a/b r1");
  }

  @Provide
  Arbitrary<FalHandle> handles() {
    Arbitrary<String> parts =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withCharRange('0', '9')
            .withChars("-_.~")
            .ofMinLength(1)
            .ofMaxLength(12)
            .filter(part -> !part.startsWith(".") && !part.equals("workflows"))
            .filter(part -> !part.equals("comfy"));
    Arbitrary<Optional<String>> namespaces =
        Arbitraries.of(Optional.empty(), Optional.of("workflows"), Optional.of("comfy"));
    Arbitrary<String> paths = parts.list().ofMaxSize(3).map(all -> String.join("/", all));
    Arbitrary<EndpointId> ids =
        Combinators.combine(namespaces, parts, parts, paths).as(EndpointId::new);
    Arbitrary<String> requests =
        Arbitraries.strings().alpha().numeric().withChars("-_").ofMinLength(1).ofMaxLength(40);
    Arbitrary<Optional<URI>> urls =
        parts.map(part -> URI.create("https://queue.fal.run/" + part + "=1/x")).optional();
    return Combinators.combine(ids, requests, urls, urls, urls).as(FalHandle::new);
  }

  @Property
  void isTheSameWhenItIsReadAgain(@ForAll("handles") FalHandle handle) {
    assertThat(FalHandle.parse(handle.toText())).isEqualTo(handle);
    assertThat(FalHandle.parse(handle.toText() + " something=new")).isEqualTo(handle);
    assertThat(handle.toText()).doesNotContain("\n");
  }

  @Property
  void asksOnlyItsHostWhateverTheHandle(@ForAll("handles") FalHandle handle) {
    FalHosts hosts = FalHosts.DEFAULT;
    for (URI uri :
        new URI[] {
          handle.statusAt(hosts),
          handle.streamAt(hosts),
          handle.resultAt(hosts),
          handle.cancelAt(hosts)
        }) {
      assertThat(uri.getScheme()).isEqualTo("https");
      assertThat(uri.getAuthority()).isEqualTo("queue.fal.run");
      assertThat(uri.normalize()).isEqualTo(uri);
    }
  }

  @Property
  void isFoundAgainInTheAddressesThatItBuilds(@ForAll("handles") FalHandle handle) {
    FalHosts hosts = FalHosts.DEFAULT;
    FalHandle bare = FalHandle.of(handle.endpoint(), handle.requestId());
    for (URI uri :
        new URI[] {
          bare.statusAt(hosts), bare.streamAt(hosts), bare.resultAt(hosts), bare.cancelAt(hosts)
        }) {
      FalHandle found = FalHandle.of(uri);
      assertThat(found.requestId()).isEqualTo(handle.requestId());
      assertThat(found.endpoint().app()).isEqualTo(handle.endpoint().app());
      assertThat(found.statusAt(hosts)).isEqualTo(bare.statusAt(hosts));
    }
  }
}
