package dev.fluxbridge.providers;

/**
 * The size of a picture.
 *
 * @param width pixels
 * @param height pixels
 */
public record Size(int width, int height) {}
