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

class EndpointIdTest {

  @ParameterizedTest
  @CsvSource({
    "fal-ai/flux/dev, fal-ai/flux/dev, fal-ai/flux",
    "fal-ai/fast-sdxl, fal-ai/fast-sdxl, fal-ai/fast-sdxl",
    "fal-ai/flux-pro/v1.1/redux, fal-ai/flux-pro/v1.1/redux, fal-ai/flux-pro",
    "workflows/me/flow, workflows/me/flow, workflows/me/flow",
    "comfy/me/flow/step, comfy/me/flow/step, comfy/me/flow",
    "123-myapp, 123/myapp, 123/myapp"
  })
  void knowsTheWholeNameAndTheApp(String id, String whole, String app) {
    assertThat(EndpointId.parse(id)).hasToString(whole);
    assertThat(EndpointId.parse(id).app()).isEqualTo(app);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "flux",
        "fal-ai/",
        "/flux",
        "fal-ai//dev",
        "fal-ai/flux/",
        "fal-ai/../dev",
        "fal-ai/flux/../../x",
        "fal-ai/flux/./x",
        "workflows/me",
        "comfy//flow",
        "fal-ai/flux?x=1",
        "fal-ai/flux#x",
        "fal-ai/fl ux",
        "fal-ai/flux\n",
        "fal-ai/fl%2e",
        "https://queue.fal.run/fal-ai/flux"
      })
  void refusesWhatIsNoEndpoint(String id) {
    assertThatThrownBy(() -> EndpointId.parse(id)).isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<String> parts() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('0', '9')
        .withChars("-_.~")
        .ofMinLength(1)
        .ofMaxLength(12)
        .filter(part -> !part.startsWith("."));
  }

  @Provide
  Arbitrary<EndpointId> ids() {
    Arbitrary<Optional<String>> namespaces =
        Arbitraries.of(Optional.empty(), Optional.of("workflows"), Optional.of("comfy"));
    Arbitrary<String> owners =
        parts().filter(part -> !part.equals("workflows") && !part.equals("comfy"));
    Arbitrary<String> paths = parts().list().ofMaxSize(3).map(all -> String.join("/", all));
    return Combinators.combine(namespaces, owners, parts(), paths).as(EndpointId::new);
  }

  @Property
  void readsWhatItWrites(@ForAll("ids") EndpointId id) {
    assertThat(EndpointId.parse(id.toString())).isEqualTo(id);
  }

  @Property
  void staysBelowItsHostWhateverItIsCalled(@ForAll("ids") EndpointId id) {
    URI uri = URI.create("https://queue.fal.run/" + id + "/requests/r/status");

    assertThat(uri.normalize()).isEqualTo(uri);
    assertThat(uri.getHost()).isEqualTo("queue.fal.run");
    assertThat(uri.getRawQuery()).isNull();
    assertThat(id.toString()).startsWith(id.app());
  }

  @Property
  void readsAnyTextOrSaysThatItCannot(@ForAll String text) {
    try {
      assertThat(EndpointId.parse(text).owner()).isNotEmpty();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining("endpoint id");
    }
  }
}
