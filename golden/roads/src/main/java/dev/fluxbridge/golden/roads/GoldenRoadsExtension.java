package dev.fluxbridge.golden.roads;

import dev.fluxbridge.golden.GoldenException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Makes a run of each road, that of the golden first. It comes with {@link GoldenRoads}. */
final class GoldenRoadsExtension implements TestTemplateInvocationContextProvider {
  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getRequiredTestMethod(), GoldenRoads.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    GoldenRoads wanted =
        AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), GoldenRoads.class)
            .orElseThrow();
    Set<String> roads = new LinkedHashSet<>(Arrays.asList(wanted.value()));
    if (roads.isEmpty()) {
      throw new GoldenException("@GoldenRoads names no road: for example {\"local\", \"fal\"}");
    }
    return Stream.concat(
            roads.stream().filter(wanted.golden()::equals),
            roads.stream().filter(road -> !road.equals(wanted.golden())))
        .map(road -> new RoadRun(road, wanted));
  }
}
