package dev.fluxbridge.providers.http;

import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;

/** Watches one call for the moment from which the server may have seen it. */
final class Delivery extends EventListener {
  /** Told of each connection that a call takes and gives back: the tests count them. */
  static volatile Watch watch = (call, connection, taken) -> {};

  private volatile boolean begun;

  /** Sees connections come and go. */
  @FunctionalInterface
  interface Watch {
    void moved(Call call, Connection connection, boolean taken);
  }

  /** Whether a byte of the request may have left. */
  boolean begun() {
    return begun;
  }

  // The headers go out first, so nothing can have been delivered before OkHttp starts on them.
  @Override
  public void requestHeadersStart(Call call) {
    begun = true;
  }

  @Override
  public void connectionAcquired(Call call, Connection connection) {
    watch.moved(call, connection, true);
  }

  @Override
  public void connectionReleased(Call call, Connection connection) {
    watch.moved(call, connection, false);
  }
}
