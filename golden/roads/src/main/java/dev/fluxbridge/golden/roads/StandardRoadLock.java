package dev.fluxbridge.golden.roads;

import dev.fluxbridge.compat.Fluxbridge;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.junit.jupiter.api.parallel.Resources;

/** A test that borrows the process's standard roads runs while no other does. Stateless. */
final class StandardRoadLock implements ResourceLocksProvider {
  @Override
  public Set<Lock> provideForMethod(
      List<Class<?>> enclosing, Class<?> testClass, Method testMethod) {
    return borrows(testMethod)
        ? Set.of(new Lock(Resources.GLOBAL, ResourceAccessMode.READ_WRITE))
        : Set.of();
  }

  /** Whether its run is given no roads of its own. */
  static boolean borrows(Method testMethod) {
    return !Arrays.asList(testMethod.getParameterTypes()).contains(Fluxbridge.class);
  }
}
