/**
 * The bridge to OpenAI's backend, which is an artifact of its own: the only package that names it.
 * Nobody names this one, it is found as a service, so that both can be missing.
 *
 * <p>Start at {@link dev.fluxbridge.compat.openai.OpenAiBackendFactory}.
 */
@NullMarked
package dev.fluxbridge.compat.openai;

import org.jspecify.annotations.NullMarked;
