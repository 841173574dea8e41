package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What was asked for, as it stands in a golden: the old arguments by their old names. Pictures,
 * masks and tensors stand there by size and SHA-256. It is for people and for comparison; no call
 * can be made from it. Immutable and safe for use by several threads.
 *
 * @param arguments texts, numbers, booleans, lists and maps of these, by name
 */
public record Call(Map<String, Object> arguments) {
  private static final Pattern PROMPT = Pattern.compile("(negative_)?prompts?(_2)?");

  /** Nothing is known of the call. */
  public static final Call UNKNOWN = new Call(Map.of());

  /**
   * Sorts and copies.
   *
   * @throws IllegalArgumentException for a value that is none of the above, naming it
   */
  public Call {
    arguments = Plain.sorted(arguments, "");
  }

  /** Everything that the request holds. */
  public static Call of(ImageRequest request) {
    Map<String, Object> call = new TreeMap<>();
    call.put("pipeline", request.pipeline().facade());
    call.put("model", fileName(request.weights().model()));
    call.put("prompts", request.prompts().stream().map(Call::prompt).toList());
    request.embeddings().ifPresent(e -> embeddings(e, call));
    weights(request.weights(), call);
    edit(request.edit(), call);
    if (!request.controls().isEmpty()) {
      call.put("controls", request.controls().stream().map(Call::control).toList());
    }
    call.put("width", request.width());
    call.put("height", request.height());
    call.put("num_inference_steps", request.steps());
    call.put("guidance_scale", request.guidanceScale());
    call.put("true_cfg_scale", request.trueCfgScale());
    call.put("num_images_per_prompt", request.imagesPerPrompt());
    call.put("seeds", request.seeds().stream().map(Call::seed).toList());
    call.put("max_sequence_length", request.maxSequenceLength());
    call.put("output", request.output().name());
    if (!request.sigmas().isEmpty()) {
      call.put("sigmas", request.sigmas());
    }
    request.latents().ifPresent(latents -> call.put("latents", tensor(latents)));
    memory(request.memory(), call);
    return new Call(call);
  }

  /** The same with each prompt as its SHA-256, by whichever of the old names it stands there. */
  Call withoutPrompts() {
    Map<String, Object> call = new TreeMap<>(arguments);
    call.replaceAll((name, value) -> PROMPT.matcher(name).matches() ? hidden(value) : value);
    return new Call(call);
  }

  private static Object hidden(Object prompt) {
    if (prompt instanceof List<?> texts) {
      return texts.stream().map(Call::hidden).toList();
    }
    if (prompt instanceof Map<?, ?> texts) {
      Map<String, Object> hidden = new TreeMap<>();
      texts.forEach((name, text) -> hidden.put(name.toString(), hidden(text)));
      return hidden;
    }
    String text = prompt.toString();
    return text.startsWith("sha256:") ? text : "sha256:" + Sha256.of(text);
  }

  /**
   * In which arguments two calls differ, each as a short text without the values of prompts. Two of
   * which one is unknown differ in none, and a prompt is the same as its SHA-256.
   */
  List<String> differences(Call other) {
    if (arguments.isEmpty() || other.arguments.isEmpty()) {
      return List.of();
    }
    Map<String, Object> mine = withoutPrompts().arguments;
    Map<String, Object> theirs = other.withoutPrompts().arguments;
    List<String> differences = new ArrayList<>();
    TreeMap<String, Object> names = new TreeMap<>(mine);
    names.putAll(theirs);
    for (String name : names.keySet()) {
      Object before = mine.get(name);
      Object now = theirs.get(name);
      if (!String.valueOf(before).equals(String.valueOf(now))) {
        boolean plain = (before instanceof Number || now instanceof Number);
        differences.add(plain ? "%s was %s and is %s".formatted(name, before, now) : name);
      }
    }
    return differences;
  }

  private static Map<String, Object> prompt(Prompt prompt) {
    Map<String, Object> texts = new TreeMap<>();
    texts.put("prompt", prompt.text());
    prompt.second().ifPresent(text -> texts.put("prompt_2", text));
    prompt.negative().ifPresent(text -> texts.put("negative_prompt", text));
    prompt.negativeSecond().ifPresent(text -> texts.put("negative_prompt_2", text));
    return texts;
  }

  private static void embeddings(ImageRequest.Embeddings given, Map<String, Object> call) {
    call.put("prompt_embeds", tensor(given.prompt()));
    call.put("pooled_prompt_embeds", tensor(given.pooled()));
    given.negative().ifPresent(t -> call.put("negative_prompt_embeds", tensor(t)));
    given.negativePooled().ifPresent(t -> call.put("negative_pooled_prompt_embeds", tensor(t)));
  }

  private static void weights(Weights weights, Map<String, Object> call) {
    if (!weights.loras().isEmpty()) {
      call.put("loras", weights.loras().stream().map(Call::lora).toList());
      call.put("lora_scale", weights.loraScale());
    }
    if (!weights.controlNets().isEmpty()) {
      call.put("controlnets", weights.controlNets().stream().map(Call::fileName).toList());
    }
  }

  private static Map<String, Object> lora(Weights.Lora lora) {
    return Map.of(
        "source", fileName(lora.source()),
        "file", lora.file(),
        "adapter", lora.adapter(),
        "weight", lora.weight());
  }

  private static void edit(Edit edit, Map<String, Object> call) {
    if (edit.equals(Edit.NONE)) {
      return;
    }
    edit.image().ifPresent(images -> call.put("image", images(images)));
    edit.mask().ifPresent(images -> call.put("mask_image", images(images)));
    edit.reference().ifPresent(images -> call.put("image_reference", images(images)));
    edit.maskedImageLatents().ifPresent(t -> call.put("masked_image_latents", tensor(t)));
    edit.paddingMaskCrop().ifPresent(pixels -> call.put("padding_mask_crop", pixels));
    call.put("strength", edit.strength());
    call.put("max_area", edit.maxArea());
    call.put("auto_resize", edit.autoResize());
  }

  private static Map<String, Object> control(Control control) {
    Map<String, Object> values = new TreeMap<>();
    values.put("control_image", images(control.image()));
    control.mode().ifPresent(mode -> values.put("control_mode", mode));
    values.put("controlnet_conditioning_scale", control.scale());
    values.put("control_guidance_start", control.start());
    values.put("control_guidance_end", control.end());
    return values;
  }

  private static Object seed(Seed seed) {
    return seed.drawn() == 0 ? seed.value() : Map.of("seed", seed.value(), "drawn", seed.drawn());
  }

  private static void memory(MemorySaving memory, Map<String, Object> call) {
    if (!memory.equals(MemorySaving.NONE)) {
      call.put("model_cpu_offload", memory.offload());
      call.put("vae_slicing", memory.vaeSlicing());
      call.put("vae_tiling", memory.vaeTiling());
    }
  }

  private static List<Object> images(Images images) {
    return images instanceof Images.Bitmaps given
        ? given.bitmaps().stream().<Object>map(Call::bitmap).toList()
        : List.of(tensor(((Images.Values) images).tensor()));
  }

  private static String bitmap(Bitmap picture) {
    return "%dx%d, %d channels, sha256:%s"
        .formatted(
            picture.width(), picture.height(), picture.channels(), Sha256.of(picture.pixels()));
  }

  private static String tensor(Tensor tensor) {
    return "shape %s, sha256:%s".formatted(tensor.shape(), Sha256.of(tensor.values()));
  }

  /** A golden names no folder of the machine that it was taken on. */
  static String fileName(String model) {
    return Optional.of(model)
        .filter(name -> name.startsWith("/") || name.startsWith("\\") || name.indexOf(':') == 1)
        .map(name -> name.replaceAll(".*[/\\\\](?=[^/\\\\])", "").replaceAll("[/\\\\]+$", ""))
        .orElse(model);
  }

  /** Tells the names only: prompts stay out of logs. */
  @Override
  public String toString() {
    return "Call" + Collections.unmodifiableSet(arguments.keySet());
  }
}
