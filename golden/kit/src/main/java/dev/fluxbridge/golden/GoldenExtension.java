package dev.fluxbridge.golden;

import dev.fluxbridge.golden.GoldenReport.Case;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells comparisons which test runs, so that goldens need no names, and finds goldens that nobody
 * asks for: after a class of which every test ran and none failed, and after the run those of
 * classes that are gone. It comes with {@link Golden}. Safe for tests that run in parallel.
 */
public final class GoldenExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final Logger LOG = LoggerFactory.getLogger(GoldenExtension.class);
  private static final Namespace NAMESPACE = Namespace.create(GoldenExtension.class);
  private static final Pattern INVOCATION = Pattern.compile("-invocation:#(\\d+)\\]");

  /** JUnit makes it. */
  public GoldenExtension() {}

  /** What a class asked for. */
  private static final class ClassRun {
    final Set<String> asked = ConcurrentHashMap.newKeySet();
    final Set<Method> ran = ConcurrentHashMap.newKeySet();
    volatile boolean failed;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Class<?> testClass = context.getRequiredTestClass();
    context.getStore(NAMESPACE).put(testClass, new ClassRun());
    context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            LostClasses.class,
            once -> new LostClasses(GoldenStore.standard(), testClass.getClassLoader()));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    String testClass = context.getRequiredTestClass().getName();
    Optional<Golden> golden = onMethod(context);
    String name =
        golden
            .map(Golden::value)
            .filter(value -> !value.isEmpty())
            .orElse(context.getRequiredTestMethod().getName());
    String road =
        golden
            .or(
                () ->
                    AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Golden.class))
            .map(Golden::road)
            .orElse("");
    Set<String> asked =
        classRun(context).map(run -> run.asked).orElseGet(ConcurrentHashMap::newKeySet);
    RunningTest.enter(
        new RunningTest(
            testClass,
            context.getRequiredTestMethod().getName(),
            name,
            invocation(context),
            road,
            asked));
  }

  /**
   * For extensions that run one test body on several roads: says that the test of this thread now
   * runs on this one. Its golden is named as if it ran once and is that of {@code goldenRoad}; what
   * another road drew is refused, and so never compared by mistake. Called after this extension's
   * own {@link #beforeEach}.
   *
   * @throws GoldenException if no test runs on this thread
   */
  public static void runsOn(String road, String goldenRoad) {
    RunningTest test =
        RunningTest.current()
            .orElseThrow(() -> new GoldenException("nobody says which test runs: add @Golden"));
    RunningTest.enter(test.on(road, goldenRoad));
  }

  /** Each run of a parameterized or repeated test has a golden of its own. */
  private static String invocation(ExtensionContext context) {
    Matcher number = INVOCATION.matcher(context.getUniqueId());
    return number.find() ? "-" + number.group(1) : "";
  }

  @Override
  public void afterEach(ExtensionContext context) {
    boolean nothing = RunningTest.current().map(RunningTest::askedForNothing).orElse(true);
    RunningTest.leave();
    boolean failed = context.getExecutionException().isPresent();
    classRun(context)
        .ifPresent(
            run -> {
              run.ran.add(context.getRequiredTestMethod());
              run.failed |= failed;
            });
    if (nothing && !failed && onMethod(context).isPresent()) {
      throw new AssertionError(
          "%s is marked @Golden and held nothing to a golden: end it with assertThat(...).matchesGolden()"
              .formatted(context.getRequiredTestMethod().getName()));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Class<?> testClass = context.getRequiredTestClass();
    Optional<ClassRun> run = classRun(context);
    if (run.isEmpty() || run.get().failed || !run.get().ran.containsAll(tests(testClass))) {
      return;
    }
    GoldenStore store = GoldenStore.standard();
    List<String> obsolete =
        store.names(testClass.getName()).stream()
            .filter(name -> !run.get().asked.contains(name))
            .toList();
    for (String name : obsolete) {
      Place place = new Place(testClass.getName(), name);
      String message =
          "no test of %s asks for the golden '%s' any more: delete %s"
              .formatted(testClass.getName(), name, store.folder(place, "").normalize());
      LOG.warn("{}", message);
      GoldenReport.standard().add(Case.of(Status.OBSOLETE, place, "", "", message));
    }
    if (!obsolete.isEmpty() && GoldenSettings.obsoleteFails()) {
      throw new AssertionError(
          "no test of %s asks for these goldens any more, so delete their folders in %s: %s"
              .formatted(testClass.getName(), store, obsolete));
    }
  }

  private static Set<Method> tests(Class<?> testClass) {
    return AnnotationSupport.findAnnotatedMethods(
            testClass, Testable.class, HierarchyTraversalMode.TOP_DOWN)
        .stream()
        .collect(Collectors.toSet());
  }

  private static Optional<Golden> onMethod(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Golden.class);
  }

  /** Empty where the extension is on single methods. */
  private static Optional<ClassRun> classRun(ExtensionContext context) {
    return Optional.ofNullable(
        context.getStore(NAMESPACE).get(context.getRequiredTestClass(), ClassRun.class));
  }
}
