package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Size;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the drawing follows, as an endpoint takes it. For one thread. */
final class Controls {
  /** Takes every kind of picture; Flex.2 was trained on several. */
  private static final String UNION = "InstantX/FLUX.1-dev-Controlnet-Union";

  private static final Map<ControlKind, String> LORAS =
      Map.of(
          ControlKind.CANNY, "black-forest-labs/FLUX.1-Canny-dev-lora",
          ControlKind.DEPTH, "black-forest-labs/FLUX.1-Depth-dev-lora");

  private final ImageRequest request;
  private final Findings findings;
  private final Optional<String> configuredKind;
  private final List<Control> controls;
  private final List<Shelf> shelves = new ArrayList<>();

  Controls(ImageRequest request, Findings findings, Size size, Optional<String> configuredKind) {
    this.request = request;
    this.findings = findings;
    this.configuredKind = configuredKind;
    requireFitting(request);
    this.controls = followed();
    for (Control control : controls) {
      shelves.add(shelf(control.image(), size));
    }
  }

  private static void requireFitting(ImageRequest request) {
    int given = request.controls().size();
    switch (request.pipeline()) {
      case CONTROLNET, CONTROLNET_IMG2IMG, CONTROLNET_INPAINT -> require(given > 0, given, request);
      case CONTROL, CONTROL_IMG2IMG, CONTROL_INPAINT -> require(given == 1, given, request);
      case FLEX -> require(given <= 1, given, request);
      default -> require(given == 0, given, request);
    }
  }

  private static void require(boolean holds, int given, ImageRequest request) {
    if (!holds) {
      throw Findings.invalid(
          "%s does not draw from %d control images: see its `control_image`"
              .formatted(request.pipeline().facade(), given));
    }
  }

  private List<Control> followed() {
    List<Control> given = request.controls();
    if (request.pipeline() != Pipeline.FLEX) {
      return given;
    }
    // the old pipeline followed its picture for so many of the steps, which may be none
    List<Control> on =
        given.stream()
            .filter(c -> c.scale() != 0 && (int) (request.steps() * c.end()) > 0)
            .toList();
    if (on.size() < given.size()) {
      findings.met(Rule.CONTROL_OFF);
    }
    return on;
  }

  private Shelf shelf(Images images, Size size) {
    if (Shelf.areLatents(images)) {
      throw findings.refusal(Rule.CONTROL_LATENTS, "give the picture itself");
    }
    Shelf shelf =
        Shelf.of(images, "control_image", Sources.colour(size, images instanceof Images.Values));
    int prompts = request.batch();
    if (shelf.count() != 1 && shelf.count() != prompts) {
      throw Findings.invalid(
          "give one `control_image` for all prompts or one for each: there are %d for %d"
              .formatted(shelf.count(), prompts));
    }
    findings.met(Rule.CONTROL_SENT);
    if (images instanceof Images.Values) {
      findings.note(Rule.CONTROL_ROUNDED, "the control image's numbers were rounded to 8 bits");
    }
    return shelf;
  }

  /** Whether only an endpoint of the flux-general kind can follow them. */
  boolean general() {
    return switch (request.pipeline()) {
      case CONTROLNET, CONTROLNET_IMG2IMG, CONTROLNET_INPAINT, CONTROL_INPAINT -> true;
      case FLEX -> !controls.isEmpty();
      default -> false;
    };
  }

  /**
   * The fields for one prompt.
   *
   * @param kind what the weights of the control pipelines follow
   */
  Map<String, Object> fields(
      int prompt, Endpoint endpoint, Optional<ControlKind> kind, Optional<Loras.One> lora) {
    return switch (request.pipeline()) {
      case CONTROL, CONTROL_IMG2IMG -> controlLora(prompt, endpoint, lora);
      case CONTROL_INPAINT ->
          Map.of("control_loras", List.of(controlLora(prompt, kind.orElseThrow(), lora)));
      case CONTROLNET, CONTROLNET_IMG2IMG, CONTROLNET_INPAINT -> nets(prompt);
      case FLEX -> controls.isEmpty() ? Map.of() : union(prompt);
      default -> Map.of();
    };
  }

  private Map<String, Object> controlLora(int prompt, Endpoint endpoint, Optional<Loras.One> lora) {
    if (endpoint.start() == Start.CONTROL_AND_IMAGE || endpoint.weights() == FalWeights.CANNY) {
      findings.note(
          Rule.CONTROL_PREPROCESSED,
          "sent as it is to "
              + endpoint.id()
              + ", which may look for edges or depths in it once more");
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("control_lora_image_url", file(0, prompt));
    fields.put("control_lora_strength", loraScale(lora, Endpoint.CONTROL_STRENGTH, endpoint.id()));
    return fields;
  }

  private Map<String, Object> controlLora(int prompt, ControlKind kind, Optional<Loras.One> lora) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("path", lora.map(Loras.One::path).orElse(LORAS.get(kind)));
    fields.put("control_image_url", file(0, prompt));
    fields.put("scale", loraScale(lora, new Range(-4, 4), "fal"));
    fields.put("preprocess", "None");
    return fields;
  }

  private double loraScale(Optional<Loras.One> lora, Range range, String taker) {
    double asked = controls.get(0).scale() * lora.map(Loras.One::scale).orElse(1.0);
    double sent = range.nearest(asked);
    if (sent != asked) {
      findings.note(
          Rule.LORA_CLAMPED,
          "a weight of %s asked, %s sent: the nearest that %s takes".formatted(asked, sent, taker));
    }
    return sent;
  }

  /** Controls of a kind go to the union net, and one without to the other. */
  private Map<String, Object> nets(int prompt) {
    List<String> nets = request.weights().controlNets().stream().distinct().toList();
    if (nets.isEmpty()) {
      throw findings.refusal(Rule.CONTROLNET_MISSING, "load one beside the model");
    }
    nets.forEach(this::requireReachable);
    List<Map<String, Object>> single = new ArrayList<>();
    Map<String, List<Map<String, Object>>> unions = new LinkedHashMap<>();
    for (int i = 0; i < controls.size(); i++) {
      String net = net(i);
      Map<String, Object> control = weighed(i, prompt);
      Optional<Integer> mode = controls.get(i).mode();
      if (mode.isPresent()) {
        control.put("control_mode", kind(mode.get()).label());
        unions.computeIfAbsent(net, path -> new ArrayList<>()).add(control);
      } else {
        control.put("path", net);
        single.add(control);
      }
    }
    if (single.size() > 1 || unions.size() > 1) {
      throw findings.refusal(
          Rule.CONTROLNET_SEVERAL,
          "fal takes one net of one kind and one union net at once; give control_mode for a union"
              + " net");
    }
    findings.met(Rule.CONTROLNET_SENT);
    findings.met(Rule.CONTROL_MODE_SENT);
    List<Map<String, Object>> union =
        unions.entrySet().stream()
            .map(
                entry ->
                    Map.<String, Object>of("path", entry.getKey(), "controls", entry.getValue()))
            .toList();
    return Map.of("controlnets", single, "controlnet_unions", union);
  }

  private String net(int control) {
    List<String> nets = request.weights().controlNets();
    if (nets.size() != 1 && nets.size() != controls.size()) {
      throw Findings.invalid(
          "there are %d ControlNets for %d control images".formatted(nets.size(), controls.size()));
    }
    return nets.get(nets.size() == 1 ? 0 : control);
  }

  private void requireReachable(String net) {
    boolean here;
    try {
      here = Files.exists(Path.of(net));
    } catch (InvalidPathException noPath) {
      here = false;
    }
    boolean https = net.startsWith("https://");
    if (here || net.startsWith("/") || (!https && net.contains("://"))) {
      throw findings.refusal(
          Rule.CONTROLNET_UNREADABLE,
          "fal reaches no ControlNet of this machine; give a model id or an https address");
    }
  }

  private ControlKind kind(int mode) {
    return ControlKind.of(mode)
        .orElseThrow(
            () ->
                findings.refusal(
                    Rule.CONTROL_MODE_UNKNOWN,
                    "control_mode is %d, and fal takes 0 to 6: %s"
                        .formatted(mode, ControlKind.names())));
  }

  private Map<String, Object> union(int prompt) {
    Control control = controls.get(0);
    ControlKind kind =
        control
            .mode()
            .map(this::kind)
            .or(() -> configuredKind.flatMap(ControlKind::named))
            .orElseThrow(
                () ->
                    findings.refusal(
                        Rule.CONTROL_NO_KIND,
                        "fal must know what the control image shows; set FAL_CONTROL_KIND to one of "
                            + ControlKind.names()));
    findings.note(
        Rule.CONTROL_UNION, "a union ControlNet follows the picture, of kind " + kind.label());
    Map<String, Object> fields = weighed(0, prompt);
    fields.put("control_mode", kind.label());
    return Map.of("controlnet_unions", List.of(Map.of("path", UNION, "controls", List.of(fields))));
  }

  private Map<String, Object> weighed(int index, int prompt) {
    Control control = controls.get(index);
    double scale = Endpoint.CONTROL_STRENGTH.nearest(control.scale());
    findings.met(Rule.CONTROL_WINDOW);
    if (scale == control.scale()) {
      findings.met(Rule.CONTROL_SCALE_SENT);
    } else {
      findings.note(
          Rule.CONTROL_SCALE_CLAMPED,
          "%s asked, %s sent: the nearest that fal takes".formatted(control.scale(), scale));
    }
    Range share = new Range(0, 1);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("control_image_url", file(index, prompt));
    fields.put("conditioning_scale", scale);
    fields.put("start_percentage", share.nearest(control.start()));
    fields.put("end_percentage", share.nearest(control.end()));
    return fields;
  }

  private byte[] file(int control, int prompt) {
    Shelf shelf = shelves.get(control);
    return shelf.file(shelf.count() == 1 ? 0 : prompt);
  }
}
