package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The old pipeline's {@code check_inputs}: same order, same texts, first failing one wins. Where
 * the old text held a prompt or a tensor's numbers, its kind and size stand instead: errors end up
 * in logs.
 *
 * <p>Source: diffusers 0.33.0, {@code FluxPipeline.check_inputs}.
 */
final class FluxChecks {
  static final List<String> CALLBACK_TENSOR_INPUTS = List.of("latents", "prompt_embeds");

  private FluxChecks() {}

  static void check(FluxArguments arguments) {
    Object prompt = arguments.get("prompt");
    Object prompt2 = arguments.get("prompt_2");
    Object embeds = arguments.get("prompt_embeds");
    Object negativeEmbeds = arguments.get("negative_prompt_embeds");

    checkCallbackTensorInputs(arguments.get("callback_on_step_end_tensor_inputs"));
    if (prompt != null && embeds != null) {
      throw both("prompt", prompt, "prompt_embeds", embeds);
    } else if (prompt2 != null && embeds != null) {
      throw both("prompt_2", prompt2, "prompt_embeds", embeds);
    } else if (prompt == null && embeds == null) {
      throw new IllegalArgumentException(
          "Provide either `prompt` or `prompt_embeds`. Cannot leave both `prompt` and `prompt_embeds` undefined.");
    } else if (prompt != null && !isText(prompt)) {
      throw new IllegalArgumentException(
          "`prompt` has to be of type `str` or `list` but is " + pythonType(prompt));
    } else if (prompt2 != null && !isText(prompt2)) {
      throw new IllegalArgumentException(
          "`prompt_2` has to be of type `str` or `list` but is " + pythonType(prompt2));
    }
    Object negative = arguments.get("negative_prompt");
    Object negative2 = arguments.get("negative_prompt_2");
    if (negative != null && negativeEmbeds != null) {
      throw both("negative_prompt", negative, "negative_prompt_embeds", negativeEmbeds);
    } else if (negative2 != null && negativeEmbeds != null) {
      throw both("negative_prompt_2", negative2, "negative_prompt_embeds", negativeEmbeds);
    }
    if (embeds instanceof Tensor positive
        && negativeEmbeds instanceof Tensor other
        && !positive.shape().equals(other.shape())) {
      throw new IllegalArgumentException(
          "`prompt_embeds` and `negative_prompt_embeds` must have the same shape when passed directly, but got: `prompt_embeds` %s != `negative_prompt_embeds` %s."
              .formatted(torchSize(positive), torchSize(other)));
    }
    checkPooled(embeds, arguments.get("pooled_prompt_embeds"), "");
    checkPooled(negativeEmbeds, arguments.get("negative_pooled_prompt_embeds"), "negative_");
    if (arguments.get("max_sequence_length") instanceof Number length && length.intValue() > 512) {
      throw new IllegalArgumentException(
          "`max_sequence_length` cannot be greater than 512 but is " + length);
    }
  }

  private static void checkCallbackTensorInputs(@Nullable Object names) {
    if (names instanceof List<?> list) {
      List<?> unknown =
          list.stream().filter(name -> !CALLBACK_TENSOR_INPUTS.contains(name)).toList();
      if (!unknown.isEmpty()) {
        throw new IllegalArgumentException(
            "`callback_on_step_end_tensor_inputs` has to be in %s, but found %s"
                .formatted(pythonList(CALLBACK_TENSOR_INPUTS), pythonList(unknown)));
      }
    }
  }

  private static void checkPooled(@Nullable Object embeds, @Nullable Object pooled, String prefix) {
    if (embeds != null && pooled == null) {
      throw new IllegalArgumentException(
          ("If `%1$sprompt_embeds` are provided, `%1$spooled_prompt_embeds` also have to be passed."
                  + " Make sure to generate `%1$spooled_prompt_embeds` from the same text encoder that was used to generate `%1$sprompt_embeds`.")
              .formatted(prefix));
    }
  }

  private static IllegalArgumentException both(
      String name, Object value, String other, Object otherValue) {
    return new IllegalArgumentException(
        "Cannot forward both `%s`: %s and `%s`: %s. Please make sure to only forward one of the two."
            .formatted(name, describe(value), other, describe(otherValue)));
  }

  private static boolean isText(Object value) {
    return value instanceof String || value instanceof List<?>;
  }

  private static String describe(Object value) {
    if (value instanceof String text) {
      return "<str of " + text.length() + " characters>";
    }
    if (value instanceof List<?> list) {
      return "<list of " + list.size() + ">";
    }
    return value instanceof Tensor tensor
        ? "<tensor of " + torchSize(tensor) + ">"
        : pythonType(value);
  }

  private static String torchSize(Tensor tensor) {
    return "torch.Size(" + tensor.shape() + ")";
  }

  static String pythonList(List<?> values) {
    return values.stream()
        .map(value -> "'" + value + "'")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String pythonType(Object value) {
    String name;
    if (value instanceof Integer || value instanceof Long) {
      name = "int";
    } else if (value instanceof Number) {
      name = "float";
    } else if (value instanceof Boolean) {
      name = "bool";
    } else if (value instanceof Map<?, ?>) {
      name = "dict";
    } else {
      name = value.getClass().getName();
    }
    return "<class '" + name + "'>";
  }
}
