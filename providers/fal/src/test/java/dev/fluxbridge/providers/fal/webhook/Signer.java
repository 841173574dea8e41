package dev.fluxbridge.providers.fal.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fluxbridge.providers.http.HttpHeaders;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plays fal: signs webhooks with a key of its own. Written from fal's documentation alone. */
final class Signer {
  static final String ID = "X-Fal-Webhook-Request-Id";
  static final String USER = "X-Fal-Webhook-User-Id";
  static final String TIME = "X-Fal-Webhook-Timestamp";
  static final String SIGNATURE = "X-Fal-Webhook-Signature";

  private final KeyPair pair;

  Signer() {
    try {
      pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The key as fal publishes it. */
  String jwk() {
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"sig\",\"x\":\"%s\"}"
        .formatted(Base64.getUrlEncoder().withoutPadding().encodeToString(point));
  }

  static String jwks(Signer... signers) {
    return Stream.of(signers)
        .map(Signer::jwk)
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  String sign(String id, String user, String time, byte[] body) {
    try {
      String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update((id + "\n" + user + "\n" + time + "\n" + hash).getBytes(UTF_8));
      return HexFormat.of().formatHex(signature.sign());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  HttpHeaders headers(String id, String user, String time, byte[] body) {
    return HttpHeaders.NONE
        .with("Content-Type", "application/json")
        .with(ID, id)
        .with(USER, user)
        .with(TIME, time)
        .with(SIGNATURE, sign(id, user, time, body));
  }

  static HttpHeaders replacing(HttpHeaders headers, String name, String value) {
    HttpHeaders changed = HttpHeaders.NONE;
    for (HttpHeaders.Field field : headers.fields()) {
      changed = changed.with(field.name(), field.name().equals(name) ? value : field.value());
    }
    return changed;
  }

  static HttpHeaders without(HttpHeaders headers, String name) {
    return new HttpHeaders(
        headers.fields().stream().filter(field -> !field.name().equals(name)).toList());
  }
}
