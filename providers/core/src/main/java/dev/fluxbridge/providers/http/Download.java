package dev.fluxbridge.providers.http;

import dev.fluxbridge.providers.Picture;

/**
 * A picture file that passed the guard.
 *
 * @param picture the file as it came
 * @param width pixels, as its header says
 * @param height pixels, as its header says
 */
public record Download(Picture.Encoded picture, int width, int height) {}
