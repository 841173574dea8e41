/**
 * What an old call becomes at fal: which endpoint, with which fields, and what is not taken as it
 * was asked. Pure: it sends nothing and knows no client.
 *
 * <p>Start at {@link dev.fluxbridge.providers.fal.image.FalImagePlanner}; what becomes of each
 * argument is written in {@link dev.fluxbridge.providers.fal.image.FalLedger}.
 */
@NullMarked
package dev.fluxbridge.providers.fal.image;

import org.jspecify.annotations.NullMarked;
