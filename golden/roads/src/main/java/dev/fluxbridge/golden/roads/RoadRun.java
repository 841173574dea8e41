package dev.fluxbridge.golden.roads;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.route.Router;
import dev.fluxbridge.golden.Golden;
import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.golden.GoldenExtension;
import dev.fluxbridge.golden.Place;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** One run of a test on one road. */
final class RoadRun
    implements TestTemplateInvocationContext,
        BeforeEachCallback,
        ParameterResolver,
        TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler,
        AfterTestExecutionCallback,
        AfterEachCallback {
  private final String road;
  private final GoldenRoads wanted;
  private @Nullable OpenRoad open;
  private boolean borrowed;
  private @Nullable Fluxbridge standardBefore;

  RoadRun(String road, GoldenRoads wanted) {
    this.road = road;
    this.wanted = wanted;
  }

  @Override
  public String getDisplayName(int index) {
    return road;
  }

  @Override
  public List<Extension> getAdditionalExtensions() {
    return List.of(this);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    GoldenExtension.runsOn(road, wanted.golden());
    Method method = context.getRequiredTestMethod();
    RoadSettings settings = RoadSettings.of(wanted.settings(), System.getenv());
    requireInstalled(settings);
    open = OpenRoad.open(road, place(context, method), settings);
    if (StandardRoadLock.borrows(method)) {
      standardBefore = Fluxbridge.replaceStandard(open.fluxbridge());
      borrowed = true;
    }
  }

  private static Place place(ExtensionContext context, Method method) {
    String name =
        AnnotationSupport.findAnnotation(method, Golden.class)
            .map(Golden::value)
            .filter(value -> !value.isEmpty())
            .orElse(method.getName());
    return new Place(context.getRequiredTestClass().getName(), name);
  }

  /** The old road is allowed to be gone: what it drew last still holds. */
  private void requireInstalled(RoadSettings settings) {
    if (!Router.KNOWN.contains(road)) {
      throw new GoldenException(
          "@GoldenRoads names the road '%s', and there are %s".formatted(road, Router.KNOWN));
    }
    try (Fluxbridge fluxbridge = Fluxbridge.of(settings.on(road, Edge.NONE))) {
      if (!OpenRoad.installed(road, fluxbridge)) {
        Assumptions.assumeFalse(
            road.equals("local"),
            "the local road is not installed any more; its golden holds the others all the same");
        throw new GoldenException(
            "@GoldenRoads names the road '%s', which is not on the class path: add the artifact fluxbridge-providers-%s"
                .formatted(road, road));
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Fluxbridge.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return opened().fluxbridge();
  }

  private OpenRoad opened() {
    return Objects.requireNonNull(open, "the run has begun");
  }

  /** What was asked in vain says more than what came of it. */
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    if (!(failure instanceof TestAbortedException)) {
      RuntimeException told = opened().ended(failure).orElse(null);
      if (told != null) {
        throw told;
      }
    }
    throw failure;
  }

  /** A call in a method of {@code BeforeEach} is a call of the test. */
  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    handleTestExecutionException(context, failure);
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isEmpty()) {
      opened()
          .ended(null)
          .ifPresent(
              told -> {
                throw told;
              });
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (borrowed) {
      var unused = Fluxbridge.replaceStandard(standardBefore);
    }
    if (open != null) {
      open.close();
    }
  }
}
