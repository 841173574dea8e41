package dev.fluxbridge.compat.route;

/**
 * The road of one call.
 *
 * @param backend the backend's name
 * @param because why, in words for people
 */
public record Route(String backend, String because) {}
