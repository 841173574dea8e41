package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * One thing asked of fal, once or as often as the policy lets.
 *
 * @param verb what is asked
 * @param authority whether the key goes along
 * @param request how, without key; the caller has made sure that the key may go there
 * @param what the same in words, for example {@code the submit to fal-ai/flux/dev}
 * @param handle the request that it is about, if there is one yet
 * @param doubts how often a failure that may be the request's own is asked for again
 */
record FalAsk(
    FalVerb verb,
    FalAuthority authority,
    HttpRequest request,
    String what,
    @Nullable FalHandle handle,
    int doubts) {

  /** With the key, as it is configured. */
  FalAsk(FalVerb verb, HttpRequest request, String what, @Nullable FalHandle handle) {
    this(verb, FalAuthority.AS_CONFIGURED, request, what, handle, 0);
  }

  /** The same, where such a failure is asked for again so often. */
  FalAsk doubting(int times) {
    return new FalAsk(verb, authority, request, what, handle, times);
  }

  /** The same, with the key or without it. */
  FalAsk with(FalAuthority other) {
    return new FalAsk(verb, other, request, what, handle, doubts);
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
