package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields that do not depend on which of a prompt's pictures it is. Nothing is left to fal's
 * defaults. For one thread.
 */
final class Body {
  private final ImageRequest request;
  private final Endpoint endpoint;
  private final Findings findings;

  Body(ImageRequest request, Endpoint endpoint, Findings findings) {
    this.request = request;
    this.endpoint = endpoint;
    this.findings = findings;
  }

  /** Whether the old pipeline would have drawn twice for each step. */
  static boolean realCfg(ImageRequest request, Prompt prompt) {
    return request.pipeline() == Pipeline.DE_DISTILLED
        ? request.guidanceScale() > 1
        : request.trueCfgScale() > 1 && prompt.negative().isPresent();
  }

  /** What the weights take as an input; those of the de-distilled pipeline take none. */
  static double distilledGuidance(ImageRequest request) {
    return request.pipeline() == Pipeline.DE_DISTILLED ? 1 : request.guidanceScale();
  }

  Map<String, Object> fields(Prompt prompt) {
    Map<String, Object> body = new LinkedHashMap<>();
    String text = content(prompt.text(), prompt.second(), Rule.PROMPT_2_ALONE);
    body.put("prompt", text);
    if (text.equals(prompt.text())) {
      findings.met(Rule.PROMPT_2_SAME);
    }
    steps(body);
    guidance(body);
    body.putAll(endpoint.always());
    boolean realCfg = realCfg(request, prompt);
    if (endpoint.general()) {
      body.put("use_real_cfg", realCfg);
      body.put("negative_prompt", "");
      // what a request does not use it says all the same
      body.put("easycontrols", List.of());
      body.put("ip_adapters", List.of());
      body.put("control_loras", List.of());
      body.put("controlnets", List.of());
      body.put("controlnet_unions", List.of());
    }
    if (realCfg) {
      realCfg(body, prompt);
    } else if (prompt.negative().isPresent()) {
      findings.met(Rule.NEGATIVE_INERT);
    }
    return body;
  }

  /** The text that T5 reads: it says what the picture shows; CLIP's only colours it. */
  private String content(String text, Optional<String> second, Rule alone) {
    if (second.isEmpty() || second.get().isEmpty() || second.get().equals(text)) {
      return text;
    }
    findings.note(alone, "fal takes one text for both encoders: the one for T5 was sent alone");
    return second.get();
  }

  private void steps(Map<String, Object> body) {
    int asked = request.steps();
    if (endpoint.steps().isEmpty()) {
      findings.note(Rule.STEPS_IGNORED, endpoint.id() + " decides on its steps itself");
      return;
    }
    int sent = (int) endpoint.steps().get().nearest(asked);
    if (sent == asked) {
      findings.met(Rule.STEPS_SENT);
    } else {
      findings.note(
          Rule.STEPS_CLAMPED,
          "%d steps asked, %d sent: the nearest that %s takes"
              .formatted(asked, sent, endpoint.id()));
    }
    body.put("num_inference_steps", sent);
  }

  private void guidance(Map<String, Object> body) {
    double asked = distilledGuidance(request);
    if (endpoint.guidance().isEmpty()) {
      findings.note(Rule.GUIDANCE_IGNORED, endpoint.id() + " decides on its guidance itself");
      return;
    }
    double sent = endpoint.guidance().get().nearest(asked);
    if (sent == asked && request.pipeline() != Pipeline.DE_DISTILLED) {
      findings.met(Rule.GUIDANCE_SENT);
    } else if (request.guidanceScale() <= 1 && request.pipeline() == Pipeline.DE_DISTILLED) {
      findings.met(Rule.GUIDANCE_OFF);
    }
    if (sent != asked) {
      findings.note(
          Rule.GUIDANCE_CLAMPED,
          "%s asked, %s sent: the nearest that %s takes".formatted(asked, sent, endpoint.id()));
    }
    body.put("guidance_scale", sent);
  }

  private void realCfg(Map<String, Object> body, Prompt prompt) {
    boolean deDistilled = request.pipeline() == Pipeline.DE_DISTILLED;
    double asked = deDistilled ? request.guidanceScale() : request.trueCfgScale();
    double sent = Endpoint.REAL_CFG.nearest(asked);
    String negative = prompt.negative().orElse("");
    body.put("negative_prompt", content(negative, prompt.negativeSecond(), Rule.NEGATIVE_2_ALONE));
    findings.met(Rule.NEGATIVE_SENT);
    if (deDistilled) {
      findings.note(
          Rule.GUIDANCE_REAL_CFG,
          "sent as real CFG, with the distilled guidance of FLUX.1 dev at 1");
    } else if (sent == asked) {
      findings.met(Rule.TRUE_CFG_SENT);
    }
    if (sent != asked) {
      findings.note(
          deDistilled ? Rule.GUIDANCE_CLAMPED : Rule.TRUE_CFG_CLAMPED,
          "%s asked, %s sent: the most that fal takes".formatted(asked, sent));
    }
    body.put("real_cfg_scale", sent);
  }
}
