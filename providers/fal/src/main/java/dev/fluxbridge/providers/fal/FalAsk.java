package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * One thing asked of fal, once or as often as the policy lets.
 *
 * @param verb what is asked
 * @param request how, without key; the caller has made sure that the key may go there
 * @param what the same in words, for example {@code the submit to fal-ai/flux/dev}
 * @param handle the request that it is about, if there is one yet
 * @param doubts how often a failure that may be the request's own is asked for again
 */
record FalAsk(
    FalVerb verb, HttpRequest request, String what, @Nullable FalHandle handle, int doubts) {

  FalAsk(FalVerb verb, HttpRequest request, String what, @Nullable FalHandle handle) {
    this(verb, request, what, handle, 0);
  }

  @Nullable String requestId() {
    return handle == null ? null : handle.requestId();
  }

  /** The same in words, where it is known that fal has not taken it in. */
  String notTaken() {
    return verb.starts() ? what + " (nothing was accepted)" : what;
  }

  /** Tells what, and nothing that is sent. */
  @Override
  public String toString() {
    return what;
  }
}
