package dev.fluxbridge.compat;

import java.lang.StackWalker.StackFrame;
import java.security.CodeSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells each place of the callers' code that still draws on the local road in the second phase,
 * once for a place and not once for a call.
 */
final class DeprecatedCalls {
  private static final Logger log = LoggerFactory.getLogger(DeprecatedCalls.class);

  /** Generated code can have places without end; nobody reads more warnings than these. */
  private static final int MOST = 1000;

  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private static final @Nullable CodeSource OURS =
      DeprecatedCalls.class.getProtectionDomain().getCodeSource();

  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** Called on the caller's thread. */
  void warn(String because) {
    String place =
        STACK.walk(
            frames ->
                frames
                    .filter(frame -> !isOurs(frame))
                    .findFirst()
                    .map(frame -> frame.toStackTraceElement().toString())
                    .orElse("an unknown place"));
    if (told.size() < MOST && told.add(place)) {
      log.warn(
          "{} still draws on the local road, which is deprecated in phase 2: {}", place, because);
    }
  }

  /** The places so far, as stack traces name them. */
  Set<String> places() {
    return Set.copyOf(told);
  }

  /** The facades lie in one jar with this class; the JDK's frames are those of reflection. */
  private static boolean isOurs(StackFrame frame) {
    Class<?> type = frame.getDeclaringClass();
    return type.getName().startsWith("java.")
        || type.getName().startsWith("jdk.")
        || (OURS != null && OURS.equals(type.getProtectionDomain().getCodeSource()));
  }
}
