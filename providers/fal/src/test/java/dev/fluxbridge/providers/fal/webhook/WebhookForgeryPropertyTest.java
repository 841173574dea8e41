package dev.fluxbridge.providers.fal.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** A genuine webhook of which one bit, anywhere, was changed is not believed. */
class WebhookForgeryPropertyTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String TIME = String.valueOf(NOW.getEpochSecond());
  private static final List<String> SIGNED =
      List.of(Signer.ID, Signer.USER, Signer.TIME, Signer.SIGNATURE);

  private final Signer fal = new Signer();
  private final byte[] keys = Signer.jwks(fal).getBytes(UTF_8);
  private final WebhookVerifier verifier =
      new WebhookVerifier(
          new WebhookKeys(() -> Optional.of(keys), () -> 0), Optional.empty(), () -> NOW);

  private boolean believed(HttpHeaders headers, byte[] body) {
    return verifier.verify(headers, body).genuine();
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    byte[] copy = bytes.clone();
    copy[bit / 8] ^= (byte) (1 << (bit % 8));
    return copy;
  }

  @Property(tries = 100)
  void everyFlippedBitOfTheBodyIsNoticed(
      @ForAll @Size(min = 1, max = 200) byte[] random, @ForAll int where) {
    byte[] body = ("{\"a\":\"" + new String(random, ISO_8859_1).hashCode() + "\"}").getBytes(UTF_8);
    HttpHeaders headers = fal.headers("r", "u", TIME, body);

    assertThat(believed(headers, body)).isTrue();
    assertThat(believed(headers, flipped(body, Math.floorMod(where, body.length * 8)))).isFalse();
  }

  @Property(tries = 100)
  void everyFlippedBitOfAHeaderIsNoticed(
      @ForAll @AlphaChars @StringLength(min = 1, max = 40) String id,
      @ForAll @AlphaChars @StringLength(min = 1, max = 40) String user,
      @ForAll int which,
      @ForAll int where) {
    byte[] body = "{}".getBytes(UTF_8);
    HttpHeaders headers = fal.headers(id, user, TIME, body);
    String name = SIGNED.get(Math.floorMod(which, SIGNED.size()));
    String value = headers.first(name).orElseThrow();
    byte[] bytes = value.getBytes(ISO_8859_1);
    String forged = new String(flipped(bytes, Math.floorMod(where, bytes.length * 8)), ISO_8859_1);
    // a letter of a hexadecimal number says the same in either case
    boolean same = name.equals(Signer.SIGNATURE) && forged.toLowerCase(Locale.ROOT).equals(value);

    assertThat(believed(Signer.replacing(headers, name, forged), body)).isEqualTo(same);
  }

  @Example
  void everySingleBitOfASignatureCounts() {
    byte[] body = "{}".getBytes(UTF_8);
    HttpHeaders headers = fal.headers("r", "u", TIME, body);
    byte[] signature =
        java.util.HexFormat.of().parseHex(headers.first(Signer.SIGNATURE).orElseThrow());

    for (int bit = 0; bit < signature.length * 8; bit++) {
      String forged = java.util.HexFormat.of().formatHex(flipped(signature, bit));
      assertThat(believed(Signer.replacing(headers, Signer.SIGNATURE, forged), body))
          .as("bit %d", bit)
          .isFalse();
    }
  }

  @Property(tries = 100)
  void noHeaderAndNoBodyMakesItThrow(
      @ForAll String id, @ForAll String user, @ForAll String time, @ForAll byte[] body) {
    HttpHeaders headers =
        HttpHeaders.NONE
            .with(Signer.ID, id)
            .with(Signer.USER, user)
            .with(Signer.TIME, time)
            .with(Signer.SIGNATURE, "0".repeat(128));

    assertThat(believed(headers, body)).isFalse();
    assertThat(FalWebhook.read(body, "r").isPresent()).isIn(true, false);
  }
}
