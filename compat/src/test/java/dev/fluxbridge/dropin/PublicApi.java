package dev.fluxbridge.dropin;

import dev.fluxbridge.pipelines.FluxPipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What old callers can see of the facades, as Java source without bodies: one unit a type, behind a
 * line that names it.
 */
final class PublicApi {
  /** Begins the line that names a type. */
  static final String UNIT = "// ";

  private static final List<String> PACKAGES =
      List.of("dev.fluxbridge.pipelines", "dev.fluxbridge.pipelines.arguments");

  private PublicApi() {}

  /** Everything that is public, in the order of the names. */
  static String printed() {
    return types().stream().map(PublicApi::unit).collect(Collectors.joining("\n"));
  }

  static List<Class<?>> types() {
    List<Class<?>> types = new ArrayList<>();
    try {
      Path root =
          Path.of(FluxPipeline.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      for (String name : PACKAGES) {
        try (Stream<Path> files = Files.list(root.resolve(name.replace('.', '/')))) {
          for (String file : files.map(path -> path.getFileName().toString()).toList()) {
            if (file.endsWith(".class") && !file.startsWith("package-info")) {
              types.add(Class.forName(name + "." + file.replace(".class", "")));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException | java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return types.stream()
        .filter(type -> Modifier.isPublic(type.getModifiers()))
        .sorted(Comparator.comparing(Class::getName))
        .toList();
  }

  private static String unit(Class<?> type) {
    StringBuilder text = new StringBuilder();
    text.append(UNIT).append(type.getName()).append('\n');
    text.append("package ").append(type.getPackageName()).append(";\n");
    text.append(heading(type)).append(" {\n");
    members(type).sorted().forEach(member -> text.append("  ").append(member).append('\n'));
    return text.append("}\n").toString();
  }

  private static String heading(Class<?> type) {
    StringBuilder text = new StringBuilder("public ");
    if (type.isInterface()) {
      text.append("interface ");
    } else {
      if (Modifier.isAbstract(type.getModifiers())) {
        text.append("abstract ");
      }
      text.append(type.isSealed() ? "sealed " : "");
      text.append(Modifier.isFinal(type.getModifiers()) ? "final " : "").append("class ");
    }
    text.append(type.getSimpleName()).append(variables(type.getTypeParameters()));
    if (type.getSuperclass() != null && type.getSuperclass() != Object.class) {
      text.append(" extends ").append(name(type.getGenericSuperclass()));
    }
    if (type.getGenericInterfaces().length > 0) {
      text.append(type.isInterface() ? " extends " : " implements ")
          .append(names(type.getGenericInterfaces()));
    }
    if (type.isSealed()) {
      text.append(" permits ").append(names(type.getPermittedSubclasses()));
    }
    return text.toString();
  }

  private static Stream<String> members(Class<?> type) {
    Stream<String> constructors =
        Arrays.stream(type.getDeclaredConstructors())
            .filter(constructor -> isVisible(constructor.getModifiers()))
            .map(PublicApi::constructor);
    Stream<String> methods =
        Arrays.stream(type.getDeclaredMethods())
            .filter(method -> isVisible(method.getModifiers()) && !method.isSynthetic())
            .map(PublicApi::method);
    return Stream.concat(constructors, methods);
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String constructor(Constructor<?> constructor) {
    return "public %s(%s);"
        .formatted(
            constructor.getDeclaringClass().getSimpleName(),
            parameters(constructor.getParameters()));
  }

  private static String method(Method method) {
    String modifiers =
        method.isDefault()
            ? "public default "
            : Modifier.toString(method.getModifiers() & ~Modifier.TRANSIENT & ~Modifier.VOLATILE)
                + " ";
    String variables = variables(method.getTypeParameters());
    return "%s%s%s %s(%s);"
        .formatted(
            modifiers,
            variables.isEmpty() ? "" : variables + " ",
            name(method.getGenericReturnType()),
            method.getName(),
            parameters(method.getParameters()));
  }

  private static String parameters(Parameter[] parameters) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < parameters.length; i++) {
      texts.add(name(parameters[i].getParameterizedType()) + " p" + i);
    }
    return String.join(", ", texts);
  }

  private static String variables(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : Arrays.stream(variables)
            .map(
                variable ->
                    variable.getName()
                        + (variable.getBounds()[0] == Object.class
                            ? ""
                            : " extends " + names(variable.getBounds())))
            .collect(Collectors.joining(", ", "<", ">"));
  }

  private static String names(Type... types) {
    return Arrays.stream(types).map(PublicApi::name).collect(Collectors.joining(", "));
  }

  private static String name(Type type) {
    return type.getTypeName().replace("java.lang.", "").replace('$', '.');
  }
}
