/**
 * What an old call becomes at fal: which endpoint, with which fields, and what is not taken as it
 * was asked. Pure: it sends nothing and knows no client.
 *
 * <p>Start at {@link dev.fluxbridge.providers.fal.image.FalImagePlanner}.
 */
@NullMarked
package dev.fluxbridge.providers.fal.image;

import org.jspecify.annotations.NullMarked;
