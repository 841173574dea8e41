package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.fal.image.Endpoint.Need;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which weights draw a call, and by which endpoint. Immutable.
 *
 * @param start what the call starts from
 * @param weights what draws
 * @param endpoint the endpoint that caller or configuration named, if it is one of those
 * @param kind what the weights of the control pipelines follow
 */
record Choice(
    Start start, FalWeights weights, Optional<Endpoint> endpoint, Optional<ControlKind> kind) {

  private static final Map<String, ControlKind> CONTROL_MODELS =
      Map.of(
          "black-forest-labs/FLUX.1-Canny-dev", ControlKind.CANNY,
          "black-forest-labs/FLUX.1-Canny-dev-lora", ControlKind.CANNY,
          "black-forest-labs/FLUX.1-Depth-dev", ControlKind.DEPTH,
          "black-forest-labs/FLUX.1-Depth-dev-lora", ControlKind.DEPTH);

  static Choice of(
      ImageRequest request, Start start, Loras loras, FalModels models, Findings findings) {
    String model = request.model();
    requireAlive(model, "", findings);
    return switch (request.pipeline()) {
      case CONTROL, CONTROL_IMG2IMG, CONTROL_INPAINT ->
          control(request, start, loras, models, findings);
      default -> plain(model, start, models, findings);
    };
  }

  private static Choice plain(String model, Start start, FalModels models, Findings findings) {
    Optional<Endpoint> named = Endpoints.named(model);
    Optional<FalWeights> weights =
        named.map(Endpoint::weights).or(() -> FalWeights.ofOldId(model)).filter(has(start));
    if (weights.isPresent()) {
      findings.met(Rule.MODEL_KNOWN);
      return new Choice(start, weights.get(), named.filter(starts(start)), Optional.empty());
    }
    Endpoint stand = configured(start, models, findings);
    FalWeights others = stand.weights();
    if (Endpoints.of(start, others).isEmpty()) {
      throw findings.refusal(
          Rule.MODEL_NO_ENDPOINT,
          "%s is '%s', and no endpoint with its weights does this; these do: %s"
              .formatted(models.of(start).key(), stand.id(), Endpoints.names(start)));
    }
    findings.note(Rule.MODEL_OTHER, others(others));
    return new Choice(start, others, Optional.of(stand).filter(starts(start)), Optional.empty());
  }

  private static String others(FalWeights weights) {
    return weights.label() + " draws it, with other weights than those that the caller named";
  }

  private static Predicate<FalWeights> has(Start start) {
    return weights -> !Endpoints.of(start, weights).isEmpty();
  }

  private static Predicate<Endpoint> starts(Start start) {
    return endpoint -> endpoint.start() == start;
  }

  private static Choice control(
      ImageRequest request, Start start, Loras loras, FalModels models, Findings findings) {
    String model = request.model();
    Optional<Endpoint> named = Endpoints.named(model);
    Optional<ControlKind> kind =
        loras
            .control()
            .flatMap(Loras.One::kind)
            .or(() -> Optional.ofNullable(CONTROL_MODELS.get(model)))
            .or(() -> named.flatMap(endpoint -> kind(endpoint.weights())))
            .or(() -> request.controls().stream().findFirst().flatMap(Choice::kind));
    boolean configured = kind.isEmpty();
    if (configured) {
      kind = kind(configured(Start.CONTROL, models, findings).weights());
    }
    if (kind.isEmpty()) {
      throw noKind(findings);
    }
    if (configured) {
      findings.note(Rule.MODEL_OTHER, others(weights(kind.get())));
    } else if (CONTROL_MODELS.containsKey(model) && loras.control().isEmpty()) {
      findings.note(
          Rule.MODEL_LORA_FORM, weights(kind.get()).label() + " draws it, not the whole model");
    } else if (named.isPresent() || FalWeights.ofOldId(model).equals(Optional.of(FalWeights.DEV))) {
      findings.met(Rule.MODEL_KNOWN);
    } else {
      findings.note(Rule.MODEL_OTHER, others(weights(kind.get())));
    }
    FalWeights weights = start == Start.MASKED ? FalWeights.DEV : weights(kind.get());
    return new Choice(start, weights, named.filter(starts(start)), kind);
  }

  private static RuntimeException noKind(Findings findings) {
    return findings.refusal(
        Rule.MODEL_NO_KIND,
        "fal must know what the control image shows: load the Canny or Depth LoRA, or set"
            + " FAL_CONTROL_MODEL to one of "
            + Endpoints.names(Start.CONTROL));
  }

  private static Optional<ControlKind> kind(Control control) {
    return control
        .mode()
        .flatMap(ControlKind::of)
        .filter(kind -> kind == ControlKind.CANNY || kind == ControlKind.DEPTH);
  }

  private static Optional<ControlKind> kind(FalWeights weights) {
    return switch (weights) {
      case CANNY -> Optional.of(ControlKind.CANNY);
      case DEPTH -> Optional.of(ControlKind.DEPTH);
      default -> Optional.empty();
    };
  }

  private static FalWeights weights(ControlKind kind) {
    return kind == ControlKind.CANNY ? FalWeights.CANNY : FalWeights.DEPTH;
  }

  private static Endpoint configured(Start start, FalModels models, Findings findings) {
    FalModels.Configured configured = models.of(start);
    String id = configured.endpoint().orElseThrow(() -> noKind(findings));
    requireAlive(id, configured.key() + " is ", findings);
    return Endpoints.named(id)
        .orElseThrow(
            () ->
                findings.refusal(
                    Rule.MODEL_UNKNOWN,
                    "%s is '%s', and this backend draws with: %s"
                        .formatted(configured.key(), id, Endpoints.names(start))));
  }

  private static void requireAlive(String model, String where, Findings findings) {
    Optional<String> successor = Retired.successor(model);
    if (successor.isPresent()) {
      throw findings.refusal(
          Rule.MODEL_RETIRED,
          "%s'%s' does not exist at fal; what does: %s".formatted(where, model, successor.get()));
    }
  }

  /**
   * The endpoint for what a call needs: the named one if it can do it, else the first with the same
   * weights whose ranges hold all of its numbers, else the first that can do it at all.
   *
   * @param realCfg whether what needs an endpoint of the flux-general kind is a negative prompt
   */
  Endpoint endpoint(Need need, boolean realCfg, Pipeline pipeline, Findings findings) {
    if (endpoint.isPresent() && endpoint.get().able(need)) {
      return endpoint.get();
    }
    List<Endpoint> able =
        Endpoints.of(start, weights).stream().filter(other -> other.able(need)).toList();
    if (able.isEmpty()) {
      throw unable(need, realCfg, pipeline, findings);
    }
    return able.stream().filter(other -> other.fits(need)).findFirst().orElse(able.get(0));
  }

  private RuntimeException unable(
      Need need, boolean realCfg, Pipeline pipeline, Findings findings) {
    boolean anyGeneral = Endpoints.of(start, weights).stream().anyMatch(Endpoint::general);
    if (!need.general() || anyGeneral) {
      return findings.refusal(
          Rule.LORA_NO_ENDPOINT, "no endpoint draws with LoRA weights on " + weights.label());
    }
    if (!realCfg) {
      return findings.refusal(
          Rule.CONTROLNET_NO_ENDPOINT,
          "no endpoint follows a picture with the weights of " + weights.label());
    }
    return findings.refusal(
        pipeline == Pipeline.DE_DISTILLED ? Rule.GUIDANCE_NO_ENDPOINT : Rule.NEGATIVE_REFUSED,
        "no endpoint draws with the weights of "
            + weights.label()
            + " and a negative prompt; set true_cfg_scale to 1 or use FLUX.1 dev");
  }
}
