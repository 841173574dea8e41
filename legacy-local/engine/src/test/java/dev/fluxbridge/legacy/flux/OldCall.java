package dev.fluxbridge.legacy.flux;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.MadeInput;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.flux.Sampling.Embeddings;
import dev.fluxbridge.legacy.flux.Sampling.Prompt;
import dev.fluxbridge.legacy.picture.Bitmap;
import dev.fluxbridge.legacy.picture.Images;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A call of a Python class, as a golden manifest writes it down, read with that class's defaults.
 */
final class OldCall {
  private final JsonNode arguments;
  private final JsonNode seed;

  private OldCall(JsonNode arguments, JsonNode seed) {
    this.arguments = arguments;
    this.seed = seed;
  }

  static Call of(String pipeline, JsonNode arguments, JsonNode seed) {
    return of(pipeline, arguments, seed, false);
  }

  /**
   * The same.
   *
   * @param several whether the class was given a list of ControlNets, and so lists of everything
   */
  static Call of(String pipeline, JsonNode arguments, JsonNode seed, boolean several) {
    OldCall old = new OldCall(arguments, seed);
    return switch (pipeline) {
      case "FluxPipeline" -> new TextToImage(old.sampling(3.5));
      case "DeDistilledFluxPipeline" -> new DeDistilled(old.sampling(3.5));
      case "FluxImg2ImgPipeline" ->
          new ImageToImage(old.sampling(7), old.images("image"), old.strength(0.6));
      case "FluxInpaintPipeline" ->
          new Inpaint(
              old.sampling(7),
              old.images("image"),
              old.images("mask_image"),
              Optional.empty(),
              old.strength(0.6),
              old.crop());
      case "FluxFillPipeline" ->
          new Fill(
              old.sampling(30),
              old.optional("image"),
              old.optional("mask_image"),
              Optional.empty(),
              old.strength(1));
      case "FluxControlPipeline" -> new Control(old.sampling(3.5), old.images("control_image"));
      case "FluxControlImg2ImgPipeline" ->
          new ControlImageToImage(
              old.sampling(7), old.images("image"), old.images("control_image"), old.strength(0.6));
      case "FluxControlInpaintPipeline" ->
          new ControlInpaint(
              old.sampling(7),
              old.images("image"),
              old.images("control_image"),
              old.images("mask_image"),
              old.strength(0.6));
      case "FluxKontextPipeline" ->
          new Kontext(old.sampling(3.5), old.optional("image"), old.maxArea(), old.autoResize());
      case "FluxKontextInpaintPipeline" ->
          new KontextInpaint(
              old.sampling(3.5),
              old.images("image"),
              old.optional("image_reference"),
              old.images("mask_image"),
              old.strength(1),
              old.crop(),
              old.maxArea(),
              old.autoResize());
      case "Flex2Pipeline" ->
          new Flex(
              old.sampling(3.5),
              old.optional("inpaint_image"),
              old.optional("inpaint_mask"),
              old.optional("control_image"),
              arguments.path("control_strength").asDouble(1),
              arguments.path("control_stop").asDouble(1));
      case "FluxControlNetPipeline" ->
          new ControlNetTextToImage(old.sampling(7), old.controls(several));
      case "FluxControlNetImg2ImgPipeline" ->
          new ControlNetImageToImage(
              old.sampling(7), old.images("image"), old.controls(several), old.strength(0.6));
      case "FluxControlNetInpaintPipeline" ->
          new ControlNetInpaint(
              old.sampling(7),
              old.images("image"),
              old.images("mask_image"),
              Optional.empty(),
              old.controls(several),
              old.strength(0.6),
              old.crop());
      default -> throw new AssertionError("no call for " + pipeline);
    };
  }

  private Sampling sampling(double guidance) {
    List<String> clip = texts("prompt");
    List<String> t5 = arguments.has("prompt_2") ? texts("prompt_2") : clip;
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < clip.size(); i++) {
      prompts.add(new Prompt(clip.get(i), t5.get(i)));
    }
    List<Noise> noise = new ArrayList<>();
    each(seed).forEach(s -> noise.add(Noise.of(s.asLong())));
    List<Double> sigmas = new ArrayList<>();
    arguments.path("sigmas").forEach(sigma -> sigmas.add(sigma.asDouble()));
    return Sampling.builder()
        .prompts(prompts)
        .negativePrompts(texts("negative_prompt").stream().map(Prompt::of).toList())
        .embeddings(embeddings())
        .size(arguments.path("width").asInt(), arguments.path("height").asInt())
        .steps(arguments.path("num_inference_steps").asInt())
        .sigmas(sigmas)
        .guidanceScale(arguments.path("guidance_scale").asDouble(guidance))
        .trueCfgScale(arguments.path("true_cfg_scale").asDouble(1))
        .imagesPerPrompt(arguments.path("num_images_per_prompt").asInt(1))
        .noise(noise)
        .latents(numbers("latents"))
        .maxSequenceLength(arguments.path("max_sequence_length").asInt(512))
        .build();
  }

  private Optional<Embeddings> embeddings() {
    return numbers("prompt_embeds")
        .map(
            prompt ->
                new Embeddings(
                    prompt,
                    numbers("pooled_prompt_embeds").orElseThrow(),
                    Optional.empty(),
                    Optional.empty()));
  }

  private Optional<Floats> numbers(String name) {
    return arguments.has(name)
        ? Optional.of(MadeInput.numbers(arguments.path(name)))
        : Optional.empty();
  }

  private Optional<Images> optional(String name) {
    return arguments.has(name) ? Optional.of(images(name)) : Optional.empty();
  }

  private Images images(String name) {
    return images(arguments.path(name));
  }

  /** Bitmaps, or the one tensor. */
  static Images images(JsonNode given) {
    List<Bitmap> bitmaps = new ArrayList<>();
    for (JsonNode one : given.isArray() ? given : List.of(given)) {
      MadeInput made = MadeInput.of(one);
      String form = one.path("form").asText();
      if (!form.equals("pil")) {
        return Images.of(made.tensor(form.equals("signed")));
      }
      bitmaps.add(new Bitmap(made.width(), made.height(), made.channels(), made.pixels()));
    }
    return Images.of(bitmaps.toArray(Bitmap[]::new));
  }

  private List<ControlNetInput> controls(boolean several) {
    JsonNode pictures = arguments.path("control_image");
    List<ControlNetInput> controls = new ArrayList<>();
    for (int i = 0; i < (several ? pictures.size() : 1); i++) {
      JsonNode mode = item("control_mode", i);
      controls.add(
          new ControlNetInput(
              images(several ? pictures.path(i) : pictures),
              mode.isNumber() ? Optional.of(mode.asInt()) : Optional.empty(),
              item("controlnet_conditioning_scale", i).asDouble(1),
              item("control_guidance_start", i).asDouble(0),
              item("control_guidance_end", i).asDouble(1)));
    }
    return controls;
  }

  /** One of a list, or what stands instead of a list. */
  private JsonNode item(String name, int index) {
    JsonNode given = arguments.path(name);
    return given.isArray() ? given.path(index) : given;
  }

  private double strength(double byDefault) {
    return arguments.path("strength").asDouble(byDefault);
  }

  private Optional<Integer> crop() {
    return arguments.has("padding_mask_crop")
        ? Optional.of(arguments.path("padding_mask_crop").asInt())
        : Optional.empty();
  }

  private int maxArea() {
    return arguments.path("max_area").asInt(1024 * 1024);
  }

  private boolean autoResize() {
    return arguments.path("_auto_resize").asBoolean(true);
  }

  private List<String> texts(String name) {
    return each(arguments.path(name)).stream().map(JsonNode::asText).toList();
  }

  private static List<JsonNode> each(JsonNode node) {
    if (node.isMissingNode()) {
      return List.of();
    }
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false).toList()
        : List.of(node);
  }
}
