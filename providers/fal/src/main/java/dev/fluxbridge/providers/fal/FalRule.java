package dev.fluxbridge.providers.fal;

import static dev.fluxbridge.providers.Fidelity.APPROXIMATED;
import static dev.fluxbridge.providers.Fidelity.EMULATED;
import static dev.fluxbridge.providers.Fidelity.EXACT;
import static dev.fluxbridge.providers.Fidelity.IGNORED;
import static dev.fluxbridge.providers.Fidelity.REFUSED;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.Note;

/**
 * What becomes of each old argument on fal: the table that the mapping works from and the guide is
 * printed from.
 */
enum FalRule {
  MODEL_KNOWN("model", EXACT, "known", "FLUX.1 dev, schnell or Krea: drawn by the same weights"),
  MODEL_OTHER(
      "model",
      APPROXIMATED,
      "other_weights",
      "any other model or folder: drawn by the weights of the configured endpoint"),
  MODEL_RETIRED("model", REFUSED, "retired", "an endpoint that fal took away or never had"),
  MODEL_UNKNOWN("model", REFUSED, "unknown", "an endpoint whose arguments are not known here"),

  PROMPT_SENT("prompt", EXACT, "sent", "one prompt: sent as it is"),
  PROMPT_SPLIT("prompt", EMULATED, "split", "several prompts: one request each, side by side"),

  PROMPT_2_SAME("prompt_2", EXACT, "same", "none, or equal to prompt"),
  PROMPT_2_ALONE(
      "prompt_2",
      APPROXIMATED,
      "alone",
      "another text than prompt: sent alone, because T5 carries what the picture shows"),

  NEGATIVE_INERT(
      "negative_prompt", EXACT, "inert", "true_cfg_scale is 1 or less: no effect, as ever"),
  NEGATIVE_SENT(
      "negative_prompt",
      EXACT,
      "sent",
      "true_cfg_scale is above 1: drawn by fal-ai/flux-general with real CFG"),
  NEGATIVE_REFUSED(
      "negative_prompt",
      REFUSED,
      "no_endpoint",
      "true_cfg_scale is above 1 and the model is not FLUX.1 dev: no endpoint takes both"),
  NEGATIVE_2_ALONE(
      "negative_prompt_2",
      APPROXIMATED,
      "alone",
      "another text than negative_prompt, with true_cfg_scale above 1: sent alone"),

  TRUE_CFG_SENT("true_cfg_scale", EXACT, "sent", "up to 5"),
  TRUE_CFG_CLAMPED("true_cfg_scale", APPROXIMATED, "clamped", "above 5: 5 is sent"),

  SIZE_SENT("height, width", EXACT, "size", "sent", "multiples of 16, up to 14142"),
  SIZE_OTHER(
      "height, width",
      APPROXIMATED,
      "size",
      "returned",
      "fal drew another size than it was asked for"),
  SIZE_REFUSED(
      "height, width",
      REFUSED,
      "size",
      "too_many_pixels",
      "more pixels than the policy for downloads lets in"),

  STEPS_SENT("num_inference_steps", EXACT, "sent", "up to 50; schnell up to 12"),
  STEPS_CLAMPED(
      "num_inference_steps", APPROXIMATED, "clamped", "more than that: as many as it takes"),

  SIGMAS_IGNORED(
      "sigmas", IGNORED, "ignored", "given: no endpoint takes a schedule, so fal uses its own"),

  GUIDANCE_SENT("guidance_scale", EXACT, "sent", "1 to 20; with real CFG 0 to 20"),
  GUIDANCE_CLAMPED(
      "guidance_scale", APPROXIMATED, "clamped", "outside of that: the nearest end is sent"),

  IMAGES_SENT("num_images_per_prompt", EXACT, "sent", "up to 4; with real CFG up to 10"),
  IMAGES_SPLIT(
      "num_images_per_prompt",
      EMULATED,
      "split",
      "more than that: several requests, each with a seed of its own"),

  GENERATOR_NONE("generator", EXACT, "none", "none: fal takes a random seed and tells it"),
  GENERATOR_NOISE(
      "generator",
      APPROXIMATED,
      "noise",
      "given: the same seed gives the same picture on fal, but not the local one"),
  GENERATOR_REMAPPED(
      "generator",
      APPROXIMATED,
      "remapped",
      "a seed outside of 0 to 2147483647: always mapped to the same one inside"),
  GENERATOR_CONTINUED(
      "generator",
      APPROXIMATED,
      "continued",
      "a generator that was used before: a seed derived from its own and its use"),
  GENERATOR_SPLIT("generator", EMULATED, "split", "several: one request each"),

  LATENTS_REFUSED("latents", REFUSED, "refused", "given: no endpoint takes noise"),
  EMBEDS_REFUSED(
      "prompt_embeds, pooled_prompt_embeds, negative_prompt_embeds, negative_pooled_prompt_embeds",
      REFUSED,
      "prompt_embeds",
      "refused",
      "given: no endpoint takes encoded prompts"),

  OUTPUT_PIXELS("output_type", EXACT, "pixels", "pixels: fal sends PNG, which loses nothing"),
  OUTPUT_LATENT("output_type", REFUSED, "latent", "latent: no endpoint gives latents"),

  SEQUENCE_DEFAULT("max_sequence_length", EXACT, "default", "512, the default"),
  SEQUENCE_IGNORED("max_sequence_length", IGNORED, "ignored", "any other: fal does not take it");

  private final String argument;
  private final Fidelity fidelity;
  private final String code;
  private final String when;

  FalRule(String argument, Fidelity fidelity, String what, String when) {
    this(argument, fidelity, argument, what, when);
  }

  FalRule(String argument, Fidelity fidelity, String label, String what, String when) {
    this.argument = argument;
    this.fidelity = fidelity;
    this.code = "fal." + label + "." + what;
    this.when = when;
  }

  /** The row of the table. */
  Note row() {
    return new Note(argument, fidelity, code, when);
  }

  /** What to tell a caller whose argument met this rule. */
  Note note(String text) {
    return row().saying(text);
  }

  /** What to throw where this rule says that the call is not made. */
  BackendException refusal(String text) {
    return new BackendException(
        Reason.UNSUPPORTED, argument + " (" + code + "): " + text + "; nothing was sent to fal");
  }
}
