/**
 * fal.ai: its queue, direct calls, streams and realtime as a client, and the image backend over it.
 * Third-party types, JSON included, show in no public signature.
 *
 * <p>Start at {@link dev.fluxbridge.providers.fal.FalImageBackend} for pictures and at {@link
 * dev.fluxbridge.providers.fal.FalClient} for any other endpoint.
 */
@NullMarked
package dev.fluxbridge.providers.fal;

import org.jspecify.annotations.NullMarked;
