package dev.fluxbridge.golden;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The test that runs on this thread, as the extension says, and what it asked for. */
final class RunningTest {
  private static final ThreadLocal<@Nullable RunningTest> CURRENT = new ThreadLocal<>();

  private final String testClass;
  private final String method;
  private final String name;
  private final String invocation;
  private final String road;
  private final String drawnOn;
  private final Set<String> askedInClass;
  private final Set<String> asked;

  private RunningTest(
      String testClass,
      String method,
      String name,
      String invocation,
      String road,
      String drawnOn,
      Set<String> askedInClass,
      Set<String> asked) {
    this.testClass = testClass;
    this.method = method;
    this.name = name;
    this.invocation = invocation;
    this.road = road;
    this.drawnOn = drawnOn;
    this.askedInClass = askedInClass;
    this.asked = asked;
  }

  RunningTest(
      String testClass,
      String method,
      String name,
      String invocation,
      String road,
      Set<String> askedInClass) {
    this(
        testClass, method, name, invocation, road, "", askedInClass, ConcurrentHashMap.newKeySet());
  }

  /** The same as one of several runs, each on a road of its own, which share a golden. */
  RunningTest on(String itsRoad, String goldenRoad) {
    return new RunningTest(testClass, method, name, "", goldenRoad, itsRoad, askedInClass, asked);
  }

  static Optional<RunningTest> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  static void enter(RunningTest test) {
    CURRENT.set(test);
  }

  static void leave() {
    CURRENT.remove();
  }

  /** A golden of this name was asked for. */
  void ask(String golden) {
    asked.add(golden);
    askedInClass.add(golden);
  }

  String testClass() {
    return testClass;
  }

  /** The name of a golden that was given none. */
  String name() {
    return name + invocation;
  }

  /** The road whose golden holds; empty for the one that drew. */
  String road() {
    return road;
  }

  /** The road that alone may draw in this run; empty where any may. */
  String drawnOn() {
    return drawnOn;
  }

  boolean askedForNothing() {
    return asked.isEmpty();
  }

  boolean askedFor(String golden) {
    return asked.contains(golden);
  }

  String id() {
    return testClass + "#" + method;
  }
}
