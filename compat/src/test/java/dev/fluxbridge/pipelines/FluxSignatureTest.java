package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds {@link FluxArguments} against the signature that was read out of the Python class. */
class FluxSignatureTest {
  private static final JsonNode OLD = oldSignature();

  static JsonNode oldSignature() {
    try (var in = FluxSignatureTest.class.getResourceAsStream("flux-pipeline-signature.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void keepsEveryNameInTheOldOrder() {
    List<String> old =
        StreamSupport.stream(OLD.get("call").spliterator(), false)
            .map(p -> p.get("name").asText())
            .toList();
    assertThat(List.copyOf(FluxArguments.names())).isEqualTo(old);
  }

  @Test
  void keepsEveryDefault() {
    for (JsonNode parameter : OLD.get("call")) {
      assertThat(python(FluxArguments.defaultOf(parameter.get("name").asText())))
          .as(parameter.get("name").asText())
          .isEqualTo(parameter.get("default").asText());
    }
  }

  @Test
  void hasAMethodForEveryNameInCamelCase() {
    Set<String> methods =
        Arrays.stream(FluxArguments.class.getDeclaredMethods())
            .filter(
                m ->
                    Modifier.isPublic(m.getModifiers()) && m.getReturnType() == FluxArguments.class)
            .filter(m -> !Modifier.isStatic(m.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toSet());
    assertThat(methods)
        .containsExactlyInAnyOrderElementsOf(
            FluxArguments.names().stream().map(FluxSignatureTest::camel).toList());
  }

  @Test
  void everyMethodSetsTheArgumentOfItsName() throws ReflectiveOperationException {
    for (String name : FluxArguments.names()) {
      for (Method method : FluxArguments.class.getDeclaredMethods()) {
        if (method.getName().equals(camel(name)) && !Modifier.isStatic(method.getModifiers())) {
          Object value = sample(method.getParameterTypes()[0]);
          FluxArguments changed = (FluxArguments) method.invoke(new FluxArguments(), value);
          assertThat(changed.get(name)).as(method.toString()).isEqualTo(value);
        }
      }
    }
  }

  @Test
  void takesTheOldKeywordsAsTheyAre() {
    FluxArguments arguments = FluxArguments.of(Map.of("prompt", "a cat", "num_inference_steps", 4));
    assertThat(arguments.get("prompt")).isEqualTo("a cat");
    assertThat(arguments.get("num_inference_steps")).isEqualTo(4);
    assertThat(arguments.get("guidance_scale")).isEqualTo(3.5);
  }

  @Test
  void refusesAKeywordThatTheOldCallDidNotKnow() {
    assertThatThrownBy(() -> FluxArguments.of(Map.of("promt", "a cat")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("FluxPipeline.__call__() got an unexpected keyword argument 'promt'");
  }

  @Test
  void aCopyLeavesItsOriginalAlone() {
    FluxArguments original = new FluxArguments().prompt("one");
    original.prompt("two");
    assertThat(original.get("prompt")).isEqualTo("one");
  }

  @Test
  void neverShowsThePrompt() {
    assertThat(new FluxArguments().prompt("a secret wish").toString()).doesNotContain("secret");
  }

  private static Object sample(Class<?> type) {
    if (type == String.class) {
      return "x";
    }
    if (type == int.class || type == Integer.class) {
      return 7;
    }
    if (type == double.class) {
      return 0.25;
    }
    if (type == boolean.class) {
      return false;
    }
    if (type == List.class) {
      return List.of();
    }
    if (type == Map.class) {
      return Map.of();
    }
    if (type == Generator.class) {
      return new Generator();
    }
    if (type == StepCallback.class) {
      return (StepCallback) (pipe, index, timestep, tensors) -> tensors;
    }
    if (type == java.awt.image.BufferedImage.class) {
      return new java.awt.image.BufferedImage(1, 1, java.awt.image.BufferedImage.TYPE_INT_RGB);
    }
    return dev.fluxbridge.providers.Tensor.of(new float[1], 1);
  }

  private static String python(@Nullable Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof String text) {
      return "'" + text + "'";
    }
    return value instanceof List<?> list ? FluxChecks.pythonList(list) : value.toString();
  }

  private static String camel(String snake) {
    StringBuilder camel = new StringBuilder();
    for (String part : snake.split("_", -1)) {
      camel.append(
          camel.isEmpty()
              ? part
              : part.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + part.substring(1));
    }
    return camel.toString();
  }
}
