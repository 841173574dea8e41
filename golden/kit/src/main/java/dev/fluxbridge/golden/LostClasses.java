package dev.fluxbridge.golden;

import dev.fluxbridge.golden.GoldenReport.Case;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** At the end of a test run, finds goldens of test classes that are gone. For one run. */
final class LostClasses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LostClasses.class);

  private final GoldenStore store;
  private final ClassLoader tests;

  LostClasses(GoldenStore store, ClassLoader tests) {
    this.store = store;
    this.tests = tests;
  }

  /**
   * JUnit calls it when every test has run.
   *
   * @throws AssertionError if there are some and obsolete goldens are to fail
   */
  @Override
  public void close() {
    List<String> lost = store.testClasses().stream().filter(name -> !exists(name)).toList();
    for (String testClass : lost) {
      for (String name : store.names(testClass)) {
        Place place = new Place(testClass, name);
        String message =
            "the test class %s is gone, and its golden '%s' is not: delete %s"
                .formatted(testClass, name, store.folder(place, "").normalize());
        LOG.warn("{}", message);
        GoldenReport.standard().add(Case.of(Status.OBSOLETE, place, "", "", message));
      }
    }
    if (!lost.isEmpty() && GoldenSettings.obsoleteFails()) {
      throw new AssertionError(
          "these test classes are gone, so delete their folders in %s: %s".formatted(store, lost));
    }
  }

  private boolean exists(String name) {
    try {
      Class.forName(name, false, tests);
      return true;
    } catch (ClassNotFoundException gone) {
      return false;
    } catch (LinkageError broken) {
      return true;
    }
  }
}
