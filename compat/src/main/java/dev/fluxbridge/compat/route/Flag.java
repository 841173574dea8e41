package dev.fluxbridge.compat.route;

/**
 * What somebody set, and where.
 *
 * @param value the text as set, for example {@code fal}
 * @param origin where it was set, in words for people, for example {@code environment variable
 *     FLUXBRIDGE_ROUTE_TEXT_TO_IMAGE}
 */
public record Flag(String value, String origin) {}
