package dev.fluxbridge.providers.fal.webhook;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers requests within one process, up to a number; what was noted first is forgotten first.
 *
 * <p>Only what fal signed is ever noted, so a stranger cannot fill it. Safe for use by several
 * threads.
 */
public final class SeenInMemory implements SeenWebhooks {
  private final int most;
  private final InstantSource clock;
  private final Map<String, Instant> seen = new LinkedHashMap<>();

  /**
   * Room for so many requests; one takes about 200 bytes.
   *
   * @throws IllegalArgumentException if there is no room for one
   */
  public SeenInMemory(int most) {
    this(most, InstantSource.system());
  }

  SeenInMemory(int most, InstantSource clock) {
    if (most < 1) {
      throw new IllegalArgumentException("there must be room for one request at least");
    }
    this.most = most;
    this.clock = clock;
  }

  @Override
  public synchronized boolean note(String requestId, Instant until) {
    Instant now = clock.instant();
    Iterator<Instant> oldest = seen.values().iterator();
    while (oldest.hasNext() && !oldest.next().isAfter(now)) {
      oldest.remove();
    }
    Instant before = seen.get(requestId);
    if (before != null && before.isAfter(now)) {
      return false;
    }
    seen.remove(requestId);
    if (seen.size() >= most) {
      Iterator<Instant> first = seen.values().iterator();
      first.next();
      first.remove();
    }
    seen.put(requestId, until);
    return true;
  }

  @Override
  public synchronized void forget(String requestId) {
    seen.remove(requestId);
  }

  synchronized int size() {
    return seen.size();
  }
}
