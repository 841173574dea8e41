/**
 * What fal sends to a server of yours: whether it is really from fal, whether it came before, and
 * what it says. No web framework: headers and bytes go in.
 *
 * <p>Start at {@link dev.fluxbridge.providers.fal.webhook.WebhookVerifier}.
 */
@NullMarked
package dev.fluxbridge.providers.fal.webhook;

import org.jspecify.annotations.NullMarked;
