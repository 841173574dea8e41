package dev.fluxbridge.providers.http;

import okhttp3.Call;
import okhttp3.EventListener;

/** Watches one call for the moment from which the server may have seen it. */
final class Delivery extends EventListener {
  private volatile boolean begun;

  /** Whether a byte of the request may have left. */
  boolean begun() {
    return begun;
  }

  // The headers go out first, so nothing can have been delivered before OkHttp starts on them.
  @Override
  public void requestHeadersStart(Call call) {
    begun = true;
  }
}
