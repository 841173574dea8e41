package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.pipelines.arguments.Takes;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds every facade against the signature that was read out of its Python class. */
class SignatureTest {
  private static final Set<String> NOT_ARGUMENTS = Set.of("with", "withAll", "routingKey");

  @Test
  void everyOldClassHasAFacade() {
    assertThat(OldSignatures.count()).isEqualTo(Pipeline.values().length);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void keepsEveryNameInTheOldOrder(Pipeline pipeline) {
    List<String> old =
        StreamSupport.stream(OldSignatures.of(pipeline).get("call").spliterator(), false)
            .map(parameter -> parameter.get("name").asText())
            .toList();
    assertThat(List.copyOf(Signature.of(pipeline).names())).isEqualTo(old);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void keepsEveryDefault(Pipeline pipeline) {
    for (JsonNode parameter : OldSignatures.of(pipeline).get("call")) {
      String name = parameter.get("name").asText();
      assertThat(OldSignatures.python(Signature.of(pipeline).defaultOf(name)))
          .as(name)
          .isEqualTo(parameter.get("default").asText());
      assertThat(Facades.arguments(pipeline).get(name))
          .as(name)
          .isEqualTo(Signature.of(pipeline).defaultOf(name));
    }
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void showsTheCallbackTheOldTensors(Pipeline pipeline) {
    List<String> old = new ArrayList<>();
    OldSignatures.of(pipeline).get("callback_tensor_inputs").forEach(n -> old.add(n.asText()));
    assertThat(Signature.of(pipeline).callbackTensorInputs()).isEqualTo(old);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void hasAMethodForEveryNameInCamelCaseAndNoOther(Pipeline pipeline) {
    Set<String> methods =
        setters(pipeline).stream().map(Method::getName).collect(Collectors.toSet());
    assertThat(methods)
        .containsExactlyInAnyOrderElementsOf(
            Signature.of(pipeline).names().stream().map(OldSignatures::camel).toList());
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void everyMethodSetsTheArgumentOfItsName(Pipeline pipeline) throws ReflectiveOperationException {
    PipelineArguments<?> defaults = Facades.arguments(pipeline);
    for (Method method : setters(pipeline)) {
      String name =
          Signature.of(pipeline).names().stream()
              .filter(snake -> OldSignatures.camel(snake).equals(method.getName()))
              .findFirst()
              .orElseThrow();
      Object value = sample(method.getParameterTypes()[0]);
      PipelineArguments<?> changed = (PipelineArguments<?>) method.invoke(defaults, value);
      assertThat(changed).isInstanceOf(defaults.getClass());
      assertThat(changed.get(name)).as(method.toString()).isEqualTo(value);
      assertThat(defaults.get(name)).isEqualTo(Signature.of(pipeline).defaultOf(name));
    }
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void refusesAKeywordThatTheOldCallDidNotKnow(Pipeline pipeline) {
    PipelineArguments<?> defaults = Facades.arguments(pipeline);
    assertThat(Signature.of(pipeline).swallowsUnknown())
        .isEqualTo(OldSignatures.of(pipeline).get("swallows").asBoolean());
    if (Signature.of(pipeline).swallowsUnknown()) {
      assertThat(defaults.withAll(Map.of("promt", "a cat")).swallowed()).containsExactly("promt");
      return;
    }
    String old =
        OldSignatures.of(pipeline).get("class").asText().replaceFirst(".*\\.", "")
            + ".__call__() got an unexpected keyword argument 'promt'";
    assertThatThrownBy(() -> defaults.withAll(Map.of("promt", "a cat")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(old);
    assertThatThrownBy(() -> defaults.with("promt", "a cat")).hasMessage(old);
  }

  @Test
  void takesTheOldKeywordsAsTheyAre() {
    FluxFillArguments arguments =
        FluxFillArguments.of(Map.of("prompt", "a cat", "num_inference_steps", 4));
    assertThat(arguments.get("prompt")).isEqualTo("a cat");
    assertThat(arguments.get("num_inference_steps")).isEqualTo(4);
    assertThat(arguments.get("guidance_scale")).isEqualTo(30.0);
  }

  @Test
  void neverShowsThePrompt() {
    assertThat(new FluxArguments().prompt("a secret wish").toString()).doesNotContain("secret");
  }

  /** Without the bridges that a generic parent needs. */
  private static List<Method> setters(Pipeline pipeline) {
    return Arrays.stream(Facades.arguments(pipeline).getClass().getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
        .filter(method -> method.getParameterCount() == 1)
        .filter(
            method ->
                Takes.class.isAssignableFrom(method.getReturnType())
                    || method.getReturnType() == Object.class)
        .filter(method -> !NOT_ARGUMENTS.contains(method.getName()))
        .toList();
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
    if (type == BufferedImage.class) {
      return new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    }
    return Tensor.of(new float[1], 1);
  }
}
