package dev.fluxbridge.compat.shadow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.compat.shadow.Comparison.PictureScores;
import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Weights;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A mismatch in words and numbers: the arguments of the call, both sides, and why it is one. */
final class MismatchText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MismatchText() {}

  static byte[] of(
      Instant at,
      ImageRequest request,
      boolean prompts,
      Decision decision,
      Ended served,
      Ended shadow,
      Comparison comparison,
      List<Difference> unknown) {
    ObjectNode call = JSON.createObjectNode();
    call.put("at", at.toString());
    call.put("task", request.task().label());
    ArrayNode why = call.putArray("mismatch");
    unknown.forEach(difference -> add(why.addObject(), difference));
    ArrayNode known = call.putArray("known_differences");
    comparison.differences().stream()
        .filter(difference -> !unknown.contains(difference))
        .forEach(difference -> add(known.addObject(), difference));
    request(call.putObject("request"), request, prompts);
    side(call.putObject("served"), served);
    decision(call.withObject("/served").putObject("decision"), decision);
    side(call.putObject("shadow"), shadow);
    ArrayNode pictures = call.putArray("pictures");
    comparison.pictures().forEach(pair -> scores(pictures.addObject(), pair));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(call);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(ObjectNode to, Difference difference) {
    to.put("kind", difference.kind().label());
    if (!difference.detail().isEmpty()) {
      to.put("detail", difference.detail());
    }
    to.put("text", difference.text());
  }

  private static void request(ObjectNode to, ImageRequest request, boolean prompts) {
    to.put("pipeline", request.pipeline().name());
    to.put("model", request.model());
    ArrayNode loras = to.putArray("loras");
    for (Weights.Lora lora : request.weights().loras()) {
      loras.addObject().put("adapter", lora.adapter()).put("weight", lora.weight());
    }
    request.weights().controlNets().forEach(to.putArray("control_nets")::add);
    if (prompts) {
      ArrayNode texts = to.putArray("prompts");
      request.prompts().forEach(prompt -> prompt(texts.addObject(), prompt));
    }
    to.put("width", request.width());
    to.put("height", request.height());
    to.put("num_inference_steps", request.steps());
    to.put("guidance_scale", request.guidanceScale());
    to.put("true_cfg_scale", request.trueCfgScale());
    to.put("num_images_per_prompt", request.imagesPerPrompt());
    to.put("max_sequence_length", request.maxSequenceLength());
    request.sigmas().forEach(to.putArray("sigmas")::add);
    ArrayNode seeds = to.putArray("seeds");
    for (Seed seed : request.seeds()) {
      seeds.addObject().put("value", seed.value()).put("drawn", seed.drawn());
    }
    to.put("latents_given", request.latents().isPresent());
    to.put("embeddings_given", request.embeddings().isPresent());
    edit(to, request.edit());
    ArrayNode controls = to.putArray("controls");
    for (Control control : request.controls()) {
      ObjectNode one = controls.addObject();
      control.mode().ifPresent(mode -> one.put("mode", mode));
      one.put("scale", control.scale()).put("start", control.start()).put("end", control.end());
    }
  }

  private static void edit(ObjectNode to, Edit edit) {
    if (edit.equals(Edit.NONE)) {
      return;
    }
    to.put("strength", edit.strength());
    edit.paddingMaskCrop().ifPresent(pixels -> to.put("padding_mask_crop", pixels));
  }

  private static void prompt(ObjectNode to, Prompt prompt) {
    to.put("prompt", prompt.text());
    prompt.second().ifPresent(text -> to.put("prompt_2", text));
    prompt.negative().ifPresent(text -> to.put("negative_prompt", text));
    prompt.negativeSecond().ifPresent(text -> to.put("negative_prompt_2", text));
  }

  private static void side(ObjectNode to, Ended ended) {
    to.put("backend", ended.backend());
    to.put("took", ended.took().toString());
    ended.requestIds().forEach(to.putArray("request_ids")::add);
    ended.cost().ifPresentOrElse(cost -> to.put("money", cost), () -> to.putNull("money"));
    ImageResult result = ended.result();
    if (result != null) {
      to.put("model", result.provenance().model());
      to.put("cost", result.cost().toString());
      result.seeds().forEach(to.putArray("seeds")::add);
      result.flagged().forEach(to.putArray("flagged")::add);
      ArrayNode notes = to.putArray("notes");
      for (Note note : result.notes()) {
        notes.addObject().put("code", note.code()).put("fidelity", note.fidelity().name());
      }
      ArrayNode masks = to.putArray("mask_changed");
      result.maskHonesty().forEach(honesty -> masks.add(honesty.shareChanged()));
    }
    failure(to, ended);
  }

  private static void failure(ObjectNode to, Ended ended) {
    if (ended.failure() != null) {
      to.put("failure", ended.failure().reason().name());
      to.put("failure_text", ended.failure().getMessage());
    }
  }

  private static void decision(ObjectNode to, @Nullable Decision decision) {
    if (decision == null) {
      return;
    }
    to.put("backend", decision.backend());
    to.put("cause", decision.cause().label());
    to.put("because", decision.because());
    decision.insteadOf().ifPresent(first -> decision(to.putObject("instead_of"), first));
  }

  private static void scores(ObjectNode to, PictureScores pair) {
    Map<String, Double> sorted = new TreeMap<>();
    for (Map.Entry<Metric, Double> value : pair.values().entrySet()) {
      sorted.put(value.getKey().name().toLowerCase(Locale.ROOT), value.getValue());
    }
    // No JSON has infinity, which is what the same picture scores by PSNR.
    sorted.values().removeIf(value -> !Double.isFinite(value));
    sorted.forEach(to::put);
  }
}
