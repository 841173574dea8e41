package dev.fluxbridge.compat.openfeature;

import dev.fluxbridge.compat.route.Flag;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.Value;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One flag of a client: for the same value it gives the same {@link Flag}, and what it said last
 * where the client fails. Safe for use by several threads.
 */
final class EvaluatedFlag {
  /** A flag has a few values; more than these are a mistake. */
  private static final int VALUES = 64;

  /** A power of two. Of so many keys what they need is kept; two on one place take turns. */
  private static final int CALLERS = 4096;

  /** Failures that are closer together than this are one failure. */
  private static final Duration QUIET = Duration.ofMinutes(1);

  /** Stands for what was never said. */
  private static final Flag NEVER = new Flag("", "");

  private final Client client;
  private final String name;
  private final Map<String, Value> attributes;
  private final Map<String, Flag> values = new ConcurrentHashMap<>();
  private final Caller nobody;
  private final AtomicReferenceArray<@Nullable Caller> callers =
      new AtomicReferenceArray<>(CALLERS);

  /**
   * Of the key that was here last its hash. Only a key that comes again is kept: keeping costs more
   * than it saves where every call has a new one.
   */
  private final int[] seen = new int[CALLERS];

  private final LongSupplier nanos;
  private final Consumer<String> alarm;
  private boolean failed;
  private long failedAt;

  /** Of whichever key, for keys of which nothing is known. Which thread wrote it matters not. */
  private @Nullable Flag last;

  /**
   * @param nanos the steady clock
   * @param alarm told once of each failure
   */
  EvaluatedFlag(
      Client client,
      String name,
      Map<String, Value> attributes,
      LongSupplier nanos,
      Consumer<String> alarm) {
    this.nanos = nanos;
    this.alarm = alarm;
    this.client = client;
    this.name = name;
    this.attributes = attributes;
    this.nobody = new Caller(null, new ImmutableContext(attributes));
  }

  /** What it says to a routing key, or null if nobody set it. */
  @Nullable Flag evaluate(@Nullable String routingKey) {
    Caller caller = routingKey == null ? nobody : caller(routingKey);
    FlagEvaluationDetails<String> details;
    try {
      details = client.getStringDetails(name, "", caller.context);
    } catch (RuntimeException e) {
      return failed(caller, ErrorCode.GENERAL);
    }
    ErrorCode error = details.getErrorCode();
    if (error != null && error != ErrorCode.FLAG_NOT_FOUND) {
      return failed(caller, error);
    }
    Flag flag = error == null ? flag(details.getValue()) : null;
    if (!Objects.equals(caller.last, flag)) {
      caller.last = flag;
      last = flag;
    }
    return flag;
  }

  private @Nullable Flag failed(Caller caller, ErrorCode error) {
    tell(error);
    Flag known = caller.last;
    if (!NEVER.equals(known)) {
      return known;
    }
    // What another key was told is no answer for a call that should have brought one.
    return error == ErrorCode.TARGETING_KEY_MISSING ? null : last;
  }

  /** The provider's own words are left out: they may hold the key. */
  private synchronized void tell(ErrorCode error) {
    long now = nanos.getAsLong();
    if (!failed || now - failedAt > QUIET.toNanos()) {
      alarm.accept(
          "OpenFeature cannot evaluate %s (%s). What it said before goes on, and this is not said again until all was well for a while"
              .formatted(name, error));
    }
    failed = true;
    failedAt = now;
  }

  private @Nullable Flag flag(@Nullable String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    Flag newest = last;
    if (newest != null && value.equals(newest.value())) {
      return newest;
    }
    Flag known = values.get(value);
    if (known != null) {
      return known;
    }
    if (values.size() >= VALUES) {
      values.clear();
    }
    return values.computeIfAbsent(
        value, said -> new Flag(said.strip(), "OpenFeature flag " + name));
  }

  private Caller caller(String key) {
    int hash = key.hashCode();
    int place = place(hash);
    Caller known = callers.getAcquire(place);
    if (known != null && key.equals(known.key)) {
      return known;
    }
    Caller other = new Caller(key, new ImmutableContext(key, attributes));
    if (seen[place] == hash) {
      callers.setRelease(place, other);
    } else {
      seen[place] = hash;
    }
    return other;
  }

  /** Spread as hash maps do it: keys that are counted up differ in their last bits only. */
  private static int place(int hash) {
    return (hash ^ hash >>> 16) & CALLERS - 1;
  }

  /** Whose call it is, as OpenFeature wants it, and what it was told last. */
  private static final class Caller {
    private final @Nullable String key;
    private final ImmutableContext context;

    /** Which thread wrote it matters not. */
    private @Nullable Flag last = NEVER;

    private Caller(@Nullable String key, ImmutableContext context) {
      this.key = key;
      this.context = context;
    }
  }
}
