package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Weights;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Old LoRA weights as fal takes them: where they are, and how strongly they count.
 *
 * @param all those to send, in their order
 * @param control the one that makes FLUX.1 dev follow edges or depths
 */
record Loras(List<One> all, Optional<One> control) {
  private static final Pattern MODEL_ID = Pattern.compile("[\\w.-]+/[\\w.-]+");

  private static final String HUB = "huggingface.co";

  private static final Map<String, ControlKind> CONTROL_LORAS =
      Map.of(
          "black-forest-labs/FLUX.1-Canny-dev-lora", ControlKind.CANNY,
          "black-forest-labs/FLUX.1-Depth-dev-lora", ControlKind.DEPTH);

  /**
   * One of them.
   *
   * @param path an address, a model id or a {@link Path} to upload
   * @param scale its weight, times that of all
   * @param kind what its drawing follows, if it is one of those
   */
  record One(Object path, double scale, Optional<ControlKind> kind) {}

  List<Double> scales() {
    return all.stream().map(One::scale).toList();
  }

  /** Looks at all of them, and at the disk for those that are files. */
  static Loras of(Weights weights, Findings findings) {
    List<One> all = new ArrayList<>();
    Optional<One> control = Optional.empty();
    for (Weights.Lora lora : weights.loras()) {
      Optional<ControlKind> kind = Optional.ofNullable(CONTROL_LORAS.get(lora.source()));
      One one = new One(path(lora, findings), lora.weight() * weights.loraScale(), kind);
      if (kind.isPresent() && control.isEmpty()) {
        control = Optional.of(one);
      } else {
        all.add(one);
      }
    }
    if (!weights.loras().isEmpty()) {
      findings.met(Rule.LORA_SENT);
      if (weights.loraScale() != 1) {
        findings.met(Rule.LORA_SCALE);
      }
    }
    return new Loras(List.copyOf(all), control);
  }

  /** As an endpoint takes them. */
  List<Map<String, Object>> sent(Endpoint endpoint, Findings findings) {
    Range range = endpoint.loras().orElseThrow();
    List<Map<String, Object>> sent = new ArrayList<>();
    for (One one : all) {
      if (one.scale < 0 && range.least() >= 0) {
        throw findings.refusal(
            Rule.LORA_NEGATIVE,
            "a weight of %s asked, %s takes %s".formatted(one.scale, endpoint.id(), range));
      }
      double scale = range.nearest(one.scale);
      if (scale != one.scale) {
        findings.note(
            Rule.LORA_CLAMPED,
            "a weight of %s asked, %s sent: the nearest that %s takes"
                .formatted(one.scale, scale, endpoint.id()));
      }
      Map<String, Object> lora = new LinkedHashMap<>();
      lora.put("path", one.path);
      lora.put("scale", scale);
      sent.add(lora);
    }
    return sent;
  }

  private static Object path(Weights.Lora lora, Findings findings) {
    String source = lora.source();
    String scheme = source.contains("://") ? source.substring(0, source.indexOf("://")) : "";
    if (!scheme.isEmpty()) {
      if (!scheme.toLowerCase(Locale.ROOT).equals("https") || !isAddress(source)) {
        throw unreadable(lora, "give an https address", findings);
      }
      return source;
    }
    Optional<Path> found = onDisk(lora);
    if (found.isPresent() && Files.isRegularFile(found.get())) {
      return found.get();
    }
    if (found.isEmpty() && MODEL_ID.matcher(source).matches()) {
      return lora.file().isBlank() ? source : onHub(source, lora.file());
    }
    throw unreadable(lora, "give a file that is there, an https address or a model id", findings);
  }

  /** Where a file of a model lies, by the hub's own rule. */
  private static String onHub(String model, String file) {
    try {
      return new URI("https", HUB, "/" + model + "/resolve/main/" + file, null).toASCIIString();
    } catch (URISyntaxException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }

  /** The file or folder, if the source is on this machine. */
  private static Optional<Path> onDisk(Weights.Lora lora) {
    try {
      Path source = Path.of(lora.source());
      return Files.exists(source)
          ? Optional.of(lora.file().isBlank() ? source : source.resolve(lora.file()))
          : Optional.empty();
    } catch (InvalidPathException noPath) {
      return Optional.empty();
    }
  }

  private static boolean isAddress(String text) {
    try {
      return URI.create(text).getHost() != null;
    } catch (IllegalArgumentException none) {
      return false;
    }
  }

  /** Without its source: an address may be signed. */
  private static RuntimeException unreadable(Weights.Lora lora, String instead, Findings findings) {
    return findings.refusal(
        Rule.LORA_UNREADABLE,
        "the LoRA '%s' cannot be sent: %s".formatted(lora.adapter(), instead));
  }
}
