/**
 * OpenAI's image models as a backend, over openai-java's requests, replies and errors and our own
 * transport. Third-party types show in no public signature.
 *
 * <p>Start at {@link dev.fluxbridge.providers.openai.OpenAiImageBackend}.
 */
@NullMarked
package dev.fluxbridge.providers.openai;

import org.jspecify.annotations.NullMarked;
